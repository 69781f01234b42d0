"""Makes the demo network: parties, a campaign with leads, agreements, a forum, and 60 journeys in all stages."""

import json
import random
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib import resources
from typing import Any
from uuid import UUID

import yaml

from clearpath import jobs
from clearpath.agreements import steps as agreements
from clearpath.agreements.drafting import clauses_for
from clearpath.charter.actor import Actor
from clearpath.complaints import steps as complaints
from clearpath.config.demo import directory
from clearpath.config.demo.forums import last_forum, next_forum
from clearpath.config.demo.walk import Case, go, moves_until, other_end
from clearpath.marketing import steps as marketing
from clearpath.offers.cooling_off import cooling_off
from clearpath.parties import founding, statements
from clearpath.parties import steps as parties
from clearpath.parties.policies import REQUIRED_EVIDENCE
from clearpath.parties.ties import refresh_ties
from clearpath.stewardship import steps as stewardship
from clearpath.turns.network import look_at
from clearpath.turns.queries import subject_for

Tell = Callable[[int, int], None]

# How far each journey goes and, after a bar, what then happens on it: 60 in all stages.
ENDS = [
    *["inquiry"] * 4, "inquiry|declined", *["answered"] * 2, *["intake"] * 2, "consented", *["records"] * 2,
    *["review"] * 4, "review|question", "review|advised against", *["offer"] * 3, *["decision"] * 3, *["told"] * 3,
    *["chosen"] * 2, "chosen|price", "contract", *["deposit"] * 2, "invited", *["planned"] * 2, "cleared",
    "deposit|withdrawn", "treatment", "admitted", "explained", "agreed", "treated", "agreed|withdrawn",
    *["return"] * 2, "invoiced", "fit", *["aftercare"] * 2, "handed", "handed|warning", *["reported"] * 2, "finished",
    *["closed"] * 5,
]  # fmt: skip


