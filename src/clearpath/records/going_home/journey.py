"""The one place where rows of a journey become facts that can go home."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from django.db.models import Model
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound
from clearpath.parties import queries as parties
from clearpath.records.fhir.facts import (
    Agreed,
    Author,
    Certified,
    Discharged,
    Filed,
    Noted,
    Opined,
    Organised,
    Performed,
    Traveller,
)
from clearpath.records.going_home.parcel import Parcel
from clearpath.records.models import Discharge, FitToFly, InformedConsent, Note, Opinion, Record
from clearpath.records.written import Written, written_elsewhere
from clearpath.trust import vault
from clearpath.turns.models import Seat
from clearpath.turns.sight import shown, visible

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey

M = TypeVar("M", bound=Model)
FHIR = "application/fhir+json"
LONGEST_NAME = 200  # letters of the first line of what was done, as its name
JUDGED = {Note.Kind.SECOND_OPINION, Note.Kind.ADVICE_AGAINST, Note.Kind.ADVICE_WITHDRAWN, Note.Kind.CLEARANCE}
HAPPENED = {Note.Kind.READMISSION, Note.Kind.DEATH}


def parcel_of(journey: "Journey", *, language: str, at: datetime, seen_by: Actor | None = None) -> Parcel:
    """Everything clinical on a journey; as far as `seen_by` may see it, or all of it where nobody is named."""
    with translation.override(language):
        return _Rows(journey, seen_by, at).parcel()


@dataclass(slots=True)
class _Rows:
    journey: "Journey"
    seen_by: Actor | None
    at: datetime

    def parcel(self) -> Parcel:
        opinions, notes = self._all(Opinion, "given_at"), self._all(Note, "written_at")
        discharges, certificates = self._all(Discharge, "written_at"), self._all(FitToFly, "declared_at")
        consents = self._all(InformedConsent, "given_at")
        elsewhere = self._elsewhere()
        by = self._authors([*opinions, *notes, *discharges, *certificates, *consents], elsewhere)
        treated = [each for each in notes if each.kind == Note.Kind.TREATMENT]
        return Parcel(
            patient=self._patient(notes),
            files=tuple(self._files()),
            opinions=tuple(
                Opined(
                    each.pk, each.given_at, by(each.given_by_id, each.lane_id, each.organisation_id),
                    self.journey.procedure or "", str(each.get_suitability_display()), each.plan or "",
                    each.conditions or "", each.risks or "", each.alternatives or "", each.stay_days,
                )
                for each in opinions
            ),
            notes=(*(self._noted(each, by) for each in notes if each.kind in JUDGED),),
            stay=(
                *(self._noted(each, by) for each in notes if each.kind in HAPPENED),
                *(self._told(each, by) for each in elsewhere),
            ),
            treatments=tuple(
                Performed(
                    each.pk, each.written_at, by(each.written_by_id, each.lane_id, each.organisation_id),
                    (each.text or "").partition("\n")[0][:LONGEST_NAME], each.text or "", each.happened_on,
                )
                for each in treated
            ),
            discharges=tuple(
                Discharged(
                    each.pk, each.written_at, by(each.written_by_id, each.lane_id), each.discharged_on,
                    each.summary or "", each.medicines or "", each.warning_signs or "", each.follow_up or "",
                )
                for each in discharges
            ),
            certificates=tuple(
                Certified(
                    each.pk, each.declared_at, by(each.declared_by_id, each.lane_id), each.fit_from, each.fit_until,
                    each.text or "",
                )
                for each in certificates
            ),
            consents=tuple(
                Agreed(
                    each.pk, each.given_at, by(each.given_by_id, role="patient"), each.wording or "", each.language,
                    each.explanation.text or "", each.withdrawn_at,
                )
                for each in consents
            ),
            custodian=self._custodian(discharges or opinions),
            story=str(self._own().story or ""),
        )  # fmt: skip

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

    def _files(self) -> Iterable[tuple[Filed, bytes]]:
        """In the order received; what was erased is gone."""
        for each in self._all(Record, "sha256"):
            try:
                content = vault.open_sealed(bytes(each.sealed), about=each.pk) if each.media_type == FHIR else b""
            except NotFound:
                continue
            title = each.title or str(_("Health record"))
            yield (
                Filed(
                    each.pk, each.received_at, title, each.media_type, each.size, each.sha256,
                    each.received_from or "", each.added_as,
                ),
                content,
            )  # fmt: skip

    def _elsewhere(self) -> list[Written]:
        """What doctors wrote in packages above, seen as the patient sees it, who sees all of their own."""
        reader = self.seen_by or Actor(role="patient", now=self.at, person_id=self.journey.about_id)
        return [each for each in written_elsewhere(reader, self.journey) if each.at]

    def _noted(self, note: Note, by: "By") -> Noted:
        author = by(note.written_by_id, note.lane_id, note.organisation_id)
        return Noted(note.pk, note.written_at, author, str(note.get_kind_display()), note.text or "", note.happened_on)

    def _told(self, written: Written, by: "By") -> Noted:
        text = "\n".join(f"{each.heading}: {each.text}" if each.heading else str(each.text) for each in written.parts)
        key = UUID(int=(self.journey.pk.int ^ int(written.at.timestamp())) & ((1 << 128) - 1))
        author = by(written.person_id, organisation=written.organisation_id)
        return Noted(key, written.at, author, str(written.name), text, written.on)

    def _authors(self, rows: list[Any], elsewhere: list[Written]) -> "By":
        seats = Seat.objects.filter(subject_id=self.journey.pk, role="doctor", lane__isnull=False)
        doctors = dict(seats.order_by("pk").values_list("lane_id", "organisation_id"))
        people = {getattr(each, name, None) for each in rows for name in WRITTEN_BY}
        named = parties.people_named([*people, *(each.person_id for each in elsewhere)])
        said = [getattr(each, "organisation_id", None) for each in rows] + [each.organisation_id for each in elsewhere]
        organisations = organisations_of([*doctors.values(), *said])
        return By(named, organisations, doctors)

    def _custodian(self, rows: list[Any]) -> Organised | None:
        """The provider on whose lane the newest of these was written."""
        if not rows:
            return None
        seat = (
            Seat.objects.filter(
                subject_id=self.journey.pk, role="provider", lane_id=rows[-1].lane_id, held_since__isnull=False
            )
            .order_by("-pk")
            .first()
        )
        key = seat.organisation_id if seat else None
        return organisations_of([key]).get(key) if key else None


WRITTEN_BY = ("given_by_id", "written_by_id", "declared_by_id")


@dataclass(frozen=True, slots=True)
class By:
    """Finds who wrote something: the person, and the organisation named there or on the doctor's seat of the lane."""

    people: dict[UUID, str]
    organisations: dict[UUID, Organised]
    doctors: dict[Any, Any]  # the doctor's organisation by lane

    def __call__(
        self, person: UUID, lane: UUID | None = None, organisation: UUID | None = None, *, role: str = "doctor"
    ) -> Author:
        key = organisation or self.doctors.get(lane)
        return Author(person, self.people.get(person, ""), self.organisations.get(key) if key else None, role)


def organisations_of(keys: Iterable[UUID | None]) -> dict[UUID, Organised]:
    found = parties.parties_named(keys)
    return {key: Organised(key, each.name, each.country, each.city) for key, each in found.items()}
