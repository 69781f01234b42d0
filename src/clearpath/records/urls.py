"""Addresses of clinical records."""

from django.urls import include, path

from clearpath.records.pages import files

app_name = "records"
urlpatterns = [
    path("", include("clearpath.records.rest.urls")),
    path("record/<uuid:record_id>/", files.record, name="record"),
    path("record/<uuid:record_id>/file", files.download, name="download"),
    path("journey/<uuid:journey_id>/medical", files.medical_file, name="medical_file"),
]
