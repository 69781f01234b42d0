"""Addresses of FHIR, and of what a program needs to be let in."""

from django.urls import path, re_path

from clearpath.records.rest import views

urlpatterns = [
    path("fhir/R4/.well-known/smart-configuration", views.smart_configuration, name="smart_configuration"),
    path(".well-known/oauth-authorization-server", views.authorization_server, name="authorization_server"),
    path("oauth/token", views.token, name="token"),
    path("oauth/revoke", views.revoke, name="revoke"),
    re_path(r"^fhir/R4/?(?P<path>.*)$", views.fhir, name="fhir"),
]
