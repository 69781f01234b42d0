"""A charter as everybody reads it: who does what, who sees what, what can never happen, what is kept apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from clearpath.charter.show import EVERY_SUBJECT, MatrixRow, matrix_rows
from clearpath.charter.terms import Charter
from clearpath.stewardship.sayings import said
from clearpath.web.roles import RoleWords, role_words
from clearpath.web.words import word_for

DUTIES = {
    "R": _("does it"),
    "(R)": _("does it if seated or appointed"),
    "C": _("is asked"),
    "I": _("is told"),
}
SIGHTS = {
    "own": _("what is their own"),
    "seat": _("where they take part"),
    "consent": _("with the patient's consent"),
    "count": _("in figures about many"),
}
RULES = {"forbidden": _("Never together"), "disclosed": _("Only if patients are told")}


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell: the charter's own mark and its words; both empty where the role has nothing to do with it."""

    role: RoleWords
    mark: str
    words: Any


@dataclass(frozen=True, slots=True)
class Line:
    """One step, or one class of data, and what each role has to do with it."""

    name: Any
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """Everything on one kind of subject; only the roles that have something to do with it."""

    key: str
    name: Any
    says: str
    roles: tuple[RoleWords, ...]
    lines: tuple[Line, ...]


def parts_of(charter: Charter) -> list[Part]:
    """Who does what: one part for each kind of subject, in the order of the charter."""
    by_subject: dict[str, list[MatrixRow]] = {}
    for row in matrix_rows(charter):
        by_subject.setdefault(row.subject, []).append(row)
    return [_part(charter, subject, rows) for subject, rows in by_subject.items()]


def _part(charter: Charter, subject: str, rows: list[MatrixRow]) -> Part:
    roles = list(charter.roles)
    used = [number for number in range(len(roles)) if any(row.cells[number] for row in rows)]
    everywhere = subject == EVERY_SUBJECT
    return Part(
        "everywhere" if everywhere else subject,
        _("Everywhere") if everywhere else word_for(f"kinds:{subject}"),
        str(_("Whoever takes part can do this.")) if everywhere else said(charter.subjects[subject].says),
        tuple(role_words(roles[number]) for number in used),
        tuple(
            Line(
                word_for(row.step),
                tuple(Mark(role_words(roles[number]), *_mark(DUTIES, row.cells[number])) for number in used),
            )
            for row in rows
        ),
    )


def _mark(words: dict[str, Any], mark: str) -> tuple[str, Any]:
    return mark, words.get(mark, "")


def sights_of(charter: Charter) -> Part:
    """Who sees what: one line for each class of data."""
    roles = [role for role in charter.roles if any(role in sights for sights in charter.data.values())]
    return Part(
        "sights",
        _("Who sees what"),
        "",
        tuple(role_words(role) for role in roles),
        tuple(
            Line(
                word_for(f"class:{name}"),
                tuple(Mark(role_words(role), *_mark(SIGHTS, sights.get(role, ""))) for role in roles),
            )
            for name, sights in charter.data.items()
        ),
    )


def promises_of(charter: Charter) -> list[str]:
    """What can never happen, in sentences."""
    return [said(promise.says) for promise in _promises(charter)]


def _promises(charter: Charter) -> Iterator[Any]:
    for rules in charter.subjects.values():
        yield from rules.promises
    yield from charter.promises


def roles_of(charter: Charter) -> list[tuple[RoleWords, str]]:
    """Each role with what it is."""
    return [(role_words(role), said(says)) for role, says in charter.roles.items()]


@dataclass(frozen=True, slots=True)
class Apart:
    """Two roles that one party, or connected ones, hold never or only openly."""

    first: RoleWords
    second: RoleWords
    rule: Any
    because: str


def apart_in(charter: Charter) -> list[Apart]:
    """What is kept apart, and why."""
    return [
        Apart(role_words(one.roles[0]), role_words(one.roles[1]), RULES.get(one.rule, one.rule), said(one.because))
        for one in charter.separations
    ]
