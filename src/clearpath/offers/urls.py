"""Addresses of offers."""

from typing import Any

from django.urls import path

from clearpath.offers.pages import choosing

app_name = "offers"
urlpatterns: list[Any] = [
    path("journey/<uuid:journey_id>/contract", choosing.contract, name="contract"),
    path("offers/not-chosen", choosing.not_chosen, name="not_chosen"),
]
