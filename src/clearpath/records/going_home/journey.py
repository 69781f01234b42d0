"""Gathers what is on a journey, as far as somebody may see it, into a parcel."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound
from clearpath.parties import queries as parties
from clearpath.records.fhir.facts import Filed, Organised, Traveller
from clearpath.records.going_home import rows
from clearpath.records.going_home.parcel import Parcel
from clearpath.records.models import Discharge, FitToFly, Implant, InformedConsent, Note, Opinion, Record
from clearpath.records.written import Written, written_elsewhere
from clearpath.trust import vault
from clearpath.turns.models import Seat
from clearpath.turns.sight import shown, visible

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey

M = TypeVar("M", bound=Model)
FHIR = "application/fhir+json"
JUDGED = {Note.Kind.SECOND_OPINION, Note.Kind.ADVICE_AGAINST, Note.Kind.ADVICE_WITHDRAWN, Note.Kind.CLEARANCE}
HAPPENED = {Note.Kind.READMISSION, Note.Kind.DEATH}
WRITTEN_BY = ("given_by_id", "written_by_id", "declared_by_id")


def parcel_of(journey: "Journey", *, language: str, at: datetime, seen_by: Actor | None = None) -> Parcel:
    """Everything clinical on a journey; as far as `seen_by` may see it, or all of it where nobody is named."""
    with translation.override(language):
        return _Gathering(journey, seen_by, at).parcel()


@dataclass(frozen=True, slots=True)
class _Gathering:
    journey: "Journey"
    seen_by: Actor | None
    at: datetime

    def parcel(self) -> Parcel:
        opinions, notes = self._all(Opinion, "given_at"), self._all(Note, "written_at")
        implants, discharges = self._all(Implant, "implanted_at"), self._all(Discharge, "written_at")
        certificates, consents = self._all(FitToFly, "declared_at"), self._all(InformedConsent, "given_at")
        elsewhere = self._elsewhere()
        by = self._who([*opinions, *notes, *implants, *discharges, *certificates, *consents], elsewhere)
        done_on = {each.pk: each.happened_on for each in notes}
        return Parcel(
            patient=self._patient(notes),
            files=tuple(self._files()),
            opinions=tuple(rows.opined(each, str(self._own().procedure or ""), by) for each in opinions),
            notes=tuple(rows.noted(each, by) for each in notes if each.kind in JUDGED),
            stay=(
                *(rows.noted(each, by) for each in notes if each.kind in HAPPENED),
                *(rows.told(each, self.journey.pk, by) for each in elsewhere),
            ),
            treatments=tuple(rows.performed(each, by) for each in notes if each.kind == Note.Kind.TREATMENT),
            implants=tuple(rows.implanted(each, done_on.get(each.treatment_id), by) for each in implants),
            medicines=tuple(medicine for each in discharges[-1:] for medicine in rows.prescribed(each, by)),
            discharges=tuple(rows.discharged(each, by, is_newest=each is discharges[-1]) for each in discharges),
            certificates=tuple(rows.certified(each, by) for each in certificates),
            consents=tuple(rows.agreed(each, by) for each in consents),
            custodian=self._custodian(discharges or opinions),
            story=str(self._own().story or ""),
        )

    def _all(self, model: type[M], clinical: str) -> list[M]:
        """Rows in the order in which they were written; for an actor, those whose clinical part they see."""
        if self.seen_by is None:
            return list(model._default_manager.filter(journey_id=self.journey.pk).order_by("pk"))
        found = visible(model, to=self.seen_by).filter(journey_id=self.journey.pk).order_by("pk")
        return [each for each in found if getattr(shown(each, to=self.seen_by), clinical)]

    def _own(self) -> Any:
        return self.journey if self.seen_by is None else shown(self.journey, to=self.seen_by)

    def _patient(self, notes: list[Note]) -> Traveller:
        own = self._own()
        died = [each.happened_on for each in notes if each.kind == Note.Kind.DEATH]
        return Traveller(
            self.journey.about_id or self.journey.pk,
            str(own.patient_name or ""),
            own.born_on or None,
            str(own.country or ""),
            str(own.language or ""),
            str(own.email or ""),
            str(own.phone or ""),
            self.journey.reference,
            died[-1] if died else None,
        )

    def _files(self) -> Iterator[tuple[Filed, bytes]]:
        """In the order received; what was erased is gone."""
        for each in self._all(Record, "sha256"):
            try:
                content = vault.open_sealed(bytes(each.sealed), about=each.pk) if each.media_type == FHIR else b""
            except NotFound:
                continue
            file = Filed(
                id=each.pk,
                at=each.received_at,
                title=each.title or _("Health record"),
                media_type=each.media_type,
                size=each.size,
                sha256=each.sha256,
                made_by=each.received_from or "",
                added_as=each.added_as,
            )
            yield file, content

    def _elsewhere(self) -> list[Written]:
        """What doctors wrote in packages above, seen as the patient sees it, who sees all of their own."""
        reader = self.seen_by or Actor(role="patient", now=self.at, person_id=self.journey.about_id)
        return [each for each in written_elsewhere(reader, self.journey) if each.at]

    def _who(self, written: list[Any], elsewhere: list[Written]) -> rows.By:
        seats = Seat.objects.filter(subject_id=self.journey.pk, role="doctor", lane__isnull=False)
        doctors = dict(seats.order_by("pk").values_list("lane_id", "organisation_id"))
        people = {getattr(each, name, None) for each in written for name in WRITTEN_BY}
        named = parties.people_named([*people, *(each.person_id for each in elsewhere)])
        said = [getattr(each, "organisation_id", None) for each in [*written, *elsewhere]]
        return rows.By(named, _organisations([*doctors.values(), *said]), doctors)

    def _custodian(self, written: list[Any]) -> Organised | None:
        """The provider on whose lane the newest of these was written."""
        seats = Seat.objects.filter(subject_id=self.journey.pk, role="provider", held_since__isnull=False)
        seat = seats.filter(lane_id=written[-1].lane_id).order_by("-pk").first() if written else None
        key = seat.organisation_id if seat else None
        return _organisations([key]).get(key) if key else None


def _organisations(keys: Iterable[UUID | None]) -> dict[UUID, Organised]:
    found = parties.parties_named(keys)
    return {key: Organised(key, each.name, each.country, each.city) for key, each in found.items()}
