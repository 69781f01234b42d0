"""Words for the charter's keys: facts, stages, steps, topics. Each package registers its own."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from clearpath.web.roles import ROLES, Words

_words: dict[str, Words] = {}


def register(words: Mapping[str, Words]) -> None:
    """Called from `AppConfig.ready`; values are lazy translations."""
    _words.update(words)


def word_for(key: str) -> Words:
    """The registered words; failing that the key itself without underscores and package."""
    if key in _words:
        return _words[key]
    if key in ROLES:
        return ROLES[key].label
    negated = key.removeprefix("not ")
    if negated != key and f"not {negated}" not in _words:
        return _("not: %(fact)s") % {"fact": word_for(negated)}
    return key.rpartition(".")[2].replace("_", " ")


def listed(words: Iterable[object]) -> str:
    """Words one after another, with the reader's comma between them."""
    return _(", ").join(map(str, words))
