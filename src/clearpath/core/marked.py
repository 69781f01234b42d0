"""Marks texts for the catalogues and leaves them as they are, to be said when the reader is known.

Django's own `gettext_noop` asks for its settings, and has no twin for texts with a number.
"""


def gettext_noop(text: str) -> str:
    """To be given to `gettext`."""
    return text


def ngettext_noop(one: str, many: str) -> tuple[str, str]:
    """To be given to `ngettext` with the number."""
    return one, many
