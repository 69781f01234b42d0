"""Two journeys on which every data class carries a word of its own, that stands nowhere else."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from clearpath.agreements import steps as agreements
from clearpath.charter.actor import Actor
from clearpath.charter.document import default_charter
from clearpath.complaints import steps as complaints
from clearpath.config.demo import walk
from clearpath.journeys.queries import has_consent
from clearpath.marketing import steps as marketing
from clearpath.offers import steps as offers
from clearpath.records import steps as records
from clearpath.turns.models import Seat
from tests.factories import NOON, actor_at, make_organisation, make_person, steward

CLASSES = tuple(default_charter().data)


@dataclass
class Network:
    """Everybody, and the two journeys."""

    organisations: dict[str, Any] = field(default_factory=dict)
    cases: list[walk.Case] = field(default_factory=list)
    subjects: list[Any] = field(default_factory=list)
    actors: dict[str, Actor] = field(default_factory=dict)


def word(data_class: str, number: int) -> str:
    return f"canary{data_class}{number}x"


def pair(organisation: Any, role: str) -> tuple[Any, Any]:
    return organisation.pk, actor_at(organisation, role).person_id


def make_network() -> Network:
    """Journey 0 went all the way, begun by an agency's lead; journey 1 belongs to others and waits for a decision."""
    steward()
    network = Network()
    made = network.organisations
    for name, role in (
        ("guide", "facilitator"), ("guide2", "facilitator"), ("hospital", "provider"), ("hospital2", "provider"),
        ("surgeon", "doctor"), ("surgeon2", "doctor"), ("agency", "agency"), ("agency2", "agency"),
        ("organizer", "organizer"),
    ):  # fmt: skip
        made[name] = make_organisation(role, name=f"{name} house")
        network.actors[name] = actor_at(made[name], role)
    network.actors["steward"] = steward()
    for number, end in enumerate(("reported", "told")):
        network.cases.append(make_case(network, number, end))
    for number, case in enumerate(network.cases):
        network.actors[f"patient{number}"] = Actor(role="patient", now=NOON, person_id=case.patient)
    network.actors["stranger"] = Actor(role="patient", now=NOON, person_id=make_person("Nobody").pk)
    complaint = complaints.raise_complaint(
        text=word("complaint", 0),
        category="service",
        journey_id=network.cases[0].journey.pk,
        by=network.actors["patient0"],
    )
    agreement = agreements.draft(
        title=word("business", 0), second_id=made["hospital"].pk, second_role="provider", by=network.actors["guide"]
    )
    network.subjects += [complaint, agreement, *[case.journey for case in network.cases]]
    network.subjects += [made[name] for name in ("guide", "hospital", "agency")]
    return network


def make_case(network: Network, number: int, end: str) -> walk.Case:
    made = network.organisations
    order = ["hospital", "hospital2"] if number == 0 else ["hospital2"]
    doctors = ["surgeon", "surgeon2"] if number == 0 else ["surgeon2"]
    guide = "guide" if number == 0 else "guide2"
    case = walk.Case(
        name=word("identity", number),
        country="KW",
        language="en",
        procedure=word("clinical", number),
        patient=make_person().pk,
        facilitator=pair(made[guide], "facilitator"),
        providers=[pair(made[name], "provider") for name in order],
        doctors=[pair(made[name], "doctor") for name in doctors],
        summary=b'{"resourceType": "Bundle", "type": "document", "entry": []}',
        clock=lambda: next(moments),  # known below: before the choice everybody sleeps on it
        price_minor=1_000_000,
    )
    chosen = walk.moves_until(case, "chosen")
    moments = (NOON - timedelta(hours=84 - move - (24 if move >= chosen else 0)) for move in range(1, 60))
    if number == 0:
        case.begin = lambda c: from_lead(network, c)
    go(case, end, number)
    return case


def go(case: walk.Case, end: str, number: int) -> None:
    """The straight path, with canaries in the texts that the path itself does not ask for."""
    walk.go(case, "records")
    journey = case.journey
    type(journey).objects.filter(pk=journey.pk).update(
        phone=word("contact", number), email=word("contact", number), wishes=word("travel", number),
        came_from=word("source", number), story=word("clinical", number),
    )  # fmt: skip
    done = walk.moves_until(case, "records")
    for reached, move in list(walk.straight_path(case))[done:]:
        walk.tick(case)
        if reached == "offer":
            walk.offer(case, len(case.offers))
            made = case.offers[-1]
            type(made).objects.filter(pk=made.pk).update(includes=word("offer", number * 2 + len(case.offers) - 1))
        else:
            move(case)
        walk.settle_down(case)
        if reached == "decision":
            records.ask_question(journey, text=word("clinical", number), by=case.doctor())
            for lane, asked in enumerate(offers.ask_question(journey, text="How long?", by=case.patient_now())):
                text = word("offer", number * 2 + lane)
                offers.answer_question(journey, asked, text=text, by=case.desk(lane))
        if reached == end:
            break
    if end == "reported":
        report = journey.reports.get()
        report.text = word("outcome", number)
        report.save()


def from_lead(network: Network, case: walk.Case) -> Any:
    agency = network.actors["agency"]
    client = network.actors["guide"]
    campaign = marketing.publish_brief(
        name=word("business", 1),
        services="joints",
        agency_id=agency.organisation_id,
        doctor_id=network.organisations["surgeon"].pk,
        by=client,
    )
    marketing.propose_campaign(campaign, plan="plan", by=agency)
    marketing.accept_campaign(campaign, by=client)
    lead = marketing.record_lead(
        campaign_id=campaign.pk,
        name=word("identity", 0),
        asks=word("clinical", 0),
        country="KW",
        language="en",
        consent_wording="You may call me.",
        consent_language="en",
        consented_at=case.now,
        phone=word("contact", 0) + " +965 5000 0001",
        email=f"{word('contact', 0)}@example.org",
        by=agency,
    )
    marketing.hand_over_lead(lead, facilitator_id=case.facilitator[0], by=agency)
    network.subjects += [campaign, lead]
    journey = marketing.take_lead(lead, procedure=word("clinical", 0), country="KW", by=case.guide())
    case.patient = journey.about_id
    return journey


def may_see(actor: Actor, data_class: str, case: walk.Case, lane: int = 0) -> bool:
    """What the charter's table says, computed without the code under test: who sits there, who has consent."""
    mode = default_charter().data[data_class].get(actor.role)
    seats = Seat.objects.filter(
        subject_id=case.journey.pk, ended_at=None, held_since__isnull=False, role=actor.role
    ).filter(organisation_id=actor.organisation_id)
    sits = seats.exists() if actor.organisation_id else actor.person_id == case.patient
    if mode == "own":
        own = {case.patient} | {key for key, _person in case.providers[lane : lane + 1]}
        return bool({actor.person_id, actor.organisation_id} & own)
    if mode == "seat":
        return sits
    return mode == "consent" and sits and has_consent(case.journey, actor.party, data_class)
