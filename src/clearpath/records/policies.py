"""Whether a clinical step may be taken now, beyond the charter. Pure functions."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection
from clearpath.records.models import Opinion
from clearpath.records.received.told import OTHER_PATIENT, PATIENT_UNSURE, Sameness

LONGEST_STAY = 365  # days
ALREADY_THERE = Objection("record_already_there", _("This very file is already there."))


def why_not_add(objection: Objection | None, *, already: bool, whose: Sameness, confirmed: bool) -> Objection | None:
    """`objection`: what the bytes alone have against them. Only doubt can be confirmed away."""
    if objection is not None:
        return objection
    if already:
        return ALREADY_THERE
    if whose == "other":
        return OTHER_PATIENT
    return PATIENT_UNSURE if whose == "unsure" and not confirmed else None


def why_not_without_text(text: str) -> Objection | None:
    if not text.strip():
        return Objection("text_needed", _("Write it down in a sentence or more."))
    return None


def why_not_without_language(language: str) -> Objection | None:
    if not language.strip():
        return Objection("language_needed", _("Say in which language it was said."))
    return None


def why_not_give_opinion(
    suitability: str, conditions: str, plan: str, risks: str, alternatives: str, stay_days: int
) -> Objection | None:
    """An opinion that says no is another step: advice against, which stops the offer."""
    if suitability not in Opinion.Suitability.values:
        return Objection(
            "not_an_opinion", _("Say whether the treatment suits. If it does not, advise against it instead.")
        )
    if suitability == Opinion.Suitability.SUITABLE_IF and not conditions.strip():
        return Objection("conditions_needed", _("Say what must hold first for the treatment to suit."))
    if not (plan.strip() and risks.strip() and alternatives.strip()):
        return Objection(
            "opinion_incomplete", _("An opinion names the plan, its risks and its alternatives, also to do nothing.")
        )
    if not 0 < stay_days <= LONGEST_STAY:
        return Objection("stay_out_of_range", _("Say for how many days the patient must stay, from 1 to 365."))
    return None


def why_not_give_second_opinion(text: str, *, is_tied: bool) -> Objection | None:
    if is_tied:
        return Objection(
            "second_doctor_is_tied",
            _("You have a tie to a doctor or hospital here. A second opinion comes from somebody without one."),
        )
    return why_not_without_text(text)


def why_not_give_informed_consent(
    wording: str, language: str, *, is_explained: bool, in_force: bool
) -> Objection | None:
    if not is_explained:
        return Objection("nothing_explained", _("The doctor must explain the treatment first."))
    if not wording.strip() or not language.strip():
        return Objection("wording_needed", _("The exact words that you agree to, and their language, are missing."))
    if in_force:
        return Objection("informed_consent_in_force", _("You have already agreed to this treatment."))
    return None


def why_not_on(day: date, *, today: date) -> Objection | None:
    """What has happened has a day that is not ahead."""
    if day > today:
        return Objection("day_is_ahead", _("This day has not come yet. Check the date."))
    return None


def why_not_discharge(
    discharged_on: date, summary: str, medicines: str, warning_signs: str, follow_up: str, *, today: date
) -> Objection | None:
    """What goes home with the patient is complete, or the discharge says what is missing.

    Source: EU Directive 2011/24 article 4(2)(f), and American College of Surgeons, statement 65, read 2026-11-23.
    """
    if not all(each.strip() for each in (summary, medicines, warning_signs, follow_up)):
        return Objection(
            "discharge_incomplete",
            _("Write down summary, medicines, warning signs and what follows, or none where there is none."),
        )
    return why_not_on(discharged_on, today=today)


def why_not_declare_fit(fit_from: date, fit_until: date, *, discharged_on: date | None) -> Objection | None:
    if fit_until < fit_from:
        return Objection("fit_ends_before_it_begins", _("The last day comes before the first. Check the dates."))
    if discharged_on is not None and fit_from < discharged_on:
        return Objection("fit_before_discharge", _("The first day comes before the discharge. Check the dates."))
    return None
