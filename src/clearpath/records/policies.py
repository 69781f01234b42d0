"""Whether a clinical step may be taken now, beyond the charter. Pure functions."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from clearpath.core.outcomes import Objection
from clearpath.records.explaining import EXPLANATION, VERDICTS
from clearpath.records.flying import EVENTS, Wait, strictest, table
from clearpath.records.links.shlink import LONGEST_LABEL
from clearpath.records.models import Link, LinkAnswer, Opinion
from clearpath.records.pack import Missing
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


def why_not_name_team(surgeon: str, anaesthetist: str) -> Objection | None:
    """Both are named before the patient decides.

    Source: American College of Surgeons, statement 65 on surgical tourism (2009), read 2026-11-23.
    """
    if not (surgeon.strip() and anaesthetist.strip()):
        return Objection("team_needed", _("Name the surgeon who would operate, and the anaesthetist."))
    return None


def why_not_fly_after(event: str, flight_days: int | None, why: str, stay_days: int) -> Objection | None:
    """The doctor may lengthen what the table says, never shorten it; what the table does not know, the doctor states.

    `flight_days` is None where the table alone speaks.
    """
    rule = strictest(event)
    if event and event not in table():
        return Objection("no_such_event", _("The table of days before a flight does not know this. Choose from it."))
    if rule is None and (flight_days is None or not why.strip()):
        return Objection(
            "flight_days_needed",
            _("The table does not know this treatment. Say after how many days the patient may fly, and why."),
        )
    if rule is not None and flight_days is not None and flight_days < rule.days:
        return Objection("flight_too_early", says_rule(event))
    days = flight_days if flight_days is not None else rule.days if rule else 0
    if not 0 < days <= LONGEST_STAY:
        return Objection("flight_days_out_of_range", _("Say after how many days the patient may fly, from 1 to 365."))
    if stay_days < days:
        return Objection(
            "stay_shorter_than_flight",
            _("The stay of %(stay)s days ends before the first day of flying, %(days)s days after the treatment.")
            % {"stay": stay_days, "days": days},
        )
    return None


def says_rule(event: str) -> str:
    """Which rule of the table holds for an event, who says so, and where."""
    rule = strictest(event)
    assert rule is not None  # noqa: S101 - callers ask for events of the table
    return _(
        "%(event)s: no flight before %(days)s days. %(authority)s, %(source)s, read on %(day)s. Name no earlier day."
    ) % {
        "event": EVENTS[event],
        "days": rule.days,
        "authority": rule.authority,
        "source": rule.source,
        "day": rule.read_on,
    }


def why_not_explain(text: str, language: str, parts: Mapping[str, str]) -> Objection | None:
    """The patient agrees only to what was explained, so every part of it is."""
    missing = [str(words) for key, words in EXPLANATION.items() if not parts.get(key, "").strip()]
    if text.strip() and missing:
        return Objection("explanation_incomplete", _("Explain this too: %s.") % "; ".join(missing))
    return why_not_without_text(text) or why_not_without_language(language)


def why_not_give_second_opinion(text: str, *, verdict: str, is_tied: bool) -> Objection | None:
    if is_tied:
        return Objection(
            "second_doctor_is_tied",
            _("You have a tie to a doctor or hospital here. A second opinion comes from somebody without one."),
        )
    if verdict not in VERDICTS:
        return Objection(
            "verdict_needed", _("Say whether you agree with the first opinion, differ, or need to know more.")
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


def why_not_record(event: str, *, has_implants: bool, no_implants: bool) -> Objection | None:
    """Of an operation record."""
    if event and event not in table():
        return Objection("no_such_event", _("The table of days before a flight does not know this. Choose from it."))
    if has_implants and no_implants:
        return Objection("implants_contradict", _("Implants are listed, and it is said that there are none."))
    return None


def why_not_discharge(
    discharged_on: date, summary: str, medicines: str, warning_signs: str, follow_up: str,
    *, no_medicines: bool = False, today: date,
) -> Objection | None:  # fmt: skip
    """What goes home with the patient is stated, or the discharge says what is missing.

    Source: EU Directive 2011/24 article 4(2)(f), and American College of Surgeons, statement 65, read 2026-11-23.
    """
    if medicines.strip() and no_medicines:
        return Objection("medicines_contradict", _("Medicines are listed, and it is said that there are none."))
    stated = medicines.strip() or no_medicines
    if not (stated and all(each.strip() for each in (summary, warning_signs, follow_up))):
        return Objection(
            "discharge_incomplete",
            _("Write down summary, medicines, warning signs and what follows, or none where there is none."),
        )
    return why_not_on(discharged_on, today=today)


def why_not_hand_over(missing: Sequence[Missing]) -> Objection | None:
    """Nobody goes home with half a pack: the journey's last fees wait for it."""
    if not missing:
        return None
    names = "; ".join(str(each.words) for each in missing)
    return Objection(
        "pack_incomplete", _("What the patient takes home is not complete. Missing: %(what)s.") % {"what": names}
    )


def why_not_acknowledge(*, has_received: bool, already: bool) -> Objection | None:
    """By the doctor at home, of the records that were handed over last."""
    if not has_received:
        return Objection("not_received", _("The patient has not agreed that you get the records, so you have none."))
    if already:
        return Objection("acknowledged_already", _("You have already confirmed that these records arrived."))
    return None


def why_not_declare_fit(
    fit_from: date,
    fit_until: date,
    *,
    discharged_on: date | None,
    treated_on: date | None = None,
    wait: Wait | None = None,
) -> Objection | None:
    """`wait`: what must lie between the treatment and the flight; None: nobody has said so, and unknown is a no."""
    if fit_until < fit_from:
        return Objection("fit_ends_before_it_begins", _("The last day comes before the first. Check the dates."))
    if discharged_on is not None and fit_from < discharged_on:
        return Objection("fit_before_discharge", _("The first day comes before the discharge. Check the dates."))
    if wait is None:
        return Objection(
            "flight_days_needed",
            _("Nobody has said after how many days the patient may fly. Say it, and why."),
        )
    if treated_on is not None and fit_from < wait.first_day(treated_on):
        return Objection("fit_too_early", _says_wait(wait, treated_on))
    return None


def _says_wait(wait: Wait, treated_on: date) -> str:
    facts = {"days": wait.days, "treated": treated_on, "first": wait.first_day(treated_on)}
    if wait.rule is None:
        return _("A doctor said %(days)s days after the treatment of %(treated)s: not before %(first)s.") % facts
    return _(
        "No flight before %(first)s, %(days)s days after the treatment of %(treated)s: %(authority)s, %(source)s, "
        "read on %(day)s."
    ) % (facts | {"authority": wait.rule.authority, "source": wait.rule.source, "day": wait.rule.read_on})


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
