"""Addresses for people who are not on the network: asking to come, and a guest's own pages."""

from django.urls import path

from clearpath.forums import guest_page, registration_page

urlpatterns = [
    path("forums/<uuid:forum_id>/come", registration_page.come, name="come"),
    path("forums/guest/<str:secret>/", guest_page.home, name="guest"),
]
