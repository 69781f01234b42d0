"""Addresses of offers."""

from django.urls import path

from clearpath.offers.pages import choosing, comparison, desk, finding

app_name = "offers"
urlpatterns = [
    path("journey/<uuid:journey_id>/contract", choosing.contract, name="contract"),
    path("offers/not-chosen", choosing.not_chosen, name="not_chosen"),
    path("journey/<uuid:journey_id>/offers/compare", comparison.compare, name="compare"),
    path("journey/<uuid:journey_id>/offers/compare.pdf", comparison.paper, name="compare_paper"),
    path("requests", desk.desk, name="desk"),
    path("find", finding.find, name="find"),
    path("find/order", finding.ranking, name="ranking"),
]
