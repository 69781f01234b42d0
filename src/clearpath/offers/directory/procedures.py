"""Procedures by what a provider may write for them: key, name or synonym in any language of the vocabulary."""

from collections import defaultdict
from functools import cache
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

from clearpath.offers.directory.cells import BadCell, folded, plain
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


NEAREST, NEAR_ENOUGH = 3, 60  # rapidfuzz counts from 0 to 100


def read_procedure(value: Any) -> str:
    """The key of what is written in a cell; what is not known is answered with the nearest that is."""
    written = plain(value)
    found = procedure_names().get(folded(written))
    if found is None:
        raise BadCell(_no_such_procedure(written))
    return found


def _no_such_procedure(written: str) -> str:
    known = procedure_names()
    near = process.extract(folded(written), known.keys(), scorer=fuzz.WRatio, limit=12, score_cutoff=NEAR_ENOUGH)
    keys = list(dict.fromkeys(known[name] for name, _score, _index in near))[:NEAREST]
    if not keys:
        return _("No procedure is called this. Write its key or its name; the list is in the guide to this file.")
    language = get_language() or "en"
    return _("No procedure is called this. Did you mean: %(some)s?") % {
        "some": ", ".join(procedure_name(key, language) for key in keys)
    }
