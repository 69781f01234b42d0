from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    name = "clearpath.complaints"

    def ready(self) -> None:
        from clearpath.complaints import forms, panels, questions, sights, steps  # noqa: F401 - their decorators register

        sights.register()