class Network:
    """Keys of everybody on the demo network: organisation and first person by short name."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.plan: dict[str, Any] = yaml.safe_load(_file("network.yaml").decode())
        self.who: dict[str, tuple[UUID, UUID]] = {}
        self.roles: dict[str, str] = {}

    def actor(self, name: str, at: datetime) -> Actor:
        organisation, person = self.who[name]
        return Actor(role=self.roles[name], now=at, organisation_id=organisation, person_id=person)

    def of_role(self, role: str) -> list[str]:
        return [name for name, held in self.roles.items() if held == role]


def load(now: datetime, tell: Tell = lambda _done, _of: None) -> Network:
    """Make the whole demo network. Raises ValueError when this network already has a steward."""
    dice = random.Random(2026)  # noqa: S311 - the demo is the same each time, nothing secret depends on it
    network = Network(now)
    begun = now - timedelta(days=200)
    _found(network, begun)
    for name, row in network.plan["organisations"].items():
        _organisation(network, name, row, begun + timedelta(hours=2))
    _directory(network)
    _ownership(network, begun + timedelta(days=1))
    campaign = _campaign(network, begun + timedelta(days=2))
    _agreements(network, begun + timedelta(days=3))
    next_forum(network, now - timedelta(days=20), follows=last_forum(network))
    summaries = _summaries()
    # Those that went furthest were begun first, so that what has just begun stands first in every list.
    for done, (number, end) in enumerate(reversed(list(enumerate(ENDS)))):
        tell(done, len(ENDS))
        _journey(network, dice, number, end, campaign, next(summaries))
    tell(len(ENDS), len(ENDS))
    while jobs.run_due():
        pass
    return network


def _file(name: str) -> bytes:
    return resources.files("clearpath.config.demo").joinpath(name).read_bytes()


def _summaries() -> Iterator[bytes]:
    """The published summaries, again and again."""
    folder = resources.files("clearpath.config.demo").joinpath("summaries")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".json")), key=lambda file: file.name)
    while True:
        for file in files:
            yield file.read_bytes()


def _person(row: dict[str, Any], zone: str) -> UUID:
    return founding.invent_person(
        name=row["name"],
        language=row["language"],
        time_zone=zone,
        persona=row.get("persona", ""),
        about=row.get("about", ""),
    ).pk


def _found(network: Network, at: datetime) -> None:
    row = network.plan["steward"]
    person = _person(row["person"], row["zone"])
    organisation = founding.found_network(steward=row["name"], country=row["country"], person_id=person, at=at)
    network.who["steward"], network.roles["steward"] = (organisation.pk, person), "steward"
    stewardship.found(_charter(), at)


def _charter() -> str:
    return resources.files("clearpath.charter").joinpath("data/charter.yaml").read_text()


def _organisation(network: Network, name: str, row: dict[str, Any], at: datetime) -> None:
    first, *others = [_person(person, row["zone"]) for person in row["people"]]
    role = row["roles"][0]
    organisation = parties.apply(
        name=row["name"],
        country=row["country"],
        roles=row["roles"],
        city=row["city"],
        register_number=row.get("number", ""),
        time_zone=row["zone"],
        by=Actor(role=role, now=at, person_id=first),
    )
    network.who[name], network.roles[name] = (organisation.pk, first), role
    for person in others:
        founding.add_member(organisation, founding.known_person(person), role, at=at)
    for number, kind in enumerate([*REQUIRED_EVIDENCE[role], "insurance"]):
        parties.add_evidence(
            organisation,
            role=role,
            kind=kind,
            body="Ministry of Health"
            if kind == "licence"
            else "Register of companies"
            if number == 0
            else "Alpine Mutual",
            number=f"{row['country']}-{len(network.who):02}{number}",
            valid_from=(at - timedelta(days=100)).date(),
            valid_to=_ends_on(network, kind),
            source="Public register, seen by the steward",
            by=network.actor(name, at),
        )
    parties.verify(organisation, by=network.actor("steward", at))


def _ends_on(network: Network, kind: str) -> date:
    """Insurance, without which one may still work, ends first: so that warnings are seen and nobody lapses."""
    number = len(network.who)
    return (network.now + timedelta(days=12 * number if kind == "insurance" else 25 + 90 * number)).date()


def _directory(network: Network) -> None:
    """What each hospital shows of itself, with prices and places of these days."""
    for name, said in directory.plan().items():
        directory.bring_in(_subject(network, name), said, network.actor(name, network.now))


def _ownership(network: Network, at: datetime) -> None:
    """Some tell who owns them; what others keep to themselves stands in a register that the network reads."""
    secret = []
    for row in network.plan["ownership"]:
        if row["declared"]:
            share, owned = Decimal(str(row["share"])), network.who[row["owned"]][0]
            parties.declare_ownership(
                _subject(network, row["owner"]), what="owned", other_id=owned, share=share,
                by=network.actor(row["owner"], at),
            )  # fmt: skip
        else:
            secret.append(row)
    statements.keep(json.dumps(_register(network, secret, at)).encode(), at=at)
    refresh_ties(at)


def _subject(network: Network, name: str) -> Any:
    return subject_for(network.actor(name, network.now), "organisation", network.who[name][0])


def _register(network: Network, rows: list[dict[str, Any]], at: datetime) -> list[dict[str, Any]]:
    """Ownership statements as a register publishes them: companies by number, never by the names we know."""
    said = []
    for name in dict.fromkeys(name for row in rows for name in (row["owner"], row["owned"])):
        row = network.plan["organisations"].get(name, {"name": name})
        numbers = [{"scheme": row["register"], "id": row["number"]}] if "register" in row else []
        details = {"entityType": {"type": "registeredEntity"}, "name": row["name"], "identifiers": numbers}
        said.append(_statement(name, "entity", details, at))
    for row in rows:
        interest = {"type": "shareholding", "directOrIndirect": "direct", "share": {"exact": 100 * row["share"]}}
        details = {"subject": row["owned"], "interestedParty": row["owner"], "interests": [interest]}
        said.append(_statement(f"{row['owner']} in {row['owned']}", "relationship", details, at))
    return said


def _statement(record: str, kind: str, details: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "statementId": f"demo register, 2026: {record}".ljust(32, "."),
        "statementDate": at.date().isoformat(),
        "recordId": record,
        "recordType": kind,
        "recordStatus": "new",
        "recordDetails": {"isComponent": False, **details},
    }


def _campaign(network: Network, at: datetime) -> Any:
    """An agency's campaign for the first facilitator, running."""
    client, agency = network.actor("compass", at), network.actor("brightpath", at)
    campaign = marketing.publish_brief(
        name="Walk again",
        services="Hip and knee replacement",
        agency_id=network.who["brightpath"][0],
        doctor_id=network.who["aydin"][0],
        countries=["KW", "SA"],
        languages=["ar", "en"],
        may_claim="What the hospitals' published outcomes show.",
        by=client,
    )
    marketing.propose_campaign(campaign, plan="Search and two landing pages in Arabic, for twelve weeks.", by=agency)
    marketing.accept_campaign(campaign, by=client)
    creative = marketing.submit_creative(
        campaign_id=campaign.pk,
        title="Walk again, with a guide at your side",
        text="A person answers you within two hours. You choose the hospital.",
        landing_page="https://walk-again.example",
        first_day=at.date(),
        last_day=(at + timedelta(days=300)).date(),
        languages=["ar"],
        countries=["KW"],
        by=agency,
    )
    marketing.check_claims(
        creative, note="Nothing is promised that medicine cannot keep.", by=network.actor("aydin", at)
    )
    permit = {"ae_permit": "The health authority has licensed it: DEMO-1."}
    marketing.approve_creative(creative, reviewed=permit, by=client)
    marketing.run_creative(creative, by=agency)
    marketing.submit_creative(
        campaign_id=campaign.pk,
        title="The best hospital in the world",
        text="Guaranteed results, before and after pictures.",
        landing_page="https://walk-again.example/best",
        first_day=network.now.date(),
        last_day=(network.now + timedelta(days=60)).date(),
        languages=["ar"],
        countries=["KW"],
        by=network.actor("brightpath", network.now - timedelta(hours=20)),
    )
    return campaign


