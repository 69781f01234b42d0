from django.apps import AppConfig


class TurnsConfig(AppConfig):
    name = "clearpath.turns"

    def ready(self) -> None:
        from clearpath.turns import forms, phrases, sight, steps  # noqa: F401 - their decorators register

        sight.register_own()
        phrases.register()
