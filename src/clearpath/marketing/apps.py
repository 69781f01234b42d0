from django.apps import AppConfig


class MarketingConfig(AppConfig):
    name = "clearpath.marketing"

    def ready(self) -> None:
        from clearpath.marketing import forms, panels, questions, sights, steps  # noqa: F401 - their decorators register

        sights.register()
