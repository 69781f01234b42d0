"""The trades that meet at a forum, and what people call them."""

from django.utils.translation import override

from clearpath.forums.models import Forum
from clearpath.offers.directory.cells import folded
from clearpath.turns import charters
from clearpath.web.roles import role_words

LANGUAGES = ("en", "tr", "ar")
ALSO = {"provider": ("hospital", "clinic", "hastane", "klinik", "مستشفى", "عيادة"), "doctor": ("physician",)}


def trades_of(forum: Forum) -> tuple[str, ...]:
    """The roles that may sit at a forum, by the charter under which it was opened."""
    return tuple(charters.rules_of(forum.charter, "forum").may_sit)


def trade_words() -> dict[str, str]:
    """Keys of trades by every word for them, folded: the key, its name in each language, and what else is said."""
    found: dict[str, str] = {}
    for trade in charters.rules_of(charters.in_force(), "forum").may_sit:
        for word in (trade, *ALSO.get(trade, ()), *_names(trade)):
            found.setdefault(folded(word), trade)
    return found


def _names(trade: str) -> list[str]:
    names = []
    for language in LANGUAGES:
        with override(language):
            names.append(str(role_words(trade).label))
    return names
