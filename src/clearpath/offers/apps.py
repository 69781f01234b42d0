from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OffersConfig(AppConfig):
    name = "clearpath.offers"

    def ready(self) -> None:
        from clearpath.offers import forms, panels, questions, receivers, review_forms, sights, steps  # noqa: F401 - their decorators register
        from clearpath.web import navigation

        sights.register()
        navigation.register("provider", _("What we do"), "offers:what_we_do", "building-hospital", 20)
