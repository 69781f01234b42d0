from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "clearpath.records"

    def ready(self) -> None:
        from clearpath.records import forms, panels, sights, steps  # noqa: F401 - their decorators register
        from clearpath.records.reads import READS
        from clearpath.web import navigation, words

        sights.register()
        words.register(READS)
        navigation.register("steward", _("Files that come in"), "records:coming_in", "report-medical", 45)
