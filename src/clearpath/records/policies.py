"""Whether a clinical step may be taken now, beyond the charter. Pure functions."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection
from clearpath.records.links.shlink import LONGEST_LABEL
from clearpath.records.models import Link, LinkAnswer, Opinion
from clearpath.records.received.told import OTHER_PATIENT, PATIENT_UNSURE, Sameness

LONGEST_STAY = 365  # days
ALREADY_THERE = Objection("record_already_there", _("This very file is already there."))
SHORTEST_PASSCODE = 6  # characters: of a million, ten may be tried
MOST_ANSWERS = 20  # to one link
LONGEST_ANSWER = 4_000  # characters


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


def why_not_share(
    label: str, passcode: str, lasts: timedelta, *, single_file: bool, files: int, longest: timedelta
) -> Objection | None:
    """Limits of the specification (HL7 SMART Health Links STU 1), and ours: every link ends."""
    if len(label) > LONGEST_LABEL:
        return Objection("link_label_too_long", _("The name is longer than 80 characters. Make it shorter."))
    if single_file and passcode:
        return Objection(
            "single_file_with_passcode", _("A link to a single file takes no passcode. Leave the passcode out.")
        )
    if passcode and len(passcode) < SHORTEST_PASSCODE:
        return Objection("passcode_too_short", _("The passcode is too short. Take six characters or more."))
    if not timedelta(0) < lasts <= longest:
        return Objection("link_lasts_too_long", _("A link cannot last that long. Choose a shorter time."))
    if files == 0:
        return Objection("nothing_to_share", _("There is nothing to hand out yet. Add a record, or choose a file."))
    if single_file and files > 1:
        return Objection("single_file_takes_one", _("A link to a single file holds one. Choose only one."))
    return None


def why_not_stop_sharing(link: Link, *, at: datetime) -> Objection | None:
    if link.stopped_at is not None or link.expires_at <= at:
        return Objection("link_has_ended", _("This link has already ended."))
    return None


def why_not_answer_link(kind: str, name: str, text: str, reach: str, *, answers: int) -> Objection | None:
    if kind not in LinkAnswer.Kind.values:
        return Objection("not_an_answer", _("Say that you have received it, or ask a question."))
    if not name.strip():
        return Objection("name_needed", _("Write your name, so that the patient knows who you are."))
    if kind == LinkAnswer.Kind.QUESTION and not (text.strip() and reach.strip()):
        return Objection("question_incomplete", _("Write your question, and where the doctor reaches you."))
    if max(map(len, (name, text, reach))) > LONGEST_ANSWER:
        return Objection("answer_too_long", _("This is too long. Write it shorter."))
    if answers >= MOST_ANSWERS:
        return Objection("too_many_answers", _("This link has been answered too often. Ask the patient for a new one."))
    return None
