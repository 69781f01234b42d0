from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "clearpath.records"

    def ready(self) -> None:
        from clearpath.records import (  # noqa: F401 - their decorators register
            forms,
            link_forms,
            medical_forms,
            panels,
            sights,
            steps,
            ties,
        )
        from clearpath.records.link_queries import people_who_answered, people_who_opened
        from clearpath.records.reads import READS
        from clearpath.turns.hooks import hooks
        from clearpath.web import navigation, words

        sights.register()
        hooks.also_why_not_seat = ties.why_not_sit
        words.register(READS)
        hooks.who_it_was |= {"records.linkopening": people_who_opened, "records.linkanswer": people_who_answered}
        navigation.register("steward", _("Files that come in"), "records:coming_in", "report-medical", 45)
        for role in ("doctor", "second_doctor"):
            navigation.register(role, _("Medical questions"), "records:room", "stethoscope", 5)
        navigation.register("steward", _("Doctors' attention"), "records:attention", "stethoscope", 45)
