"""Marks a text with a number for the catalogues without saying it yet; Django has this for texts without one alone."""


def ngettext_noop(one: str, many: str) -> tuple[str, str]:
    """Both forms as they are, to be given to `ngettext` when the number and the reader are known."""
    return one, many
