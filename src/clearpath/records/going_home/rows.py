"""One row of the journey as one fact that can go home."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.utils.translation import gettext as _

from clearpath.records.explaining import VERDICTS
from clearpath.records.fhir.facts import (
    Agreed,
    Author,
    Certified,
    Discharged,
    Headed,
    Implanted,
    Noted,
    Opined,
    Organised,
    Performed,
    Prescribed,
)
from clearpath.records.flying import EVENTS, strictest
from clearpath.records.lines import FollowUp, Medicine, read_back, said
from clearpath.records.models import Discharge, FitToFly, Implant, InformedConsent, Note, Opinion
from clearpath.records.treated import details_of
from clearpath.records.written import DETAILS, Written

LONGEST_NAME = 200  # letters of the first line of what was done, as its name


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


def opined(row: Opinion, asked: str, by: By) -> Opined:
    return Opined(
        id=row.pk,
        at=row.given_at,
        by=by(row.given_by_id, row.lane_id, row.organisation_id),
        asked=asked,
        suitability=row.get_suitability_display(),
        plan=row.plan or "",
        conditions=row.conditions or "",
        risks=row.risks or "",
        alternatives=row.alternatives or "",
        stay_days=row.stay_days,
        more=_headed(
            (_("Days from the treatment to the flight home"), _flight_days(row)),
            (_("Surgeon"), _joined(row.surgeon, row.surgeon_registration)),
            (_("Anaesthetist"), _joined(row.anaesthetist, row.anaesthetist_registration)),
        ),
    )


def _flight_days(row: Opinion) -> str:
    """How many days, and who says so: the table's authority, the doctor, or both."""
    if not row.flight_days:
        return ""
    rule = strictest(row.event)
    by_table = f"{EVENTS[row.event]}: {rule.days} ({rule.authority}, {rule.source}, {rule.read_on})" if rule else ""
    return "\n".join(filter(None, [str(row.flight_days), by_table, row.why_flight_days]))


def noted(row: Note, by: By) -> Noted:
    author = by(row.written_by_id, row.lane_id, row.organisation_id)
    return Noted(row.pk, row.written_at, author, row.get_kind_display(), row.text or "", row.happened_on, _details(row))


def told(written: Written, journey_id: UUID, by: By) -> Noted:
    """What a doctor wrote in a package above, which gives it a name and texts."""
    text = "\n".join(f"{each.heading}: {each.text}" if each.heading else str(each.text) for each in written.parts)
    author = by(written.person_id, organisation=written.organisation_id)
    key = uuid5(journey_id, f"{written.kind} {written.at.isoformat()}")
    return Noted(key, written.at, author, str(written.name), text, written.on)


def performed(row: Note, by: By) -> Performed:
    return Performed(
        id=row.pk,
        at=row.written_at,
        by=by(row.written_by_id, row.lane_id, row.organisation_id),
        name=(row.text or "").partition("\n")[0][:LONGEST_NAME],
        text=row.text or "",
        on=row.happened_on,
        more=_details(row),
    )


def _details(row: Note) -> Headed:
    details = details_of(row)
    found = [(str(DETAILS[key]), str(VERDICTS.get(text, text))) for key, text in details.items() if key in DETAILS]
    if details.get("implants") == "none":
        found.append((_("Implants"), _("None")))
    return _headed(*found)


def implanted(row: Implant, on: date | None, by: By) -> Implanted:
    return Implanted(
        id=row.pk,
        at=row.implanted_at,
        by=by(row.written_by_id, row.lane_id),
        name=row.name or "",
        udi=row.udi or "",
        device_identifier=row.device_identifier or "",
        lot=row.lot or "",
        serial=row.serial or "",
        made_on=_day(row.made_on),
        expires_on=_day(row.expires_on),
        on=on,
    )


def prescribed(row: Discharge, by: By) -> Iterator[Prescribed]:
    """The medicines that were entered with a dose. A line with a name alone may be any text, and stays a text."""
    lines = read_back(Medicine, row.medicine_lines)
    for number, line in enumerate(lines if _are_facts(lines) else ()):
        dose = " · ".join(filter(None, (line.dose, line.how_often, line.until)))
        author = by(row.written_by_id, row.lane_id)
        yield Prescribed(uuid5(row.pk, f"medicine {number}"), row.written_at, author, line.name, dose)


def _are_facts(lines: tuple[Medicine, ...]) -> bool:
    return bool(lines) and all(each.dose or each.how_often for each in lines)


def discharged(row: Discharge, by: By, *, is_newest: bool) -> Discharged:
    """Medicines of an earlier discharge are history: a text, and no facts that hold now."""
    are_facts = is_newest and _are_facts(read_back(Medicine, row.medicine_lines))
    medicines = "" if are_facts else row.medicines or ""
    return Discharged(
        id=row.pk,
        at=row.written_at,
        by=by(row.written_by_id, row.lane_id),
        on=row.discharged_on,
        summary=row.summary or "",
        medicines=medicines or (_("None") if row.no_medicines else ""),
        warning_signs=row.warning_signs or "",
        follow_up=row.follow_up or "",
        appointments=tuple(said([each]) for each in read_back(FollowUp, row.follow_up_lines)),
        more=_headed((_("Images given"), row.images or ""), (_("Letter to the doctor at home"), row.letter or "")),
        is_replaced=not is_newest,
    )


def certified(row: FitToFly, by: By) -> Certified:
    author = by(row.declared_by_id, row.lane_id)
    return Certified(row.pk, row.declared_at, author, row.fit_from, row.fit_until, row.text or "")


def agreed(row: InformedConsent, by: By) -> Agreed:
    explained = "\n".join(filter(None, [row.explanation.text, *map(": ".join, _details(row.explanation))]))
    author = by(row.given_by_id, role="patient")
    return Agreed(row.pk, row.given_at, author, row.wording or "", row.language, explained, row.withdrawn_at)


def _headed(*texts: tuple[str, str]) -> Headed:
    return tuple((heading, text) for heading, text in texts if text)


def _joined(*texts: str | None) -> str:
    return " · ".join(filter(None, texts))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
