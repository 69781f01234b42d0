from django.apps import AppConfig


class StewardshipConfig(AppConfig):
    name = "clearpath.stewardship"

    def ready(self) -> None:
        from clearpath.stewardship import forms, panels, queries, questions, sights, steps  # noqa: F401 - they register
        from clearpath.turns.hooks import hooks

        hooks.charter_in_force = queries.version_in_force
        hooks.charter_source = queries.source_of
        hooks.charter_versions = lambda: [row.version for row in queries.versions()]
        sights.register()
