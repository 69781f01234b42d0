"""Addresses of clinical records."""

from django.urls import path

from clearpath.records import pages

app_name = "records"
urlpatterns = [
    path("record/<uuid:record_id>/", pages.record, name="record"),
    path("record/<uuid:record_id>/file", pages.download, name="download"),
    path("journey/<uuid:journey_id>/medical", pages.medical_file, name="medical_file"),
]
