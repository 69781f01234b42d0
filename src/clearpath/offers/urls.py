"""Addresses of offers."""

from django.urls import path

from clearpath.offers.pages import choosing, finding

app_name = "offers"
urlpatterns = [
    path("find", finding.find, name="find"),
    path("find/order", finding.ranking, name="ranking"),
    path("journey/<uuid:journey_id>/contract", choosing.contract, name="contract"),
    path("offers/not-chosen", choosing.not_chosen, name="not_chosen"),
]
