"""Addresses of offers."""

from django.urls import path

from clearpath.offers.pages import finding

app_name = "offers"
urlpatterns = [
    path("find", finding.find, name="find"),
    path("find/order", finding.ranking, name="ranking"),
]
