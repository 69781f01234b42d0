"""One journey, taken step by step by the people whose part each step is, up to where the demo wants it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from clearpath.aftercare import steps as aftercare
from clearpath.charter.actor import Actor
from clearpath.journeys import steps as journeys
from clearpath.journeys.wording import PURPOSES, consent_wording
from clearpath.money import steps as money
from clearpath.offers import steps as offers
from clearpath.offers.choices import note_comparison_seen
from clearpath.parties.queries import names_of
from clearpath.records import flying
from clearpath.records import steps as records
from clearpath.records.lines import Device, FollowUp, Medicine, Risk, WarningSign
from clearpath.travel import steps as travel
from clearpath.turns.network import look_at
from clearpath.turns.step import STEPS


@dataclass(slots=True)
class Case:
    """What one demo journey is about, and who takes part. Moments come from `clock`, one for each move."""

    name: str
    country: str
    language: str
    procedure: str
    patient: UUID
    facilitator: tuple[UUID, UUID]  # organisation, person
    providers: list[tuple[UUID, UUID]]
    doctors: list[tuple[UUID, UUID]]
    summary: bytes
    clock: Callable[[], datetime]
    price_minor: int
    begin: Callable[["Case"], Any] | None = None
    journey: Any = None
    offers: list[Any] = field(default_factory=list)
    now: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    treated_on: Any = None

    def patient_now(self) -> Actor:
        return Actor(role="patient", now=self.now, person_id=self.patient, language=self.language)

    def at(self, role: str, who: tuple[UUID, UUID]) -> Actor:
        return Actor(role=role, now=self.now, organisation_id=who[0], person_id=who[1])

    def guide(self) -> Actor:
        return self.at("facilitator", self.facilitator)

    def desk(self, number: int = 0) -> Actor:
        return self.at("provider", self.providers[number])

    def doctor(self, number: int = 0) -> Actor:
        return self.at("doctor", self.doctors[number])

    def event(self) -> str:
        """What the table of days before a flight calls the procedure; empty where it does not know it."""
        return flying.proposed_event(self.procedure)

    def days_before_flying(self) -> int:
        rule = flying.strictest(self.event())
        return rule.days if rule else 14

    def first_day_to_fly(self) -> Any:
        """Today, where that is long enough after the treatment."""
        return max(self.day(), self.treated_on + timedelta(days=self.days_before_flying()))

    def day(self, days: int = 0) -> Any:
        return (self.now + timedelta(days=days)).date()


Move = Callable[[Case], Any]
UNKNOWN_TO_THE_TABLE = "No authority speaks of this operation; two weeks until the wound has healed."


def straight_path(case: Case) -> Iterator[tuple[str, Move]]:
    """Every move of a journey that goes well, each with the name of what is reached by it."""
    yield "inquiry", start
    yield "answered", lambda c: journeys.answer_inquiry(c.journey, how="telephone", by=c.guide())
    yield "intake", lambda c: journeys.open_journey(c.journey, by=c.guide())
    yield "consented", lambda c: agree(c, [c.facilitator, *c.doctors, *c.providers])
    yield (
        "records",
        lambda c: records.add(
            c.journey, content=personalised(c.summary, c.name), title="Patient summary", by=c.patient_now()
        ),
    )
    yield "review", ask
    for number, _doctor in enumerate(case.doctors):
        yield "opinion", lambda c, n=number: opinion(c, n)  # type: ignore[misc]
        yield "offer", lambda c, n=number: offer(c, n)  # type: ignore[misc]
    yield "decision", lambda c: offers.present(c.journey, c.offers[0], by=c.guide())
    yield "told", compare
    yield "chosen", lambda c: offers.accept(c.journey, c.offers[0], insurance="own", by=c.patient_now())
    yield (
        "contract",
        lambda c: money.sign_contract(
            c.journey,
            wording="I accept the itemised offer and its refund table.",
            language=c.language,
            by=c.patient_now(),
        ),
    )
    yield (
        "deposit",
        lambda c: money.confirm_deposit(
            c.journey, amount_minor=c.price_minor // 4, reference="DEP-" + c.journey.reference, by=c.desk()
        ),
    )
    yield (
        "invited",
        lambda c: travel.issue_invitation(
            c.journey,
            expected_from=c.day(1),
            expected_until=c.day(c.days_before_flying() + 14),
            companions=1,
            by=c.desk(),
        ),
    )
    yield (
        "planned",
        lambda c: travel.plan(
            c.journey,
            arrives_on=c.day(1),
            leaves_on=c.day(c.days_before_flying() + 12),
            contact="24-hour line of your facilitator",
            airport="IST",
            stay="Apartment near the hospital",
            by=c.guide(),
        ),
    )
    yield (
        "cleared",
        lambda c: records.clear_for_travel(c.journey, text="Fit for the journey. Bring all medicines.", by=c.doctor()),
    )
    yield "treatment", lambda c: travel.confirm_arrival(c.journey, arrived_on=c.day(), by=c.guide())
    yield "admitted", lambda c: offers.admit(c.journey, hospital_number="H-" + c.journey.reference[:4], by=c.desk())
    yield (
        "explained",
        lambda c: records.explain_treatment(
            c.journey,
            text=f"{c.procedure}, under general anaesthesia.",
            purpose="Less pain, and to move freely again.",
            risks="Infection, thrombosis, stiffness; together fewer than 3 in 100.",
            alternatives="Physiotherapy and injections, or to do nothing and wait.",
            what_follows="Days in hospital, weeks of exercises, no flight until the days on the certificate.",
            who_operates="The surgeon and the anaesthetist who are named in the opinion.",
            complication_costs="The hospital, as the contract says.",
            language=c.language,
            by=c.doctor(),
        ),
    )
    yield (
        "agreed",
        lambda c: records.give_informed_consent(
            c.journey,
            wording="The treatment, its risks and its alternatives were explained to me. I agree to it.",
            language=c.language,
            by=c.patient_now(),
        ),
    )
    yield "treated", treat
    yield (
        "return",
        lambda c: records.discharge(
            c.journey,
            discharged_on=c.day(),
            summary=f"{c.procedure}, uneventful.",
            medicines=[
                Medicine("Paracetamol", "1 g", "up to four times a day", "when no longer needed"),
                Medicine("Enoxaparin", "40 mg", "once a day", "day 28"),
            ],
            warning_signs=[
                WarningSign("Fever, increasing pain, red or open wound", "The hospital's 24-hour line", "the same day"),
                WarningSign("Swollen calf, short breath", "The emergency number", "at once"),
            ],
            follow_up=[
                FollowUp("Wound looked at", "day 12", "Doctor at home"),
                FollowUp("Call from the hospital", "day 3, 7, 30 and 90"),
            ],
            images="X-ray on a disc",
            by=c.doctor(),
        ),
    )
    yield (
        "invoiced",
        lambda c: money.invoice(c.journey, total_minor=c.price_minor, number="INV-" + c.journey.reference, by=c.desk()),
    )
    yield (
        "fit",
        lambda c: records.declare_fit_to_fly(
            c.journey,
            fit_from=c.first_day_to_fly(),
            fit_until=c.first_day_to_fly() + timedelta(days=30),
            text="Aisle seat, walk every hour.",
            by=c.doctor(),
        ),
    )
    yield (
        "aftercare",
        lambda c: travel.send_home(
            c.journey, leaves_on=max(c.day(1), c.first_day_to_fly()), transport="Flight", by=c.guide()
        ),
    )
    yield "handed", lambda c: records.hand_over_home(c.journey, text="For your doctor at home.", by=c.doctor())
    yield "reported", lambda c: report(c, pain=2)
    yield "finished", lambda c: aftercare.finish(c.journey, patient_says="recovered", by=c.guide())
    yield "closed", lambda c: aftercare.close(c.journey, by=c.guide())


def go(case: Case, until: str) -> None:
    """Take the straight path until something is reached; the network looks at the journey after each move."""
    wanted = moves_until(case, until)
    for number, (_reached, move) in enumerate(straight_path(case), start=1):
        tick(case)
        move(case)
        settle_down(case)
        if number == wanted:
            return


def moves_until(case: Case, until: str) -> int:
    """How many moves it takes to reach something."""
    return max(number for number, (reached, _move) in enumerate(straight_path(case), start=1) if reached == until)


def tick(case: Case) -> None:
    """Go on to the moment of the next move."""
    case.now = case.clock()


def settle_down(case: Case) -> None:
    """Let the network take what is its part, at the same moment."""
    while look_at(case.journey.pk, at=case.now):
        pass
    case.journey.refresh_from_db()


def start(case: Case) -> None:
    """The patient asks for help, or an agency's lead becomes a journey."""
    if case.begin is not None:
        case.journey = case.begin(case)
        return
    case.journey = journeys.start(
        facilitator_id=case.facilitator[0],
        patient_name=case.name,
        country=case.country,
        procedure=case.procedure,
        language=case.language,
        phone="+41 00 000 00 00",
        story="I have had pain for two years and wait for an operation at home.",
        by=case.patient_now(),
    )


