from django.apps import AppConfig


class TravelConfig(AppConfig):
    name = "clearpath.travel"

    def ready(self) -> None:
        from clearpath.travel import forms, panels, sights, steps  # noqa: F401 - their decorators register

        sights.register()
