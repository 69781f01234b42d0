"""Procedures by what a provider may write for them: key, name or synonym in any language of the vocabulary."""

from collections import defaultdict
from functools import cache

from clearpath.offers.directory.cells import folded
from clearpath.offers.finding.vocabulary import procedures


@cache
def procedure_names() -> dict[str, str]:
    """Keys by name; a name that two procedures share stands for neither."""
    meant: dict[str, set[str]] = defaultdict(set)
    for key, procedure in procedures().items():
        for name in (key, *(word for words in procedure.words for word in words)):
            meant[folded(name)].add(key)
    known = {name: next(iter(keys)) for name, keys in meant.items() if len(keys) == 1}
    return known | {folded(key): key for key in procedures()}


def procedure_name(key: str, language: str) -> str:
    """What patients call it; the key itself where the vocabulary does not know it."""
    known = procedures().get(key)
    return known.name(language) if known else key.replace("_", " ")
