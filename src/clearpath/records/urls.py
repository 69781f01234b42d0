"""Addresses of clinical records."""

from django.urls import path

from clearpath.records.pages import files, summary

app_name = "records"
urlpatterns = [
    path("record/<uuid:record_id>/", files.record, name="record"),
    path("record/<uuid:record_id>/file", files.download, name="download"),
    path("journey/<uuid:journey_id>/medical", files.medical_file, name="medical_file"),
    path("journey/<uuid:journey_id>/summary", summary.summary, name="summary"),
]
