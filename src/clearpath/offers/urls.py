"""Addresses of offers."""

from typing import Any

app_name = "offers"
urlpatterns: list[Any] = []
