from django.apps import AppConfig


class OffersConfig(AppConfig):
    name = "clearpath.offers"

    def ready(self) -> None:
        from clearpath.offers import forms, panels, questions, sights, steps  # noqa: F401 - their decorators register

        sights.register()
