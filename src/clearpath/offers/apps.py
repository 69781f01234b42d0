from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OffersConfig(AppConfig):
    name = "clearpath.offers"

    def ready(self) -> None:
        from clearpath.offers import (  # noqa: F401 - their decorators register
            choosing_forms,
            choosing_panels,
            choosing_sights,
            forms,
            panels,
            questions,
            receivers,
            review_forms,
            sights,
            steps,
        )
        from clearpath.web import navigation

        sights.register()
        choosing_sights.register()
        for role, order in (("*", 45), ("patient", 15)):
            navigation.register(role, _("Find a treatment"), "offers:find", "search", order)
        navigation.register("provider", _("Requests"), "offers:desk", "clipboard-list", 10)
        navigation.register("provider", _("What we do"), "offers:what_we_do", "building-hospital", 20)
