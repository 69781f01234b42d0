from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "clearpath.records"

    def ready(self) -> None:
        from clearpath.records import sights, steps  # noqa: F401 - their decorators register

        sights.register()
