from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "clearpath.records"

    def ready(self) -> None:
        from clearpath.records import forms, link_forms, panels, sights, steps  # noqa: F401 - their decorators register
        from clearpath.records.link_queries import people_who_answered, people_who_opened
        from clearpath.records.reads import READS
        from clearpath.turns.hooks import hooks
        from clearpath.web import navigation, words

        sights.register()
        words.register(READS)
        hooks.who_it_was |= {"records.linkopening": people_who_opened, "records.linkanswer": people_who_answered}
        navigation.register("steward", _("Files that come in"), "records:coming_in", "report-medical", 45)
