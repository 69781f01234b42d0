"""Walks a journey along the straight path by the real steps, as far as a test needs it."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from clearpath.aftercare import steps as aftercare
from clearpath.charter.actor import Actor
from clearpath.journeys import steps as journeys
from clearpath.journeys.models import Journey
from clearpath.money import steps as money
from clearpath.offers import steps as offers
from clearpath.offers.choices import note_comparison_seen
from clearpath.offers.cooling_off import cooling_off
from clearpath.offers.models import Offer
from clearpath.parties.models import Organisation
from clearpath.records import steps as records
from clearpath.records.lines import Device, FollowUp, Medicine, WarningSign
from clearpath.travel import steps as travel
from clearpath.turns.models import Lane
from clearpath.turns.network import look_at
from tests.factories import NOON, actor_at, later, make_journey, make_organisation, patient_of, seated
from tests.kept import kept

TODAY = NOON.date()
YESTERDAY = NOON - cooling_off()  # when the offers were compared, for who chooses at NOON
TREATED_ON = TODAY - timedelta(days=2)  # as long ago as the table wants before a flight
IN_A_MONTH = NOON + timedelta(days=30)
EXPLAINED = {
    "purpose": "To walk", "risks": "Infection", "alternatives": "To wait", "what_follows": "Exercises",
    "who_operates": "Dr. Can Demir", "complication_costs": "The hospital",
}  # fmt: skip
OPERATION = {
    "approach": "From the front", "findings": "Worn joint", "complications": "None", "closure": "Stitches",
    "drains": "None", "operator": "Dr. Can Demir", "anaesthesia": "Spinal", "drugs": "Cefazolin",
    "materials": "Cement", "implants": [Device("Knee prosthesis", "(01)09506000134352(17)310930(10)LOT7(21)S19")],
}  # fmt: skip
PAPERS = {
    "discharged_on": TODAY, "summary": "New knee",
    "medicines": [Medicine("Paracetamol", "1 g", "four times a day", "day 9")],
    "warning_signs": [WarningSign("Fever", "The hospital", "the same day")], "images": "None",
    "follow_up": [FollowUp("Stitches out", "day 14", "at home")], "letter": "Dear colleague",
}  # fmt: skip
PDF = b"%PDF-1.7 the patient's papers"


ROLES = ("patient", "facilitator", "provider", "doctor", "network")


@dataclass
class Walk:
    """A journey and everybody on it; `provider` and `doctor` are those of the first lane."""

    journey: Journey
    patient: Actor
    facilitator: Actor
    provider: Actor
    doctor: Actor
    others: list[tuple[Actor, Actor]] = field(default_factory=list)  # provider and doctor of further lanes
    network: Actor = field(default_factory=lambda: Actor(role="network", now=NOON))

    @property
    def offer(self) -> Offer:
        """The newest offer of the first lane."""
        return Offer.objects.filter(provider_id=self.provider.organisation_id).latest("pk")

    @property
    def lane(self) -> Lane:
        return Lane.objects.get(seats__organisation_id=self.provider.organisation_id, subject=self.journey)

    def facts(self) -> set[str]:
        self.journey.refresh_from_db()
        return set(self.journey.facts)

    def look(self, at=None) -> list[str]:
        """Let the network look at the journey, twice as it does: what it took is forgotten once it is done."""
        at = at or self.network.now
        return [*look_at(self.journey.pk, at=at), *look_at(self.journey.pk, at=at)]

    def at(self, moment) -> "Walk":
        """The same journey and people at another moment."""
        people = {name: later(getattr(self, name), moment) for name in ROLES}
        others = [(later(provider, moment), later(doctor, moment)) for provider, doctor in self.others]
        return replace(self, others=others, **people)


def begin(lanes: int = 1, *, at=NOON, **organisations: Organisation) -> Walk:
    """A journey in its first stage, with providers and doctors who will be asked.

    `facilitator`, `provider` and `doctor` may be given; they are those of the first lane.
    """

    def works_for(role: str, lane: int) -> Actor:
        given = organisations.get(role) if lane == 0 else None
        return actor_at(given or make_organisation(role), role)

    journey = make_journey(facilitator=organisations.get("facilitator"), at=at)
    first, *others = [(works_for("provider", lane), works_for("doctor", lane)) for lane in range(lanes)]
    return Walk(journey, patient_of(journey), seated(journey, "facilitator"), *first, others=others)


def consent_to(walk: Walk, key, *classes: str) -> None:
    for data_class in classes:
        journeys.give_consent(
            walk.journey, recipient_key=key, purpose="care", data_class=data_class, wording="I agree.", language="en",
            by=walk.patient,
        )  # fmt: skip


def send(walk: Walk) -> None:
    pairs = [(walk.provider, walk.doctor), *walk.others]
    for _provider, doctor in pairs:
        consent_to(walk, doctor.organisation_id, "clinical", "outcome")
    asked = [journeys.Asked(provider.organisation_id, doctor.organisation_id) for provider, doctor in pairs]
    journeys.send_for_review(walk.journey, to=asked, by=walk.facilitator)


def compare(walk: Walk) -> None:
    """The patient sees every offer that waits, side by side."""
    offers = Offer.objects.filter(journey_id=walk.journey.pk, state="sent")
    note_comparison_seen(walk.journey, list(offers.values_list("pk", flat=True)), walk.patient)


def choose(walk: Walk, offer: Offer | None = None, *, by: Actor | None = None) -> Offer:
    """The patient's yes, a day after the comparison."""
    return offers.accept(walk.journey, offer or walk.offer, insurance="own", by=by or walk.patient)


