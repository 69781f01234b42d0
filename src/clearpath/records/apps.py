from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "clearpath.records"

    def ready(self) -> None:
        from clearpath.records import forms, medical_forms, panels, sights, steps, ties  # noqa: F401 - their decorators register
        from clearpath.records.reads import READS
        from clearpath.turns.hooks import hooks
        from clearpath.web import navigation, words

        sights.register()
        hooks.also_why_not_seat = ties.why_not_sit
        words.register(READS)
        for role in ("doctor", "second_doctor"):
            navigation.register(role, _("Medical questions"), "records:room", "stethoscope", 5)
        navigation.register("steward", _("Focus"), "records:attention", "stethoscope", 45)
