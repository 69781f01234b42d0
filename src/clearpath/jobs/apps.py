from importlib import import_module

from django.apps import AppConfig, apps
from django.utils.module_loading import module_has_submodule


class JobsConfig(AppConfig):
    name = "clearpath.jobs"

    def ready(self) -> None:
        """Import every package's `tasks`, so that a worker knows their handlers."""
        for app in apps.get_app_configs():
            if app.name.startswith("clearpath.") and app.module and module_has_submodule(app.module, "tasks"):
                import_module(f"{app.name}.tasks")
