"""Discharge, readmission, fitness to fly, and the records on their way home."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.utils.translation import gettext as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.journeys.steps import note_handed_over
from clearpath.records import lines, policies, queries, signals
from clearpath.records.flying import Wait
from clearpath.records.lines import FollowUp, Medicine, WarningSign
from clearpath.records.models import Discharge, FitToFly, Note
from clearpath.records.pack import missing_in_pack
from clearpath.records.steps.notes import keep
from clearpath.records.treated import pack_of, wait_to_fly
from clearpath.records.wording import fit_to_fly_wording, handed_over_wording
from clearpath.turns.models import Lane
from clearpath.turns.step import announce, remember, step
from clearpath.turns.subject import Subject

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey


@step("records.discharge")
def discharge(
    journey: Subject, *, discharged_on: date, summary: str, medicines: str | Sequence[Medicine] = (),
    warning_signs: str | Sequence[WarningSign], follow_up: str | Sequence[FollowUp], no_medicines: bool = False,
    letter: str = "", images: str = "", lane: Lane | None = None, by: Actor,
) -> Discharge:  # fmt: skip
    """Let the patient go, with what they need at home in writing.

    Refused: discharge_incomplete, medicines_contradict, day_is_ahead.
    """
    texts = {"summary": summary, "letter": letter, "images": images}
    given = (medicines, warning_signs, follow_up)
    return _discharge(journey, discharged_on, texts, *given, lane, by, no_medicines=no_medicines, is_early=False)


@step("records.discharge_early")
def discharge_early(
    journey: Subject, *, discharged_on: date, summary: str, medicines: str | Sequence[Medicine] = (),
    warning_signs: str | Sequence[WarningSign], follow_up: str | Sequence[FollowUp], no_medicines: bool = False,
    letter: str = "", images: str = "", lane: Lane | None = None, by: Actor,
) -> Discharge:  # fmt: skip
    """The same for a patient who leaves the journey after the treatment. Refused: as `discharge`."""
    texts = {"summary": summary, "letter": letter, "images": images}
    given = (medicines, warning_signs, follow_up)
    return _discharge(journey, discharged_on, texts, *given, lane, by, no_medicines=no_medicines, is_early=True)


def _discharge(
    journey: Subject, discharged_on: date, texts: dict[str, str], medicines: str | Sequence[Medicine],
    warning_signs: str | Sequence[WarningSign], follow_up: str | Sequence[FollowUp],
    lane: Lane | None, by: Actor, *, no_medicines: bool, is_early: bool,
) -> Discharge:  # fmt: skip
    by_kind = {
        "medicine": lines.lines_of(Medicine, medicines),
        "warning": lines.lines_of(WarningSign, warning_signs),
        "follow_up": lines.lines_of(FollowUp, follow_up),
    }
    stated = {
        "medicines": lines.said(by_kind["medicine"]),
        "warning_signs": lines.said(by_kind["warning"]),
        "follow_up": lines.said(by_kind["follow_up"]),
    }
    refuse_if(
        policies.why_not_discharge(
            discharged_on, texts["summary"], **stated, no_medicines=no_medicines, today=by.now.date()
        )
    )
    assert lane is not None  # noqa: S101 - a doctor's step is about a lane
    content = texts | stated | {f"{name}_lines": lines.kept(each) for name, each in by_kind.items()}
    remember(discharged_on=discharged_on, no_medicines=no_medicines, **content)
    return Discharge.objects.create(
        journey_id=journey.pk,
        lane=lane,
        discharged_on=discharged_on,
        no_medicines=no_medicines,
        is_early=is_early,
        written_at=by.now,
        written_by_id=cast(UUID, by.person_id),
        **content,
    )


@step("records.readmit")
def readmit(journey: Subject, *, reason: str, lane: Lane | None = None, by: Actor) -> Note:
    """Take the patient in again; what was said about flying and home no longer holds. Refused: text_needed."""
    refuse_if(policies.why_not_without_text(reason))
    announce(signals.readmitted, journey_id=journey.pk)
    return keep(journey, Note.Kind.READMISSION, reason, lane, by)


@step("records.declare_fit_to_fly")
def declare_fit_to_fly(
    journey: Subject,
    *,
    fit_from: date,
    fit_until: date,
    text: str = "",
    flight_days: int | None = None,
    why_flight_days: str = "",
    lane: Lane | None = None,
    by: Actor,
) -> FitToFly:
    """Certify on which days the patient may fly, both included.

    `flight_days` with a reason is needed only where neither the table nor an opinion says how long to wait.
    Refused: fit_ends_before_it_begins, fit_before_discharge, flight_days_needed, fit_too_early.
    """
    last = Discharge.objects.filter(journey_id=journey.pk).order_by("-pk").first()
    discharged_on = last.discharged_on if last else None
    assert lane is not None  # noqa: S101 - a doctor's step is about a lane
    treated_on, wait = wait_to_fly(journey.pk, lane.pk)
    if flight_days is not None and why_flight_days.strip() and (wait is None or flight_days > wait.days):
        wait = Wait(flight_days)
    refuse_if(
        policies.why_not_declare_fit(
            fit_from, fit_until, discharged_on=discharged_on, treated_on=treated_on or discharged_on, wait=wait
        )
    )
    certificate = fit_to_fly_wording(fit_from, fit_until, "\n\n".join(filter(None, [text, why_flight_days])))
    remember(fit_from=fit_from, fit_until=fit_until, text=certificate)
    return FitToFly.objects.create(
        journey_id=journey.pk,
        lane=lane,
        fit_from=fit_from,
        fit_until=fit_until,
        text=certificate,
        declared_at=by.now,
        declared_by_id=cast(UUID, by.person_id),
    )


@step("records.hand_over_home")
def hand_over_home(
    journey: "Journey",
    *,
    text: str = "",
    added: Mapping[str, str] | None = None,
    lane: Lane | None = None,
    by: Actor,
) -> Note:
    """Hand the records to the patient, and to the doctor at home where the patient agreed; else they are left out.

    `text` is the letter to the doctor at home, `added` what was still missing in the pack, by the key of what was.
    Refused: pack_incomplete.
    """
    given = {key: said for key, said in {**(added or {}), "letter": text}.items() if said.strip()}
    refuse_if(policies.why_not_hand_over(missing_in_pack(pack_of(journey.pk, added=given))))
    doctors = queries.home_doctors(journey)
    agreed = [key for key, has_agreed in doctors if has_agreed]
    left_out = [key for key, has_agreed in doctors if not has_agreed]
    for key in agreed:
        what = _("Health records and discharge papers")
        note_handed_over(journey, key, "clinical", "records.hand_over_home", what, by)
    remember(handed_to=agreed, left_out=left_out)
    names = queries.names_of(agreed + left_out)
    wording = handed_over_wording([names[key] for key in agreed], [names[key] for key in left_out], text)
    return keep(journey, Note.Kind.HAND_OVER, wording, lane, by, details=given)


@step("records.record_death")
def record_death(journey: Subject, *, died_on: date, text: str = "", lane: Lane | None = None, by: Actor) -> Note:
    """Record that the patient has died. Refused: day_is_ahead."""
    refuse_if(policies.why_not_on(died_on, today=by.now.date()))
    return keep(journey, Note.Kind.DEATH, text, lane, by, happened_on=died_on)
