"""Addresses of clinical records."""

from django.urls import path

from clearpath.records.pages import files, room

app_name = "records"
urlpatterns = [
    path("record/<uuid:record_id>/", files.record, name="record"),
    path("record/<uuid:record_id>/file", files.download, name="download"),
    path("room", room.room, name="room"),
    path("room/attention", room.attention_of_doctors, name="attention"),
    path("room/phrases", room.keep_phrase, name="keep_phrase"),
    path("room/<uuid:journey_id>/<str:name>", room.case, name="case"),
    path("journey/<uuid:journey_id>/medical", files.medical_file, name="medical_file"),
]
