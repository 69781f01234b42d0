from django.apps import AppConfig


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
            sights,
            steps,
        )

        sights.register()
        choosing_sights.register()
