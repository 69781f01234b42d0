"""Records come in, and missing ones are asked for."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast
from uuid import UUID

import orjson

from clearpath import jobs
from clearpath.charter.actor import Actor
from clearpath.core.identifiers import new_id
from clearpath.core.outcomes import refuse_if
from clearpath.records import policies
from clearpath.records.index import fill
from clearpath.records.models import PapersAsked, Record, RecordNumber
from clearpath.records.received import FHIR, Received, examine
from clearpath.records.received.told import Person, Sameness, compare
from clearpath.trust import vault
from clearpath.trust.keys import keyed_hash, keyed_hashes
from clearpath.turns.step import remember, step
from clearpath.turns.subject import Subject

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey

MOST_LEFT_OUT = 500  # files of an archive that are named, of those that were not kept


@step("records.add")
def add(
    journey: Subject,
    *,
    content: bytes | Received,
    title: str = "",
    received_from: str = "",
    confirmed: bool = False,
    plan: fill.Plan | None = None,
    by: Actor,
) -> Record:
    """Add a file of health data; its bytes are kept exactly as received, and sealed.

    Whoever can, examines it before (`received.examine`): here everybody else waits for it. An archive is kept with
    the files in it, each a record of its own. `confirmed`: the sender looked, and says that it is the patient's.
    `plan` says which of its resources are new versions of what is there.
    Refused: empty_file, file_too_large, file_type_unknown, not_fhir, fhir_unreadable, too_many_parts, xml_broken,
    xml_with_entities, archive_broken, archive_encrypted, archive_too_many, archive_too_large, archive_too_deep,
    archive_without_records, two_patients, other_patient, patient_unsure (unless confirmed), infected,
    scanner_unreachable, record_already_there, resource_has_changed.
    """
    received = content if isinstance(content, Received) else examine(content)
    hashes = [received.sha256, *(each.received.sha256 for each in received.members)]
    known = set(Record.objects.filter(journey_id=journey.pk, sha256__in=hashes).values_list("sha256", flat=True))
    whose = whose_is(cast("Journey", journey), received)
    refuse_if(
        policies.why_not_add(received.objection, already=received.sha256 in known, whose=whose, confirmed=confirmed)
    )
    remember(sha256=received.sha256, media_type=received.media_type, title=title, confirmed=confirmed)
    keep = partial(_keep, journey=journey, received_from=received_from, confirmed=whose == "unsure", by=by)
    there = tuple((each.path, policies.ALREADY_THERE) for each in received.members if each.received.sha256 in known)
    record = keep(replace(received, left_out=received.left_out + there), title=title, plan=plan)
    for each in received.members:
        if each.received.sha256 not in known:
            keep(each.received, title=each.path, part_of=record)
    return record


def whose_is(journey: "Journey", received: Received) -> Sameness:
    """Whether a file, and every file in it, is about the journey's patient, as far as it says. Changes nothing."""
    verdicts = {_whose(journey, person) for person in people_in(received)}
    return next((each for each in ("other", "unsure") if each in verdicts), "same")


def people_in(received: Received) -> Iterator[Person]:
    yield from received.told.people
    for each in received.members:
        yield from each.received.told.people


def _whose(journey: "Journey", person: Person) -> Sameness:
    known = RecordNumber.objects.filter(record__journey_id=journey.pk, kind=RecordNumber.Kind.PATIENT)
    numbers = [each for identifier in person.identifiers for each in keyed_hashes("|".join(identifier))]
    givers = [each for giver, _number in person.identifiers for each in keyed_hashes(giver)]
    shares = bool(numbers) and known.filter(number_hash__in=numbers).exists()
    clashes = bool(givers) and not shares and known.filter(giver_hash__in=givers).exists()
    return compare(person, journey.patient_name, journey.born_on, shares=shares, clashes=clashes)


def _keep(
    received: Received,
    *,
    journey: Subject,
    title: str,
    received_from: str,
    confirmed: bool,
    by: Actor,
    part_of: Record | None = None,
    plan: fill.Plan | None = None,
) -> Record:
    key = new_id()
    seal = vault.sealer(key)
    record = Record.objects.create(
        id=key,
        journey_id=journey.pk,
        title=title.strip(),
        media_type=received.media_type,
        size=len(received.content),
        sha256=received.sha256,
        sealed=seal(received.content),
        received_at=by.now,
        received_from=received_from.strip(),
        added_by_id=cast(UUID, by.person_id),
        added_as=by.role,
        part_of=part_of,
        version_of=_earlier_version(journey, received),
        told=json.dumps(dict(received.told.facts), ensure_ascii=False) if received.told.facts else "",
        findings=orjson.dumps(received.findings).decode() if received.findings else "",
        defects=None if received.findings is None else len(received.findings),
        left_out=json.dumps([[path, why.code, str(why.message)] for path, why in received.left_out[:MOST_LEFT_OUT]])
        if received.left_out
        else "",
        is_scanned=received.is_scanned,
        is_confirmed=confirmed,
    )
    patient = {each for person in received.told.people for each in person.identifiers}
    RecordNumber.objects.bulk_create(
        RecordNumber(
            record=record,
            kind=kind,
            giver_hash=keyed_hash(giver),
            number_hash=keyed_hash(f"{giver}|{number}"),
        )
        for kind, numbers in (("document", received.told.numbers), ("patient", patient))
        for giver, number in sorted(numbers)
    )
    fill.index_record(record, received.parsed or received.content, at=by.now, plan=plan, seal=seal)
    if received.media_type == FHIR:
        jobs.later("records.digest", {"record": str(key)})
    return record


def _earlier_version(journey: Subject, received: Received) -> Record | None:
    """The first record of the journey that bears the same number of a document: another version of it."""
    hashes = [each for number in received.told.numbers for each in keyed_hashes("|".join(number))]
    if not hashes:
        return None
    found = Record.objects.filter(
        journey_id=journey.pk, numbers__kind=RecordNumber.Kind.DOCUMENT, numbers__number_hash__in=hashes
    )
    return found.defer("sealed").order_by("pk").first()


@step("records.request_missing")
def request_missing(journey: Subject, *, text: str, by: Actor) -> PapersAsked:
    """Ask the patient for papers that are missing. Refused: text_needed."""
    refuse_if(policies.why_not_without_text(text))
    remember(text=text)
    return PapersAsked.objects.create(
        journey_id=journey.pk, text=text, asked_at=by.now, asked_by_id=cast(UUID, by.person_id)
    )
