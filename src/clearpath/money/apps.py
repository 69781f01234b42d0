from django.apps import AppConfig


class MoneyConfig(AppConfig):
    name = "clearpath.money"

    def ready(self) -> None:
        from clearpath.money import forms, panels, questions, sights, steps  # noqa: F401 - their decorators register

        sights.register()