def opine(walk: Walk, by: Actor | None = None):
    return records.give_opinion(
        walk.journey, suitability="suitable", plan="Replace the knee", risks="Infection in 1 of 100",
        alternatives="Physiotherapy, or to wait", stay_days=14, event="keyhole", surgeon="Dr. Can Demir",
        anaesthetist="Dr. Defne Aslan", by=by or walk.doctor,
    )  # fmt: skip


def make_offer(walk: Walk, by: Actor | None = None, *, amount: int = 800_000, **terms) -> Offer:
    terms = {"currency": "EUR", "stay_nights": 5, "valid_until": IN_A_MONTH} | terms
    items = [("Operation", amount), ("Hospital stay", 150_000)]
    return offers.make(walk.journey, items=items, by=by or walk.provider, **terms)


def discharge(walk: Walk):
    return records.discharge(walk.journey, by=walk.doctor, **PAPERS)


PATH = {
    "journeys.answer_inquiry": lambda w: journeys.answer_inquiry(w.journey, by=w.facilitator),
    "journeys.open": lambda w: journeys.open_journey(w.journey, by=w.facilitator),
    "records.add": lambda w: records.add(w.journey, content=PDF, title="Letter", by=w.patient),
    "journeys.send_for_review": send,
    "records.give_opinion": opine,
    "offers.make": make_offer,
    "offers.present": lambda w: offers.present(w.journey, w.offer, by=w.facilitator),
    "offers.disclose_interests": lambda w: w.look(),
    "offers.acknowledge_interests": lambda w: offers.acknowledge_interests(w.journey, by=w.patient),
    "offers.accept": choose,
    "money.sign_contract": lambda w: money.sign_contract(w.journey, wording="I sign.", language="en", by=w.patient),
    "money.confirm_deposit": lambda w: money.confirm_deposit(w.journey, amount_minor=190_000, by=w.provider),
    "travel.issue_invitation": lambda w: travel.issue_invitation(
        w.journey, expected_from=TODAY, expected_until=date(2026, 6, 20), by=w.provider
    ),
    "travel.plan": lambda w: travel.plan(
        w.journey, arrives_on=TODAY, leaves_on=date(2026, 6, 15), contact="+90 555 0100", by=w.facilitator
    ),
    "records.clear_for_travel": lambda w: records.clear_for_travel(w.journey, by=w.doctor),
    "travel.confirm_arrival": lambda w: travel.confirm_arrival(w.journey, by=w.facilitator),
    "offers.admit": lambda w: offers.admit(w.journey, hospital_number="H-17", by=w.provider),
    "records.explain_treatment": lambda w: records.explain_treatment(
        w.journey, text="We replace the knee.", language="en", by=w.doctor, **EXPLAINED
    ),
    "records.give_informed_consent": lambda w: records.give_informed_consent(
        w.journey, wording="I agree to the operation.", language="en", by=w.patient
    ),
    "records.treat": lambda w: records.treat(
        w.journey, text="Knee replaced", treated_on=TREATED_ON, by=w.doctor, **OPERATION
    ),
    "records.discharge": discharge,
    "money.invoice": lambda w: money.invoice(w.journey, total_minor=950_000, by=w.provider),
    "records.declare_fit_to_fly": lambda w: records.declare_fit_to_fly(
        w.journey, fit_from=TODAY, fit_until=date(2026, 6, 30), by=w.doctor
    ),
    "travel.send_home": lambda w: travel.send_home(w.journey, by=w.facilitator),
    "records.hand_over_home": lambda w: records.hand_over_home(w.journey, by=w.doctor),
    "aftercare.report": lambda w: aftercare.report(w.journey, pain=2, wound="fine", by=w.patient),
    "money.settle": lambda w: w.look(),
    "aftercare.finish": lambda w: aftercare.finish(w.journey, patient_says="better", by=w.facilitator),
    "aftercare.close": lambda w: aftercare.close(w.journey, by=w.facilitator),
}


@kept
def with_offers(lanes: int = 2, **organisations) -> tuple[Walk, list[Offer]]:
    """An offer on each lane, laid before the patient, told and acknowledged, and compared a day before NOON."""
    walk = walk_to("records.give_opinion", lanes=lanes, **organisations)
    pairs = [(walk.provider, walk.doctor), *walk.others]
    for _provider, doctor in pairs:
        opine(walk, doctor)
    made = [make_offer(walk, provider, amount=800_000 - 200_000 * number) for number, (provider, _) in enumerate(pairs)]
    offers.present(walk.journey, made[0], by=walk.facilitator)
    walk.look()
    offers.acknowledge_interests(walk.journey, by=walk.patient)
    compare(walk.at(YESTERDAY))
    return walk, made


LONG_BEFORE = list(PATH)[: list(PATH).index("offers.accept")]


@kept
def walk_to(name: str, *, lanes: int = 1, **organisations) -> Walk:
    """A journey on which `name` is the next step of the straight path; "" walks it to its end.

    Who goes on to the choice has taken everything before it a day earlier: nobody chooses on the day of the offers.
    """
    sleeps_on_it = name not in LONG_BEFORE
    walk = begin(lanes, at=YESTERDAY if sleeps_on_it else NOON, **organisations)
    for step, take in PATH.items():
        if step == "offers.accept":
            compare(walk.at(YESTERDAY))
        if step == name:
            break
        take(walk.at(YESTERDAY) if sleeps_on_it and step in LONG_BEFORE else walk)
        walk.journey.refresh_from_db()
    return walk
