"""Words for the charter's keys: facts, stages, steps, topics. Each package registers its own."""

from collections.abc import Mapping

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
        return f"not: {word_for(negated)}"
    return key.rpartition(".")[2].replace("_", " ")
