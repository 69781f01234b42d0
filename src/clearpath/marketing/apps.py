from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MarketingConfig(AppConfig):
    name = "clearpath.marketing"

    def ready(self) -> None:
        from clearpath.marketing import (  # noqa: F401 - their decorators register
            creative_forms,
            forms,
            panels,
            queries,
            questions,
            sights,
            steps,
        )
        from clearpath.offers import interests
        from clearpath.web import navigation

        sights.register()
        interests.also_earns(queries.agencies_behind)
        for role in ("facilitator", "agency"):
            navigation.register(role, _("Answer times"), "marketing:answering", "clock", 60)
        navigation.register("steward", _("Agencies that drift"), "marketing:drift", "compass", 46)
        navigation.register("agency", _("Earnings"), "marketing:earnings", "cash", 55)
        for role in ("facilitator", "provider"):
            navigation.register(role, _("What agencies earn"), "marketing:earnings", "cash", 65)
