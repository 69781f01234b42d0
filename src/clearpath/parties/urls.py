"""Addresses of what is known of all parties together."""

from django.urls import path

from clearpath.parties import pages

app_name = "parties"
urlpatterns = [
    path("ownership", pages.ownership, name="ownership"),
    path("evidence", pages.evidence, name="evidence"),
]
