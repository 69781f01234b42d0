from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "clearpath.forums"

    def ready(self) -> None:
        from clearpath.forums import create_form, forms, panels, sights, steps  # noqa: F401 - their decorators register

        sights.register()
