from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class AgreementsConfig(AppConfig):
    name = "clearpath.agreements"

    def ready(self) -> None:
        from clearpath.agreements import forms, panels, questions, sights, steps  # noqa: F401 - their decorators register

        sights.register()
        if settings.FEE_RULES:
            _read_fee_rules()


def _read_fee_rules() -> None:
    """A network does not start with a table that it cannot read: it would not know what is forbidden."""
    from clearpath.agreements import fee_table

    try:
        fee_table.rules()
    except OSError as error:
        says = f"CLEARPATH_FEE_RULES is {settings.FEE_RULES!r}, which cannot be read: {error.strerror}."
        raise ImproperlyConfigured(says) from None
    except fee_table.FeeTableError as error:
        raise ImproperlyConfigured(f"CLEARPATH_FEE_RULES is no table of fee rules.\n{error}") from None
