"""What doctors wrote on a journey, and the patient about the treatment, as rows for a page."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.parties import queries as parties
from clearpath.records.explaining import EXPLANATION, VERDICTS
from clearpath.records.flying import EVENTS, strictest
from clearpath.records.models import Discharge, FitToFly, Implant, InformedConsent, Note, Opinion
from clearpath.records.pack import OPERATION
from clearpath.turns.sight import Shown, shown, visible
from clearpath.turns.subject import Subject


@dataclass(frozen=True, slots=True)
class Part:
    """One text under its heading."""

    heading: Any
    text: Any


@dataclass(frozen=True, slots=True)
class Written:
    """Something written: by whom and when, and its texts as far as the reader may see them.

    `on` is the day on which it happened, where that is not the day of writing.
    """

    kind: str
    name: Any
    at: datetime
    person_id: UUID
    organisation_id: UUID | None = None
    role: str = "doctor"
    on: date | None = None
    parts: tuple[Part, ...] = ()
    by: str = ""
    organisation: str = ""


Source = Callable[[Actor, Subject], Iterable[Written]]
_sources: list[Source] = []


def also_written(source: Source) -> Source:
    """Register a function of a package above that gives what doctors wrote there, blanked for the reader."""
    _sources.append(source)
    return source


def written_elsewhere(actor: Actor, journey: Subject) -> list[Written]:
    """What doctors wrote in packages above, as they registered it."""
    return [each for source in _sources for each in source(actor, journey)]


def written_for(actor: Actor, journey: Subject) -> list[Written]:
    """Everything written on a journey that the actor sees something of, newest first."""
    entries = [*_entries(actor, journey), *written_elsewhere(actor, journey)]
    people = parties.people_named(each.person_id for each in entries)
    organisations = parties.names_of(each.organisation_id for each in entries)
    named = [
        replace(
            each,
            by=people.get(each.person_id, ""),
            organisation=organisations.get(each.organisation_id, "") if each.organisation_id else "",
        )
        for each in entries
    ]
    return sorted(named, key=lambda each: each.at, reverse=True)


def side_by_side(written: list[Written]) -> list[Written]:
    """The newest first opinion and every second one, to be read beside each other; nothing where there is no second."""
    seconds = [each for each in written if each.kind == Note.Kind.SECOND_OPINION]
    first = next((each for each in written if each.kind == "opinion"), None)
    return [first, *seconds] if first and seconds else []


def _entries(actor: Actor, journey: Subject) -> Iterator[Written]:
    for opinion in visible(Opinion, to=actor).filter(journey_id=journey.pk).order_by("-pk"):
        yield _opinion(opinion, actor)
    for note in visible(Note, to=actor).filter(journey_id=journey.pk).order_by("-pk"):
        yield _note(note, actor)
    for implant in visible(Implant, to=actor).filter(journey_id=journey.pk).order_by("-pk"):
        yield _implant(implant, actor)
    for consent in visible(InformedConsent, to=actor).filter(journey_id=journey.pk).order_by("-pk"):
        yield _informed_consent(consent, actor)
    for discharge in visible(Discharge, to=actor).filter(journey_id=journey.pk).order_by("-pk"):
        yield _discharge(discharge, actor)
    for fit in visible(FitToFly, to=actor).filter(journey_id=journey.pk).order_by("-pk"):
        if shown(fit, to=actor).declared_at:  # else only the days are seen, and those stand with the travel
            yield _fit_to_fly(fit, actor)


def _parts(*parts: tuple[Any, Any]) -> tuple[Part, ...]:
    return tuple(Part(heading, text) for heading, text in parts if text)


def _opinion(opinion: Opinion, actor: Actor) -> Written:
    seen = shown(opinion, to=actor)
    parts = _parts(
        (_("Does the treatment suit?"), opinion.get_suitability_display() if seen.suitability else ""),
        (_("What must hold first"), seen.conditions),
        (_("Plan"), seen.plan),
        (_("Risks"), seen.risks),
        (_("Alternatives"), seen.alternatives),
        (_("Days from arrival to the flight home"), seen.stay_days),
        (_("Days from the treatment to the flight home"), _flight_days(seen)),
        (_("Surgeon"), _named(seen.surgeon, seen.surgeon_registration)),
        (_("Anaesthetist"), _named(seen.anaesthetist, seen.anaesthetist_registration)),
    )
    name = _("Medical opinion")
    return Written("opinion", name, seen.given_at, opinion.given_by_id, opinion.organisation_id, parts=parts)


def _named(name: str, registration: str) -> str:
    return " · ".join(filter(None, [name, registration]))


def _flight_days(seen: Shown) -> str:
    """The days, and who says so: the table with its source, the doctor, or both."""
    if not seen.flight_days:
        return ""
    rule = strictest(seen.event)
    by_table = f"{EVENTS[seen.event]}: {rule.days} ({rule.authority}, {rule.source}, {rule.read_on})" if rule else ""
    return "\n".join(filter(None, [str(seen.flight_days), by_table, seen.why_flight_days]))


ROLES: Mapping[str, str] = {
    Note.Kind.SECOND_OPINION: "second_doctor",
    Note.Kind.ACKNOWLEDGED: "home_doctor",
    Note.Kind.ASKED_BACK: "home_doctor",
}


def _note(note: Note, actor: Actor) -> Written:
    seen = shown(note, to=actor)
    return Written(
        note.kind,
        note.get_kind_display(),
        seen.written_at,
        note.written_by_id,
        note.organisation_id,
        role=ROLES.get(note.kind, "doctor"),
        on=seen.happened_on or None,
        parts=_parts(("", seen.text), *_details(seen)),
    )


DETAILS: Mapping[str, Any] = {**OPERATION, **EXPLANATION, "verdict": _("Of the first opinion")}


def _details(seen: Shown) -> list[tuple[Any, Any]]:
    """The further texts of a note under their headings, as far as this reader sees them."""
    said = json.loads(seen.details) if seen.details else {}
    found = [(DETAILS[key], VERDICTS.get(text, text)) for key, text in said.items() if key in DETAILS]
    if said.get("implants") == "none":
        found.append((_("Implants"), _("None")))
    if said.get("event"):
        found.append((_("For the days before a flight"), EVENTS.get(said["event"], said["event"])))
    return found


def _implant(implant: Implant, actor: Actor) -> Written:
    seen = shown(implant, to=actor)
    parts = _parts(
        ("", seen.name),
        (_("Device identifier"), seen.device_identifier),
        (_("Lot"), seen.lot),
        (_("Serial number"), seen.serial),
        (_("Made on"), seen.made_on),
        (_("Expires on"), seen.expires_on),
        (_("Text of the label"), seen.udi),
    )
    return Written("implant", _("Implant"), seen.implanted_at, implant.written_by_id, parts=parts)


def _informed_consent(consent: InformedConsent, actor: Actor) -> Written:
    seen = shown(consent, to=actor)
    name = _("Consent to treatment, taken back") if consent.withdrawn_at else _("Consent to treatment")
    parts = _parts(("", seen.wording), (_("Why it was taken back"), seen.why_withdrawn))
    at = seen.withdrawn_at or seen.given_at
    return Written("informed_consent", name, at, consent.given_by_id, role="patient", parts=parts)


def _discharge(discharge: Discharge, actor: Actor) -> Written:
    seen = shown(discharge, to=actor)
    parts = _parts(
        (_("Summary"), seen.summary),
        (_("Medicines"), seen.medicines or (_("None") if seen.no_medicines else "")),
        (_("Warning signs"), seen.warning_signs),
        (_("What follows"), seen.follow_up),
        (_("Images given"), seen.images),
        (_("Letter to the doctor at home"), seen.letter),
    )
    by = discharge.written_by_id
    return Written("discharge", _("Discharge"), seen.written_at, by, on=seen.discharged_on, parts=parts)


def _fit_to_fly(fit: FitToFly, actor: Actor) -> Written:
    seen = shown(fit, to=actor)
    return Written("fit_to_fly", _("Fit to fly"), seen.declared_at, fit.declared_by_id, parts=_parts(("", seen.text)))
