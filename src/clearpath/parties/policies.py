"""Who may take part: membership, evidence, separations. Pure functions."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from clearpath.charter.terms import Charter
from clearpath.core.outcomes import Objection

# What an organisation must show to sit in a role. The network's own rule: authorisation of providers and
# facilitators differs by country, and is checked by the steward when the evidence is added.
REQUIRED_EVIDENCE: Mapping[str, tuple[str, ...]] = {
    "provider": ("licence",),
    "doctor": ("licence",),
    "facilitator": ("registration",),
    "agency": ("registration",),
    "organizer": ("registration",),
}
WARN_DAYS_BEFORE = (90, 30, 0)

# What an organisation can declare: somebody owns a part of it, it owns a part of somebody, a family tie, a
# payment, a gift, statements in a file, or that there is nothing to declare.
BY_WORD = frozenset({"family", "payment", "gift"})  # ties that no statement can say
BETWEEN_TWO = BY_WORD | {"owner", "owned"}
DECLARED = BETWEEN_TWO | {"file", "nothing"}


def missing_evidence(role: str, valid_kinds: Collection[str]) -> list[str]:
    """The kinds of evidence that the role requires and that are not in force."""
    return [kind for kind in REQUIRED_EVIDENCE.get(role, ()) if kind not in valid_kinds]


def why_not_act(*, is_member: bool, stage: str) -> Objection | None:
    if not is_member:
        return Objection("not_a_member", _("You no longer work for this organisation in this role."))
    if stage == "left":
        return Objection("organisation_left", _("This organisation has left the network."))
    return None


def why_not_take_seat(*, stage: str, holds_role: bool, missing: Collection[str]) -> Objection | None:
    if stage != "verified":
        return Objection("not_verified", _("This organisation is not verified, so it takes no new seat."))
    if not holds_role:
        return Objection("role_not_held", _("This organisation does not hold that role."))
    if missing:
        return Objection(
            "evidence_lapsed", _("Evidence that this role requires is missing or has ended. Renew it first.")
        )
    return None


def why_not_hold(charter: Charter, role: str, others: Iterable[str]) -> Objection | None:
    """Whether a role may be held beside others, by one party or by connected parties."""
    for separation in charter.separations:
        if separation.rule == "forbidden" and role in separation.roles:
            other = next(each for each in separation.roles if each != role)
            if other in set(others):
                return Objection("roles_kept_apart", _("These two roles are kept apart: %s.") % separation.because)
    return None


def to_disclose(charter: Charter, role: str, others: Iterable[str]) -> list[str]:
    """The roles beside which this one is allowed only once the patient is told."""
    found = []
    for separation in charter.separations:
        if separation.rule == "disclosed" and role in separation.roles:
            other = next(each for each in separation.roles if each != role)
            if other in set(others):
                found.append(other)
    return found


def why_not_declare(
    what: str, *, is_named: bool, is_itself: bool, is_here: bool, share: Decimal | None
) -> Objection | None:
    """Whether a word about ownership, family, payment or a gift says enough. `share` is a fraction of one."""
    if what not in DECLARED:
        return Objection("nothing_declared", _("Say first what you want to declare."))
    if what in BETWEEN_TWO and is_itself:
        return Objection("tie_with_oneself", _("A tie is between two. Choose somebody else."))
    if what in BY_WORD and not is_here:
        return Objection("not_on_the_network", _("Choose the organisation of this network with which you are tied."))
    if what in BETWEEN_TWO and not is_named:
        return Objection("nobody_named", _("Say who it is: choose an organisation or write a name."))
    if share is not None and not 0 < share <= 1:
        return Objection("share_not_a_part", _("A share is more than 0 % and at most 100 %."))
    return None


def warnings_due(valid_to: date, today: date) -> int | None:
    """The tightest warning that applies (90, 30 or 0 days before evidence ends), or None while it is far off."""
    left = (valid_to - today).days
    due = [days for days in WARN_DAYS_BEFORE if left <= days]
    return min(due) if due else None
