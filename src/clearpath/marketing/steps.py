"""The steps of campaigns, advertisements and leads."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from types import MappingProxyType
from typing import cast
from uuid import UUID

from clearpath.agreements.queries import is_signed_between
from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.journeys import steps as journeys
from clearpath.marketing import arriving, people, pictures, policies, queries
from clearpath.marketing.models import Campaign, Creative, CreativePicture, Dispute, Lead
from clearpath.marketing.signs import Seen, signs_of
from clearpath.parties.invitations import invite_person
from clearpath.parties.queries import roles_held
from clearpath.parties.stewards import call_stewards
from clearpath.turns.models import Seat
from clearpath.turns.step import begin, remember, step, take_seats
from clearpath.turns.subject import Subject

NOTHING: Mapping[str, str] = MappingProxyType({})

# Campaigns


@step("marketing.publish_brief")
def publish_brief(
    *, name: str, services: str, agency_id: UUID, doctor_id: UUID, countries: Sequence[str] = (),
    languages: Sequence[str] = (), may_claim: str = "", budget_minor: int | None = None, currency: str = "",
    brief: UUID | None = None, by: Actor,
) -> Campaign:  # fmt: skip
    """Ask an agency to find patients; `doctor_id` names the doctor's organisation that checks medical claims.

    `brief` is the campaign in which another agency was asked the same: each answers in one of its own.

    Refused: services_needed, amount_below_zero, no_such_currency, no_such_doctor, and what the network objects to.
    """
    refuse_if(policies.why_not_publish_brief(services, budget_minor, currency, doctor_roles=roles_held([doctor_id])))
    remember(name=name, services=services, agency=str(agency_id), budget_minor=budget_minor, currency=currency)
    return begin(
        Campaign,
        kind="campaign",
        seats=[
            Seat(position="client", role=by.role, organisation_id=by.organisation_id),
            Seat(position="agency", role="agency", organisation_id=agency_id),
        ],
        name=name,
        client_id=by.organisation_id,
        client_role=by.role,
        agency_id=agency_id,
        claims_doctor_id=doctor_id,
        services=services,
        countries=list(countries),
        languages=list(languages),
        may_claim=may_claim,
        budget_minor=budget_minor,
        currency=currency,
        brief=brief,
    )


@step("marketing.propose_campaign")
def propose_campaign(campaign: Campaign, *, plan: str, by: Actor) -> Campaign:
    """Answer a brief with a plan. Refused: plan_needed."""
    refuse_if(policies.why_not_propose_campaign(plan))
    campaign.plan, campaign.agency_id = plan.strip(), by.organisation_id
    campaign.save(update_fields=["plan", "agency"])
    remember(plan=plan)
    return campaign


@step("marketing.accept_campaign")
def accept_campaign(campaign: Campaign, *, agreement_id: UUID | None = None, by: Actor) -> Campaign:
    """Let the campaign run, under an agreement if there is one. Refused: agreement_not_signed."""
    sides = {campaign.client_id, cast(UUID, campaign.agency_id)}
    is_signed = agreement_id is not None and is_signed_between(agreement_id, sides)
    refuse_if(policies.why_not_accept_campaign(under_agreement=agreement_id is not None, is_signed=is_signed))
    campaign.under_agreement_id = agreement_id
    campaign.save(update_fields=["under_agreement"])
    remember(agreement=str(agreement_id or ""))
    return campaign


@step("marketing.end_campaign")
def end_campaign(campaign: Campaign, *, reason: str, by: Actor) -> Campaign:
    """End a campaign or withdraw a brief; none of its advertisements can start any more.

    Refused: dispute_open, reason_needed.
    """
    refuse_if(policies.why_not_end_campaign(reason, is_disputed="disputed" in campaign.facts))
    campaign.ended_because = reason.strip()
    campaign.save(update_fields=["ended_because"])
    remember(reason=reason)
    return campaign


@step("marketing.dispute")
def dispute(campaign: Campaign, *, about: str, text: str, before_steward: bool = False, by: Actor) -> Dispute:
    """Hold a line, a missing result or a known lead to be wrong; the client answers, or the steward where asked.

    Refused: reason_needed.
    """
    refuse_if(policies.why_not_dispute(text))
    if before_steward:
        call_stewards(campaign, at=by.now)
    remember(about=about, text=text, before_steward=before_steward)
    return Dispute.objects.create(
        campaign=campaign, about=about, text=text.strip(), before_steward=before_steward, raised_at=by.now
    )


@step("marketing.answer_dispute")
def answer_dispute(campaign: Campaign, *, answer: str, by: Actor) -> Dispute:
    """Say what follows from the dispute. Refused: reason_needed."""
    return _answered(campaign, answer, by)


@step("marketing.decide_dispute")
def decide_dispute(campaign: Campaign, *, answer: str, by: Actor) -> Dispute:
    """Decide it where the agency asked the steward to. Refused: reason_needed."""
    return _answered(campaign, answer, by)


def _answered(campaign: Campaign, answer: str, by: Actor) -> Dispute:
    refuse_if(policies.why_not_without_reason(answer))
    found = campaign.disputes.get(answered_at=None)
    found.answer, found.answered_by, found.answered_at = answer.strip(), by.role, by.now
    found.save(update_fields=["answer", "answered_by", "answered_at"])
    remember(answer=answer)
    return found


# Advertisements


@step("marketing.submit_creative")
def submit_creative(
    *, campaign_id: UUID, title: str, text: str, landing_page: str, first_day: date, last_day: date,
    languages: Sequence[str] = (), countries: Sequence[str] = (), picture: bytes | None = None, picture_alt: str = "",
    by: Actor,
) -> Creative:  # fmt: skip
    """Hand in one advertisement of a running campaign, to be checked by its doctor and approved by its client.

    Refused: campaign_not_running, ends_before_it_begins, picture_not_readable, picture_not_described.
    """
    campaign = queries.campaign_for(by, campaign_id)
    refuse_if(policies.why_not_submit_creative(campaign.stage, first_day, last_day))
    drawn = pictures.drawn_anew(picture) if picture else None
    if picture:
        refuse_if(policies.why_not_picture(is_drawn=drawn is not None, alt=picture_alt))
    picture_key = sha256(drawn).hexdigest() if drawn else ""
    remember(campaign=str(campaign_id), title=title, text=text, landing_page=landing_page, picture=picture_key)
    creative = begin(
        Creative,
        kind="creative",
        seats=[
            Seat(position="agency", role="agency", organisation_id=by.organisation_id),
            Seat(position="client", role=campaign.client_role, organisation_id=campaign.client_id),
            Seat(position="doctor", role="doctor", organisation_id=campaign.claims_doctor_id),
        ],
        part_of=campaign,
        client_id=campaign.client_id,
        agency_id=by.organisation_id,
        doctor_id=campaign.claims_doctor_id,
        title=title,
        text=text,
        landing_page=landing_page,
        first_day=first_day,
        last_day=last_day,
        languages=list(languages),
        countries=list(countries),
        picture_key=picture_key,
        picture_alt=picture_alt.strip() if drawn else "",
    )
    if drawn:
        CreativePicture.objects.create(creative=creative, content=drawn)
    return creative


@step("marketing.check_claims")
def check_claims(creative: Creative, *, reviewed: Mapping[str, str] = NOTHING, note: str = "", by: Actor) -> Creative:
    """Every medical claim of the advertisement is right. A wrong one is told in a message, and it does not run.

    `reviewed` says for each mark that the doctor is asked about why it is right. Refused: mark_without_answer.
    """
    creative.claims_note, creative.claims_checked_at = note.strip(), by.now
    creative.reviewed |= {"doctor": _answers(creative, "doctor", reviewed)}
    creative.save(update_fields=["claims_note", "claims_checked_at", "reviewed"])
    remember(note=note, reviewed=creative.reviewed["doctor"])
    return creative


@step("marketing.approve_creative")
def approve_creative(creative: Creative, *, reviewed: Mapping[str, str] = NOTHING, by: Actor) -> Creative:
    """What is promised and priced is right; `reviewed` says why, for each mark that the client is asked about.

    Refused: mark_without_answer.
    """
    creative.reviewed |= {"client": _answers(creative, "client", reviewed)}
    creative.save(update_fields=["reviewed"])
    remember(
        title=creative.title,
        text=creative.text,
        landing_page=creative.landing_page,
        reviewed=creative.reviewed["client"],
    )
    return creative


def _answers(creative: Creative, position: str, reviewed: Mapping[str, str]) -> dict[str, str]:
    asked = [mark.key for mark in queries.marks_on(creative) if position in mark.asked]
    refuse_if(policies.why_not_reviewed(asked, reviewed))
    return {key: reviewed[key].strip() for key in asked}


@step("marketing.run_creative")
def run_creative(creative: Creative, *, by: Actor) -> Creative:
    """Show the advertisement to people. Refused: campaign_not_running, not_yet, too_late."""
    today = by.now.date()
    refuse_if(policies.why_not_run_creative(creative.part_of.stage, creative.first_day, creative.last_day, today=today))
    return creative


@step("marketing.stop_creative")
def stop_creative(creative: Creative, *, reason: str, by: Actor) -> Creative:
    """Take the advertisement down, at any time. Refused: reason_needed."""
    refuse_if(policies.why_not_without_reason(reason))
    creative.stopped_because = reason.strip()
    creative.save(update_fields=["stopped_because"])
    remember(reason=reason)
    return creative


# Leads


@step("marketing.record_lead")
def record_lead(
    *, campaign_id: UUID, name: str, asks: str, country: str, language: str, consent_wording: str,
    consent_language: str, consented_at: datetime | None, email: str = "", phone: str = "", channel: str = "",
    token: UUID | None = None, link_id: UUID | None = None, took_seconds: float | None = None, honeypot: bool = False,
    measuring_wording: str = "", by: Actor,
) -> Lead:  # fmt: skip
    """Write down who asked for help, and that they agreed to be contacted, in which words, language and when.

    `token` is that of the touches on the way; `took_seconds` and `honeypot` tell how a form was filled in.
    `measuring_wording`: the words in which the person also agreed that the agency's tools are told averages by token.

    Refused: no_consent_to_be_contacted, consent_in_the_future, name_needed, cannot_be_reached,
    campaign_not_running.
    """
    campaign = queries.campaign_for(by, campaign_id)
    refuse_if(
        policies.why_not_record_lead(
            campaign_stage=campaign.stage,
            name=name,
            email=email,
            phone=phone,
            consent_wording=consent_wording,
            consent_language=consent_language,
            consented_at=consented_at,
            at=by.now,
        )
    )
    remember(campaign=str(campaign_id), name=name, email=email, phone=phone, asks=asks, consent=consent_wording)
    earlier = arriving.earlier_leads(email, phone, country, at=by.now)
    seen = Seen(
        took=None if took_seconds is None else timedelta(seconds=took_seconds),
        honeypot=honeypot,
        earlier=len(earlier),
        just_now=arriving.just_now(link_id, at=by.now),
    )
    return begin(
        Lead,
        kind="lead",
        seats=[Seat(position="agency", role="agency", organisation_id=by.organisation_id)],
        token=arriving.free_token(token),
        agency_id=by.organisation_id,
        came_by=campaign,
        link_id=link_id,
        channel=channel,
        phone_hash=people.phone_hash(phone, country),
        email_hash=people.email_hash(email),
        known_by=earlier[0] if earlier else None,
        signs=signs_of(phone, country, seen),
        name=name.strip(),
        email=email.strip(),
        phone=phone.strip(),
        asks=asks,
        country=country,
        language=language,
        consent_wording=consent_wording,
        consent_language=consent_language,
        consented_at=consented_at,
        measuring_wording=measuring_wording,
    )


@step("marketing.hand_over_lead")
def hand_over_lead(lead: Lead, *, facilitator_id: UUID | None = None, by: Actor) -> Lead:
    """Give the lead to a facilitator, whose clock starts; the agency leaves its seat and goes blind to the person.

    Without `facilitator_id` the network's rules choose who answers, as every page and program has it.
    Refused: nobody_to_answer, what the network objects to.
    """
    facilitator_id = facilitator_id or arriving.who_answers(lead, at=by.now)
    refuse_if(policies.why_not_route_lead(facilitator_id))
    Seat.objects.filter(subject_id=lead.pk, role="agency", ended_at=None).update(
        ended_at=by.now, why_ended="handed_over"
    )
    return _hand_to(lead, cast(UUID, facilitator_id), by)


@step("marketing.route_lead")
def route_lead(lead: Lead, *, by: Actor) -> Lead:
    """The network gives a lead that no agency brought to the facilitator whom its rules choose.

    Refused: nobody_to_answer.
    """
    facilitator_id = arriving.who_answers(lead, at=by.now)
    refuse_if(policies.why_not_route_lead(facilitator_id))
    return _hand_to(lead, cast(UUID, facilitator_id), by)


def _hand_to(lead: Lead, facilitator_id: UUID, by: Actor) -> Lead:
    take_seats(lead, [Seat(position="facilitator", role="facilitator", organisation_id=facilitator_id)], at=by.now)
    lead.handed_over_at = by.now
    lead.save(update_fields=["handed_over_at"])
    remember(facilitator=str(facilitator_id))
    return lead


@step("marketing.take_lead")
def take_lead(
    lead: Lead, *, procedure: str = "", country: str = "", email: str = "", born_on: date | None = None, by: Actor
) -> Subject:
    """Answer the person and open their journey; it keeps the lead's token, and from where the person came.

    What is not given is taken from the lead. Refused: email_needed.
    """
    address = email.strip() or lead.email or ""
    refuse_if(policies.why_not_take_lead(address))
    name = str(lead.name)
    person = invite_person(address, name, lead.language, by)
    journey = journeys.open_for(
        patient_id=person.pk,
        facilitator_id=cast(UUID, by.organisation_id),
        patient_name=name,
        country=country or lead.country,
        procedure=procedure or str(lead.asks),
        story=str(lead.asks),
        born_on=born_on,
        language=lead.language,
        email=address,
        phone=lead.phone or "",
        source_reference=lead.token,
        came_from=lead.came_by.name if lead.came_by else "",
    )
    remember(journey=str(journey.pk))
    return journey


@step("marketing.reject_lead")
def reject_lead(lead: Lead, *, reason: str, by: Actor) -> Lead:
    """Close a lead that cannot become a journey; the agency learns that it was answered, not why.

    Refused: reason_needed.
    """
    refuse_if(policies.why_not_without_reason(reason))
    lead.rejected_because = reason.strip()
    lead.save(update_fields=["rejected_because"])
    remember(reason=reason)
    return lead
