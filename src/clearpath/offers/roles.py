"""Who takes part in a journey as what: the names by which a patient tells them apart."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clearpath.offers.interests import organisations_on
from clearpath.parties import queries as parties
from clearpath.turns.models import Seat
from clearpath.turns.subject import Subject

# What each is to the patient, in small words that stand in brackets after a name.
HERE: dict[str, Any] = {
    "facilitator": gettext_lazy("guide"),
    "provider": gettext_lazy("hospital"),
    "doctor": gettext_lazy("doctor"),
    "second_doctor": gettext_lazy("second doctor"),
    "home_doctor": gettext_lazy("doctor at home"),
    "agency": gettext_lazy("advertising"),
    "organizer": gettext_lazy("B2B organizer"),
}


@dataclass(frozen=True, slots=True)
class Parties:
    """The organisations on a journey: name, role and country of each, and on which lane (None: on all)."""

    names: Mapping[UUID, str]
    roles: Mapping[UUID, str]
    lanes: Mapping[UUID, frozenset[UUID | None]]
    countries: Mapping[UUID, str]

    @property
    def labels(self) -> dict[UUID, str]:
        """Each name with what the party is here: Blue Strait (guide)."""
        return {key: labelled(name, self.roles.get(key, "")) for key, name in self.names.items()}

    def beside(self, lane_id: UUID) -> set[UUID]:
        """Who has a part when the offer of this lane is accepted."""
        return {key for key, lanes in self.lanes.items() if lanes & {None, lane_id}}


def labelled(name: str, role: str) -> str:
    """A name with what the party is here."""
    return _("%(name)s (%(role)s)") % {"name": name, "role": HERE[role]} if role in HERE else name


def parties_on(journey: Subject, *, but: tuple[str, ...] = ("patient", "steward", "home_doctor")) -> Parties:
    """Everybody with a seat that runs, and who earns without one."""
    seats = list(
        Seat.objects.filter(subject_id=journey.pk, organisation__isnull=False, held_since__isnull=False, ended_at=None)
        .exclude(role__in=but)
        .order_by("pk")
        .values_list("organisation_id", "role", "lane_id", "organisation__country")
    )
    roles: dict[UUID, str] = {}
    lanes: dict[UUID, set[UUID | None]] = {}
    countries: dict[UUID, str] = {}
    for key, role, lane, country in seats:
        assert key is not None  # noqa: S101 - filtered above
        if roles.get(key) != "facilitator":  # who guides and treats is told as the one who guides
            roles[key] = role
        lanes.setdefault(key, set()).add(lane)
        countries[key] = country
    for key in organisations_on(journey) - set(roles):
        held = parties.roles_held([key])
        roles[key] = "agency" if "agency" in held else min(held, default="")
        lanes[key] = {None}
    return Parties(parties.names_of(roles), roles, {key: frozenset(found) for key, found in lanes.items()}, countries)
