"""The style pages; `config` mounts them at the root. Each refuses outside DEBUG and demo mode."""

from django.urls import path

from clearpath.web import pages

app_name = "web"
urlpatterns = [
    path("style", pages.style, name="style"),
    path("style/door", pages.style_door, name="style_door"),
    path("style/refusal", pages.style_refusal, name="style_refusal"),
]
