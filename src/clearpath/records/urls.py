"""Addresses of clinical records."""

from django.urls import include, path

from clearpath.records.endpoints import links as link_endpoints
from clearpath.records.pages import aside, files, links, room, summary, taking_home

app_name = "records"
urlpatterns = [
    path("records/coming-in", files.coming_in, name="coming_in"),
    path("", include("clearpath.records.rest.urls")),
    path("record/<uuid:record_id>/", files.record, name="record"),
    path("record/<uuid:record_id>/file", files.download, name="download"),
    path("record/<uuid:record_id>/preview", files.preview, name="preview"),
    path("refused/<uuid:set_aside_id>/", aside.set_aside, name="set_aside"),
    path("refused/<uuid:set_aside_id>/file", aside.download_set_aside, name="download_set_aside"),
    path("refused/<uuid:set_aside_id>/take-in", aside.take_in, name="take_in"),
    path("refused/<uuid:set_aside_id>/discard", aside.discard, name="discard"),
    path("journey/<uuid:journey_id>/medical", files.medical_file, name="medical_file"),
    path("journey/<uuid:journey_id>/receive-link", links.receive, name="receive_link"),
    path("link/<uuid:link_id>/", links.link, name="link"),
    path("link/<uuid:link_id>/stop", links.stop, name="stop_link"),
    path("link/<uuid:link_id>/qr.svg", links.qr, name="link_qr"),
    path("shl/view", links.view, name="link_viewer"),
    path("shl/file/<str:ticket>", link_endpoints.location, name="link_location"),
    path("shl/answer/<str:ticket>", link_endpoints.answer, name="link_answer"),
    path("shl/<str:handle>", link_endpoints.link, name="link_manifest"),
    path("journey/<uuid:journey_id>/summary", summary.summary, name="summary"),
    path("room", room.room, name="room"),
    path("room/attention", room.attention_of_doctors, name="attention"),
    path("room/phrases", room.keep_phrase, name="keep_phrase"),
    path("room/<uuid:journey_id>/<str:step>", room.case, name="case"),
    path("journey/<uuid:journey_id>/summary.json", taking_home.summary, name="take_summary"),
    path("journey/<uuid:journey_id>/summary.pdf", taking_home.paper, name="take_paper"),
    path("journey/<uuid:journey_id>/everything.zip", taking_home.everything, name="take_everything"),
]
