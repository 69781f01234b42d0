"""Whether a step on a version of the charter may be taken now, and whether a quorum agrees. Pure functions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from clearpath.charter.diff import roles_affected
from clearpath.charter.terms import Charter
from clearpath.core.outcomes import Objection

FIRST_MISTAKES = 3


def why_not_without_mistakes(mistakes: Sequence[object]) -> Objection | None:
    """Names the first mistakes, with their lines."""
    if not mistakes:
        return None
    first = " ".join(str(mistake) for mistake in mistakes[:FIRST_MISTAKES])
    if len(mistakes) > FIRST_MISTAKES:
        message = _("The charter has %(count)d mistakes. The first: %(first)s")
    else:
        message = _("The charter has mistakes (%(count)d): %(first)s")
    return Objection("charter_has_mistakes", message % {"count": len(mistakes), "first": first})


def why_not_version(version: str, *, known: bool) -> Objection | None:
    if known:
        return Objection(
            "version_taken", _("There is a charter version %s already. Give this one a new name.") % version
        )
    if len(version) > 40:
        return Objection("version_too_long", _("The version's name is longer than 40 letters."))
    return None


def why_not_comment(text: str) -> Objection | None:
    if not text.strip():
        return Objection("comment_needed", _("Write what you think of the proposal."))
    return None


def why_not_vote(*, has_voice: bool, counted: bool) -> Objection | None:
    if not has_voice:
        return Objection("no_voice", _("Your organisation was not asked: this version does not change its part."))
    if counted:
        return Objection("votes_are_counted", _("The votes are counted. This version has enough of them."))
    return None


def why_not_proved(holds: bool | None) -> Objection | None:
    if not holds:
        return Objection("not_proved", _("Not every promise of this version is proved."))
    return None


def why_not_agreed(*, agreed: bool) -> Objection | None:
    if not agreed:
        return Objection("quorum_missing", _("Not enough organisations have agreed yet."))
    return None


def why_not_enact(*, is_overtaken: bool) -> Objection | None:
    if is_overtaken:
        return Objection(
            "another_came_first",
            _("Another version came into force since this one was proposed. Propose it again, compared with that one."),
        )
    return None


def roles_asked(old: Charter, new: Charter) -> list[str]:
    """The roles whose organisations are asked about a change: those that gain or lose a duty or a sight by it.

    Where a promise or a separation changes, or nobody gains or loses anything, all are asked: such a change
    touches everybody, and the steward must not be able to make it alone.
    """
    may_say = set(old.subjects["charter"].seatable_roles) - {"steward"}
    seen_otherwise = {
        role
        for role in {*old.roles, *new.roles}
        for name in {*old.data, *new.data}
        if old.data.get(name, {}).get(role) != new.data.get(name, {}).get(role)
    }
    touched = (roles_affected(old, new) | seen_otherwise) & may_say
    if not touched or _word_given(old) != _word_given(new):
        touched = may_say
    return sorted(touched)


def _word_given(charter: Charter) -> set[object]:
    """Promises and separations, wherever they stand in the file."""
    promises = [*charter.promises, *(each for rules in charter.subjects.values() for each in rules.promises)]
    return {replace(each, line=0) for each in promises} | {replace(each, line=0) for each in charter.separations}


def tally(roles: Iterable[str], voices: Iterable[tuple[Sequence[str], bool | None]]) -> dict[str, tuple[int, int]]:
    """For each role: how many of its organisations said yes, and how many were asked.

    An organisation that holds several of the roles counts in each of them. A silent one is no yes.
    """
    counts: dict[str, tuple[int, int]] = dict.fromkeys(roles, (0, 0))
    for held, agrees in voices:
        for role in held:
            if role in counts:
                yes, asked = counts[role]
                counts[role] = (yes + (agrees is True), asked + 1)
    return counts


def quorum_agrees(counts: Mapping[str, tuple[int, int]], share: Fraction) -> bool:
    """Whether more than `share` of the organisations of each role said yes; a role that has none is not asked."""
    return all(Fraction(yes, asked) > share for yes, asked in counts.values() if asked)