def agree(case: Case, recipients: list[tuple[UUID, UUID]]) -> None:
    """The patient agrees that each of these may see the health records."""
    names = names_of(organisation for organisation, _person in recipients)
    for organisation, _person in recipients:
        journeys.give_consent(
            case.journey,
            recipient_key=organisation,
            purpose=PURPOSES["clinical"],
            data_class="clinical",
            wording=consent_wording(names[organisation], "clinical", case.language),
            language=case.language,
            by=case.patient_now(),
        )


def ask(case: Case) -> None:
    """Each hospital is asked with its doctor, in a lane of its own."""
    pairs = zip(case.providers, case.doctors, strict=True)
    to = [journeys.Asked(provider[0], doctor[0]) for provider, doctor in pairs]
    journeys.send_for_review(case.journey, to=to, by=case.guide())


def treat(case: Case) -> None:
    """The operation record, and what stays in the body."""
    case.treated_on = case.day()
    implants = implants_of(case.procedure)
    records.treat(
        case.journey,
        text=f"{case.procedure}.",
        treated_on=case.treated_on,
        approach="Standard approach.",
        findings="As expected from the images.",
        complications="None.",
        closure="Absorbable stitches.",
        drains="None.",
        operator="The surgeon who is named in the opinion.",
        anaesthesia="General.",
        drugs="Cefazolin, paracetamol.",
        materials="None left behind but the implants.",
        implants=implants,
        no_implants=not implants,
        by=case.doctor(),
    )


