from django.apps import AppConfig


class ForumsConfig(AppConfig):
    name = "clearpath.forums"

    def ready(self) -> None:
        from clearpath.forums import (  # noqa: F401 - their decorators register
            arranging_forms,
            comes_first,
            create_form,
            delegate_forms,
            during_forms,
            during_panels,
            during_sights,
            during_steps,
            forms,
            guest_forms,
            panels,
            part_panel,
            questions,
            registration_forms,
            registration_panel,
            repair_forms,
            sights,
            steps,
            wish_form,
        )

        sights.register()
        during_sights.register()
