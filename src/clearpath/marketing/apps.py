from django.apps import AppConfig


class MarketingConfig(AppConfig):
    name = "clearpath.marketing"

    def ready(self) -> None:
        from clearpath.marketing import forms, panels, queries, questions, sights, steps  # noqa: F401 - their decorators register
        from clearpath.offers import interests

        sights.register()
        interests.also_earns(queries.agencies_behind)