def implants_of(procedure: str) -> list[Device]:
    """What an operation of this name leaves in the body."""
    label = "(01)09506000134352(17)310930(10)LOT7(21)S19"
    return [Device(f"{procedure.split()[0]} prosthesis", label)] if "replacement" in procedure else []


def opinion(case: Case, number: int) -> None:
    """One doctor's structured answer."""
    records.give_opinion(
        case.journey,
        suitability="suitable",
        plan=f"{case.procedure} under general anaesthesia, physiotherapy from the first day.",
        risks=[Risk("Infection, thrombosis, stiffness", "together fewer than 3 per 100")],
        alternatives="Physiotherapy and weight loss first; injections; to do nothing.",
        stay_days=case.days_before_flying() + 5 + number,
        event=case.event(),
        flight_days=case.days_before_flying(),
        why_flight_days="" if case.event() else UNKNOWN_TO_THE_TABLE,
        surgeon=f"Dr {('Mert Aslan', 'Julia Frank')[number % 2]}",
        anaesthetist=f"Dr {('Defne Koç', 'Paul Berger')[number % 2]}",
        by=case.doctor(number),
    )


def offer(case: Case, number: int) -> None:
    """One provider's itemised price."""
    total = case.price_minor if number == 0 else round(case.price_minor * 1.18)
    made = offers.make(
        case.journey,
        items=[("Operation and anaesthesia", total * 7 // 10), ("Hospital stay", total - total * 7 // 10)],
        currency="EUR",
        stay_nights=5 + number,
        valid_until=case.now + timedelta(days=45),
        includes="Surgeon, anaesthetist, implants, medicines in hospital, interpreter.",
        excludes="Flights, stay outside the hospital, companion.",
        by=case.desk(number),
    )
    case.offers.append(made)


def compare(case: Case) -> None:
    """The patient reads who earns what, and sees the offers side by side; then time passes before the choice."""
    offers.acknowledge_interests(case.journey, by=case.patient_now())
    note_comparison_seen(case.journey, case.offers, case.patient_now())


def report(case: Case, *, pain: int, temperature: str = "36.8", wound: str = "fine") -> None:
    """The patient tells how they are."""
    aftercare.report(
        case.journey,
        pain=pain,
        wound=wound,
        temperature_c=Decimal(temperature),
        text="I walk every day." if pain < 5 else "It hurts more than last week.",
        by=case.patient_now(),
    )


def personalised(summary: bytes, name: str) -> bytes:
    """A published summary with the name of an invented patient; nothing else is changed."""
    bundle = json.loads(summary)
    given, _space, family = name.partition(" ")
    for entry in bundle.get("entry", []):
        resource = entry.get("resource", {})
        if resource.get("resourceType") == "Patient":
            resource["name"] = [{"text": name, "given": [given], "family": family}]
            resource.pop("text", None)
    return json.dumps(bundle, ensure_ascii=False).encode()


def other_end(case: Case, end: str) -> None:
    """Ways on which a journey does not go straight; each is taken from where the journey stands."""
    tick(case)
    match end:
        case "declined":
            journeys.decline_inquiry(case.journey, reason="We do not arrange this treatment.", by=case.guide())
        case "advised against":
            for number, _doctor in enumerate(case.doctors):
                records.advise_against(
                    case.journey, reason="The risk is greater than the benefit at present.", by=case.doctor(number)
                )
        case "withdrawn":
            journeys.withdraw(case.journey, reason="I found care nearer home.", by=case.patient_now())
        case "warning":
            report(case, pain=8, temperature="38.6", wound="red")
        case "question":
            STEPS["turns.write"](
                case.journey,
                topic="medical",
                text="May I take my blood thinner before the flight?",
                by=case.patient_now(),
            )
        case "price":
            offers.revise(
                case.journey,
                items=[("Operation and anaesthesia", case.price_minor), ("Second implant", case.price_minor // 10)],
                stay_nights=6,
                valid_until=case.now + timedelta(days=30),
                why="The X-ray shows that a larger implant is needed.",
                by=case.desk(),
            )
    settle_down(case)
