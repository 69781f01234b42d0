"""Whether a step on a campaign, an advertisement or a lead may be taken now, beyond the charter."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection


def why_not_publish_brief(
    services: str, budget_minor: int | None, currency: str, *, doctor_roles: Collection[str]
) -> Objection | None:
    if not services.strip():
        return Objection("services_needed", _("Say for which treatments you look for patients."))
    if budget_minor is not None and budget_minor < 0:
        return Objection("amount_below_zero", _("An amount cannot be less than zero."))
    if budget_minor is not None and len(currency) != 3:
        return Objection("no_such_currency", _("Give the currency by its three letters, such as EUR."))
    if "doctor" not in doctor_roles:
        return Objection("no_such_doctor", _("Name the doctor who checks what is claimed."))
    return None


def why_not_propose_campaign(plan: str) -> Objection | None:
    if not plan.strip():
        return Objection("plan_needed", _("Say what you would do: channels, languages, first results."))
    return None


def why_not_accept_campaign(*, under_agreement: bool, is_signed: bool) -> Objection | None:
    if under_agreement and not is_signed:
        return Objection("agreement_not_signed", _("This agreement is not in force between you and the agency."))
    return None


def why_not_end_campaign(reason: str, *, is_disputed: bool) -> Objection | None:
    if is_disputed:
        return Objection("dispute_open", _("The agency disputes something. Answer that first."))
    return why_not_without_reason(reason)


def why_not_dispute(text: str) -> Objection | None:
    if not text.strip():
        return Objection("reason_needed", _("Say what you hold to be wrong, and why."))
    return None


def why_not_submit_creative(stage: str, first_day: date, last_day: date) -> Objection | None:
    if stage != "running":
        return Objection("campaign_not_running", _("This campaign is not running. The client must accept it first."))
    if last_day < first_day:
        return Objection("ends_before_it_begins", _("The last day comes before the first. Check the dates."))
    return None


def why_not_picture(*, is_drawn: bool, alt: str) -> Objection | None:
    if not is_drawn:
        return Objection(
            "picture_not_readable", _("This picture cannot be read. Send a JPEG, PNG or WebP file of at most 5 MB.")
        )
    if not alt.strip():
        return Objection(
            "picture_not_described", _("Say what is to be seen on the picture, for people who do not see it.")
        )
    return None


def why_not_reviewed(marks: Collection[str], answers: Mapping[str, str]) -> Objection | None:
    """Each mark is answered for by who is asked about it; what is wrong is not approved."""
    if any(not answers.get(mark, "").strip() for mark in marks):
        return Objection(
            "mark_without_answer",
            _("Say for each thing that stands out why it is right. If it is not, do not approve it."),
        )
    return None


def why_not_run_creative(campaign_stage: str, first_day: date, last_day: date, *, today: date) -> Objection | None:
    if campaign_stage != "running":
        return Objection("campaign_not_running", _("This campaign has ended."))
    if today < first_day:
        return Objection("not_yet", _("The first day on which this may be seen has not come yet."))
    if last_day < today:
        return Objection("too_late", _("The last day on which this may be seen is over."))
    return None


def why_not_record_lead(
    *,
    campaign_stage: str,
    name: str,
    email: str,
    phone: str,
    consent_wording: str,
    consent_language: str,
    consented_at: datetime | None,
    at: datetime,
) -> Objection | None:
    """Without consent to be contacted, in exact words, language and time, there is no lead."""
    if campaign_stage != "running":
        return Objection("campaign_not_running", _("This campaign is not running."))
    if not consent_wording.strip() or not consent_language.strip() or consented_at is None:
        return Objection(
            "no_consent_to_be_contacted",
            _("This person has not agreed to be contacted. Give the exact words, the language and the time."),
        )
    if consented_at > at:
        return Objection("consent_in_the_future", _("The time of the consent lies in the future. Check it."))
    if not name.strip():
        return Objection("name_needed", _("Say whom to ask for."))
    if not email.strip() and not phone.strip():
        return Objection("cannot_be_reached", _("Give an e-mail address or a telephone number."))
    return None


def why_not_send_leads(campaign_stage: str, *, is_theirs: bool) -> Objection | None:
    if not is_theirs:
        return Objection("not_your_campaign", _("Only the agency of a campaign brings its leads."))
    if campaign_stage != "running":
        return Objection("campaign_not_running", _("This campaign is not running."))
    return None


def why_not_channel(*, is_plain: bool) -> Objection | None:
    if not is_plain:
        return Objection("no_such_channel", _("Name the channel by one plain word in small letters, such as search."))
    return None


def why_not_take_in(*, is_empty: bool, good_lines: int) -> Objection | None:
    if is_empty:
        return Objection("file_forgotten", _("What this file held was deleted after a day. Send it again."))
    if good_lines == 0:
        return Objection("no_good_line", _("No line of this file can be taken in. Correct it and send it again."))
    return None


def why_not_route_lead(facilitator_id: UUID | None) -> Objection | None:
    if facilitator_id is None:
        return Objection("nobody_to_answer", _("No facilitator works on this network yet."))
    return None


def why_not_take_lead(email: str) -> Objection | None:
    """A patient signs in with an e-mail address, or somebody whom they appoint does."""
    if "@" not in email:
        return Objection("email_needed", _("Ask for an e-mail address: with it the patient opens their journey."))
    return None


def why_not_without_reason(reason: str) -> Objection | None:
    if not reason.strip():
        return Objection("reason_needed", _("Say why in a sentence."))
    return None
