"""Addresses of clinical records."""

from django.urls import path

from clearpath.records.endpoints import links as link_endpoints
from clearpath.records.pages import files, links

app_name = "records"
urlpatterns = [
    path("record/<uuid:record_id>/", files.record, name="record"),
    path("record/<uuid:record_id>/file", files.download, name="download"),
    path("journey/<uuid:journey_id>/medical", files.medical_file, name="medical_file"),
    path("journey/<uuid:journey_id>/receive-link", links.receive, name="receive_link"),
    path("link/<uuid:link_id>/", links.link, name="link"),
    path("link/<uuid:link_id>/stop", links.stop, name="stop_link"),
    path("link/<uuid:link_id>/qr.svg", links.qr, name="link_qr"),
    path("shl/view", links.view, name="link_viewer"),
    path("shl/file/<str:ticket>", link_endpoints.location, name="link_location"),
    path("shl/answer/<str:ticket>", link_endpoints.answer, name="link_answer"),
    path("shl/<str:handle>", link_endpoints.link, name="link_manifest"),
]
