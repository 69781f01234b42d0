"""Every address, put together from the packages."""

from importlib.util import find_spec

from django.urls import include, path

from clearpath.config import demo_pages, leaving
from clearpath.config.api import api
from clearpath.parties import pages as parties
from clearpath.turns import pages as turns

WITH_PAGES = ("web", "parties", "stewardship", "records", "offers", "marketing", "forums")

urlpatterns = [
    path("", turns.home, name="home"),
    path("accounts/login/", demo_pages.login, name="account_login"),
    path("accounts/logout/", leaving.sign_out, name="account_logout"),
    path("accounts/", include("allauth.account.urls")),
    path("api/v1/", api.urls),
    path("demo/sign-in", demo_pages.sign_in, name="demo_sign_in"),
    path("hat", parties.choose_hat, name="choose_hat"),
    path("i18n/", include("django.conf.urls.i18n")),
    *(path("", include(f"clearpath.{name}.urls")) for name in WITH_PAGES if find_spec(f"clearpath.{name}.urls")),
    path("", include("clearpath.turns.urls")),
]
