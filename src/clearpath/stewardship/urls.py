"""Addresses of the charter, which anybody may read."""

from django.urls import path

from clearpath.stewardship import pages

urlpatterns = [
    path("charter", pages.charter, name="charter"),
    path("charter/version/<str:version>", pages.charter, name="charter_version"),
    path("charter/version/<str:version>/text", pages.charter_text, name="charter_text"),
]
