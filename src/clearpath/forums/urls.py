"""Addresses of forums."""

from clearpath.forums import during_urls, guest_urls

app_name = "forums"
urlpatterns = [*during_urls.urlpatterns, *guest_urls.urlpatterns]
