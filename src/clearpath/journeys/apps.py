from django.apps import AppConfig


class JourneysConfig(AppConfig):
    name = "clearpath.journeys"

    def ready(self) -> None:
        from clearpath.journeys import forms, matters, panels, queries, sights, steps  # noqa: F401 - their decorators register
        from clearpath.turns.hooks import hooks

        hooks.consents = queries.consents
        hooks.consented = queries.consented
        sights.register()
        matters.register()
