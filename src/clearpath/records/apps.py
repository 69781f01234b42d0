from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "clearpath.records"

    def ready(self) -> None:
        from clearpath.records import forms, medical_forms, panels, sights, steps  # noqa: F401 - their decorators register
        from clearpath.records.reads import READS
        from clearpath.web import words

        sights.register()
        words.register(READS)
