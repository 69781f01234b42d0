"""Addresses for people who are not on the network: asking to come, and a guest's own pages."""

from django.urls import path

from clearpath.forums import giving_page, guest_page, registration_page

urlpatterns = [
    path("forums/<uuid:forum_id>/come", registration_page.come, name="come"),
    path("forums/<uuid:forum_id>/guests/<uuid:delegate_id>/link", giving_page.give_link, name="give_link"),
    path("forums/<uuid:forum_id>/guests/links", giving_page.give_links, name="give_links"),
    path("forums/guest/<str:secret>/", guest_page.home, name="guest"),
    path("forums/guest/<str:secret>/agenda.ics", guest_page.calendar, name="guest_calendar"),
    path("forums/guest/<str:secret>/badge.pdf", guest_page.paper, name="guest_paper"),
    path("forums/guest/<str:secret>/floor.svg", guest_page.floor, name="guest_floor"),
    path("forums/guest/<str:secret>/people", guest_page.people, name="guest_people"),
    path("forums/guest/<str:secret>/wishes", guest_page.wishes, name="guest_wishes"),
    path("forums/guest/<str:secret>/moves/<uuid:move_id>", guest_page.answer_move, name="guest_move"),
    path("forums/guest/<str:secret>/meetings/<uuid:meeting_id>/rate", guest_page.rate, name="guest_rate"),
]
