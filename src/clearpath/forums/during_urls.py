"""Addresses of a forum while it runs and of what became of it."""

from django.urls import path

from clearpath.forums import agenda_page, board_page, rating_page, report_page

urlpatterns = [
    path("forums/agenda-worker.js", agenda_page.worker, name="agenda_worker"),
    path("forums/<uuid:forum_id>/agenda", agenda_page.agenda, name="agenda"),
    path("forums/<uuid:forum_id>/agenda.ics", agenda_page.agenda_file, name="agenda_file"),
    path("forums/<uuid:forum_id>/agenda.pdf", agenda_page.agenda_paper, name="agenda_paper"),
    path("forums/<uuid:forum_id>/floor.svg", agenda_page.floor, name="floor"),
    path("forums/<uuid:forum_id>/feed/new", agenda_page.new_feed, name="new_feed"),
    path("forums/<uuid:forum_id>/feed/end", agenda_page.end_feed, name="end_feed"),
    path("forums/feed/<str:secret>.ics", agenda_page.feed, name="feed"),
    path("forums/<uuid:forum_id>/meetings/<uuid:meeting_id>/rate", rating_page.rate, name="rate"),
    path("forums/badge/<str:code>", board_page.badge, name="badge"),
    path("forums/<uuid:forum_id>/board", board_page.board_now, name="board"),
    path("forums/<uuid:forum_id>/report", report_page.report, name="report"),
    path("forums/<uuid:forum_id>/report.csv", report_page.report_file, name="report_file"),
    path("forums/<uuid:forum_id>/report.pdf", report_page.report_paper, name="report_paper"),
]
