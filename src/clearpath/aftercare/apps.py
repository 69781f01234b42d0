from django.apps import AppConfig


class AftercareConfig(AppConfig):
    name = "clearpath.aftercare"

    def ready(self) -> None:
        from clearpath.aftercare import file, forms, panels, questions, sights, steps  # noqa: F401 - their decorators register

        sights.register()
