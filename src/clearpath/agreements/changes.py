"""What a version of the terms says, line by line, and what changed against the version before it. Pure functions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clearpath.agreements.models import Fee, Terms
from clearpath.agreements.wording import how_much

SAME, ADDED, REMOVED = "same", "added", "removed"


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that terms say; `field` is that of the form in which it is countered."""

    field: str
    name: Any
    text: str
    language: str = ""  # empty: the reader's own words
    is_translation: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One line that is not as it was: its pieces, each the same, added or removed."""

    line: Line
    pieces: tuple[tuple[str, str], ...]


def lines_of(terms: Terms, fees: Sequence[Fee], names: dict[Any, str]) -> list[Line]:
    """Everything that one version says; `names` are those of the organisations."""
    return [line for line in [*_clauses(terms), *_facts(terms), *_fees(fees, names)] if line.text]


def changes(before: Sequence[Line], after: Sequence[Line]) -> list[Change]:
    """The lines that were changed, added or left out, in the order in which they stand."""
    was, now = ({line.field: line for line in lines} for lines in (before, after))
    fields = [line.field for line in after] + [line.field for line in before if line.field not in now]
    return [
        Change(now.get(field) or was[field], _pieces(was.get(field), now.get(field)))
        for field in fields
        if (was[field].text if field in was else "") != (now[field].text if field in now else "")
    ]


def _pieces(was: Line | None, now: Line | None) -> tuple[tuple[str, str], ...]:
    """By lines of the text, as they were typed."""
    old, new = (line.text.splitlines() if line else [] for line in (was, now))
    found: list[tuple[str, str]] = []
    for what, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            found += [(SAME, text) for text in old[old_from:old_to]]
        else:
            found += [(REMOVED, text) for text in old[old_from:old_to]]
            found += [(ADDED, text) for text in new[new_from:new_to]]
    return tuple(found)


def _clauses(terms: Terms) -> Iterator[Line]:
    yield Line("text", _("What the two sides owe each other"), terms.text, terms.language)
    for part in Terms.Part:
        yield Line(f"part_{part}", part.label, terms.parts.get(part, ""), terms.language)


def _facts(terms: Terms) -> Iterator[Line]:
    languages = dict(settings.LANGUAGES)
    if terms.exclusivity:
        yield Line("exclusivity", _("Who may work with others"), str(Terms.Exclusivity(terms.exclusivity).label))
    purposes = [str(Terms.Purpose(each).label) for each in terms.data_purposes]
    yield Line("data_purposes", _("What data of patients are exchanged for"), "\n".join(purposes))
    if terms.attribution:
        said = str(Terms.Attribution(terms.attribution).label)
        yield Line("attribution", _("How what was brought is divided among channels"), said)
    if terms.attribution_days:
        yield Line(
            "attribution_days", _("Touches count for so many days before somebody asks"), str(terms.attribution_days)
        )
    yield Line("governing_law", _("Governing law"), terms.governing_law)
    yield Line("language", _("Language that prevails"), str(languages.get(terms.language, terms.language)))
    for name, day in (("starts_on", terms.starts_on), ("ends_on", terms.ends_on)):
        label = _("From") if name == "starts_on" else _("Until (that day not included)")
        yield Line(name, label, date_format(day) if day else "")
    for code, text in sorted(terms.translations.items()):
        yield Line(f"in_{code}", _("The whole in %s") % languages.get(code, code), text, code, is_translation=True)


def _fees(fees: Sequence[Fee], names: dict[Any, str]) -> Iterator[Line]:
    for fee in fees:
        who = _("%(payer)s pays %(payee)s") % {"payer": names[fee.payer_id], "payee": names[fee.payee_id]}
        place = "-".join(filter(None, (fee.jurisdiction, fee.region)))
        said = [str(Fee.Type(fee.fee_type).label), who, how_much(fee), place]
        said += [str(Fee.Institution(fee.institution).label)] if fee.institution else []
        said += [str(Fee.CarePaidBy(fee.care_paid_by).label)] if fee.care_paid_by else []
        said += [str(Fee.Bundled(each).label) for each in fee.bundled]
        yield Line(f"fee{fee.number}_how_much", _("Fee %d") % fee.number, " · ".join(said))