def _agreements(network: Network, at: datetime) -> None:
    """One in force, one whose fee the steward must rule on, one without fees waiting for the second signature."""
    for provider, title, fees, signs in (
        ("bosphorus", "Cooperation 2026", [_fee("service", "TR", 1200)], True),
        ("sunline", "Coordination services", [_fee("brokerage", "TR", 1500)], False),
        ("isar", "Interpreting and visits", [], False),
    ):
        first, second = network.actor("compass", at), network.actor(provider, at)
        agreement = agreements.draft(title=title, second_id=network.who[provider][0], second_role="provider", by=first)
        clauses = clauses_for("facilitator", "provider").as_fields() | {"governing_law": "CH"}
        agreements.propose_terms(agreement, fees=fees, by=first, **clauses)
        look_at(agreement.pk, at=at)
        if signs:
            agreements.rule_on_fee(
                agreement, reason="A fee for interpreting and visits, at cost.", by=network.actor("steward", at)
            )
        if signs or not fees:
            agreements.sign_first(agreement, by=first)
        if signs:
            agreements.sign_second(agreement, by=second)


def _fee(fee_type: str, country: str, rate_bps: int) -> dict[str, Any]:
    return {
        "fee_type": fee_type, "payer": "second", "jurisdiction": country, "currency": "EUR", "rate_bps": rate_bps,
        "institution": "hospital",
    }  # fmt: skip


def _journey(network: Network, dice: random.Random, number: int, end: str, campaign: Any, summary: bytes) -> None:
    reached, _bar, twist = end.partition("|")
    patients = network.plan["patients"]
    name, country, language, procedure = patients[number % len(patients)]
    again = number // len(patients)
    if again:
        name = f"{name.split()[0]} {patients[(number * 7 + again) % len(patients)][0].split()[-1]}"
    providers = dice.sample(network.of_role("provider"), 2)
    doctors = [network.plan["doctors"][provider] for provider in providers]
    facilitator = dice.choice(["compass", "compass", "wayfarer", "sunline_guides"])
    case = Case(
        name=name,
        country=country,
        language=language,
        procedure=procedure,
        patient=founding.invent_person(name=name, language=language, **_patient_persona(number, end)).pk,
        facilitator=network.who[facilitator],
        providers=[network.who[provider] for provider in providers],
        doctors=[network.who[doctor] for doctor in doctors],
        summary=summary,
        clock=lambda: network.now,
        price_minor=dice.randrange(3_000, 22_000, 250) * 100,
    )
    by_lead = facilitator == "compass" and number % 2 == 0
    if by_lead:
        case.begin = lambda c: _from_lead(network, c, campaign, number)
    moments = _moments(
        dice,
        network.now,
        moves_until(case, reached) + (1 if twist else 0),
        pauses={
            moves_until(case, "chosen"): cooling_off(),
            moves_until(case, "fit"): timedelta(days=case.days_before_flying()),
        },
    )
    case.clock = lambda: next(moments)
    go(case, reached)
    if twist:
        other_end(case, twist)
    if reached == "closed" and number % 3 == 0:
        tick_free = network.now - timedelta(hours=dice.randrange(3, 40))
        case.now = tick_free
        complaints.raise_complaint(
            text="The interpreter came an hour late.",
            category="service",
            journey_id=case.journey.pk,
            by=case.patient_now(),
        )


def _patient_persona(number: int, end: str) -> dict[str, str]:
    chosen = {
        "told": ("10", "Compares two offers and decides"),
        "fit": ("11", "Goes home soon"),
        "intake": ("12", "Has just begun"),
    }
    if end in chosen and ENDS.index(end) == number:
        return {"persona": chosen[end][0], "about": chosen[end][1]}
    return {}


def _from_lead(network: Network, case: Case, campaign: Any, number: int) -> Any:
    """The agency records a lead and hands it over; the facilitator takes it, and a journey begins."""
    agency = network.actor("brightpath", case.now)
    lead = marketing.record_lead(
        campaign_id=campaign.pk,
        name=case.name,
        asks=case.procedure,
        country=case.country,
        language=case.language,
        consent_wording="You may call me about my request.",
        consent_language=case.language,
        consented_at=case.now,
        email=founding.known_person(case.patient).email,
        phone=f"+965 5000 {number:04}",
        channel="search",
        by=agency,
    )
    marketing.hand_over_lead(lead, facilitator_id=case.facilitator[0], by=agency)
    return marketing.take_lead(lead, procedure=case.procedure, country=case.country, by=case.guide())


def _moments(dice: random.Random, now: datetime, count: int, *, pauses: Mapping[int, timedelta]) -> Iterator[datetime]:
    """So many moments one after another, the last some hours ago; before some of them everybody waits."""
    last = now - timedelta(hours=dice.uniform(1, 40))
    gaps = [timedelta(hours=dice.uniform(3, 30)) for _move in range(count)]
    for number, pause in pauses.items():
        if count >= number:
            gaps[number - 1] += pause
    begin = last - sum(gaps, timedelta())
    for gap in gaps:
        begin += gap
        yield begin
