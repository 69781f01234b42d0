from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "clearpath.records"

    def ready(self) -> None:
        from clearpath.records import forms, link_forms, link_tasks, panels, sights, steps  # noqa: F401 - their decorators register
        from clearpath.records.link_queries import people_who_answered, people_who_opened
        from clearpath.records.reads import READS
        from clearpath.turns.hooks import hooks
        from clearpath.web import words

        sights.register()
        words.register(READS)
        hooks.who_it_was |= {"records.linkopening": people_who_opened, "records.linkanswer": people_who_answered}
