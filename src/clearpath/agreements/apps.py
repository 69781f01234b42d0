from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "clearpath.agreements"

    def ready(self) -> None:
        from clearpath.agreements import forms, panels, questions, sights, steps  # noqa: F401 - their decorators register

        sights.register()
