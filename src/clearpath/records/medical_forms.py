"""The forms of what doctors decide: opinion, second opinion, explanation, treatment, discharge, the way home."""

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.html import format_html, format_html_join
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clearpath.parties import queries as parties
from clearpath.records import flying, line_fields, queries
from clearpath.records.explaining import EXPLANATION, VERDICTS, parts_of
from clearpath.records.models import Opinion
from clearpath.records.pack import OPERATION, missing_in_pack
from clearpath.records.treated import pack_of, wait_to_fly
from clearpath.records.wording import informed_consent_wording
from clearpath.turns.forms import StepForm, day, form_for, long_text
from clearpath.turns.sight import shown
from clearpath.web.words import listed

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey


def short_text(label: Any, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    """A text of one line."""
    return forms.CharField(label=label, required=required, help_text=help_text, max_length=200)


def event_choices() -> list[tuple[str, Any]]:
    """Every event of the fit-to-fly table with its days and who says so; first, that it has none."""
    named = [(event, words, flying.strictest(event)) for event, words in flying.EVENTS.items()]
    known = [
        (event, _("%(event)s: %(days)s days (%(who)s)") % {"event": words, "days": rule.days, "who": rule.authority})
        for event, words, rule in named
        if rule
    ]
    return [("", _("Not in the table: I state the days")), *known]


@form_for("records.give_opinion")
class GiveOpinion(StepForm):
    """A structured opinion; what is not suitable is advised against instead."""

    intro: Any = _("If the treatment does not suit, go back and advise against it instead.")
    suitability = forms.ChoiceField(
        label=_("Does the treatment suit?"), choices=Opinion.Suitability.choices, widget=forms.RadioSelect
    )
    conditions = long_text(_("If what?"), required=False, rows=2, help_text=_("Only where it suits under conditions."))
    plan = long_text(_("Plan"), rows=3)
    risks = line_fields.risks()
    alternatives = long_text(_("Alternatives"), rows=2, help_text=_("Also to do nothing."))
    event = forms.ChoiceField(
        label=_("Days before the flight home"),
        required=False,
        help_text=_("The longest that an authority asks for. You may only lengthen it."),
    )
    flight_days = forms.IntegerField(
        label=_("More days before the flight"), required=False, min_value=1, max_value=365,
        help_text=_("Counted from the treatment. Needed where the table does not know it."),
    )  # fmt: skip
    why_flight_days = long_text(_("Why these days?"), required=False, rows=2)
    stay_days = forms.IntegerField(label=_("Days from arrival to the flight home"), min_value=1, max_value=365)
    surgeon = short_text(_("Surgeon"))
    surgeon_registration = short_text(_("Registration number of the surgeon"), required=False)
    anaesthetist = short_text(_("Anaesthetist"))
    anaesthetist_registration = short_text(_("Registration number of the anaesthetist"), required=False)

    def prepare(self) -> None:
        event: Any = self.fields["event"]
        event.choices = event_choices()
        if self.subject is not None:
            procedure = str(shown(cast("Journey", self.subject), to=self.actor).procedure or "")
            event.initial = flying.proposed_event(procedure)
        key = self.actor.person_id
        self.fields["surgeon"].initial = parties.people_named([key]).get(key, "") if key else ""


SUITABLE = tuple(Opinion.Suitability.values)
OTHERWISE = {"not_suitable": "reason", "need_more": "question"}  # the field that each other answer needs
NEEDED = ("plan", "risks", "alternatives", "stay_days", "surgeon", "anaesthetist")  # of an opinion


class Answer(GiveOpinion):
    """The doctor's one answer to the question for an opinion; which step it is follows from the answer."""

    intro = ""
    button = _("Answer")
    STEPS = dict.fromkeys(SUITABLE, "records.give_opinion") | {
        "not_suitable": "records.advise_against",
        "need_more": "records.ask_question",
    }
    reason = long_text(_("Why not?"), rows=3, help_text=_("The patient reads this."))
    question = long_text(_("What do you need to know?"), rows=3)
    field_order = ("suitability", "conditions", "reason", "question")

    def prepare(self) -> None:
        super().prepare()
        answer: Any = self.fields["suitability"]
        answer.choices = [
            *Opinion.Suitability.choices,
            ("not_suitable", _("Not suitable")),
            ("need_more", _("I need to know more")),
        ]
        chosen = str(self.data.get("suitability", "")) if self.is_bound else ""
        for name in NEEDED if chosen in OTHERWISE else ():
            self.fields[name].required = False
        for other, name in OTHERWISE.items():
            self.fields[name].required = not self.is_bound or chosen == other

    @property
    def step(self) -> str:
        """The step that the answer is."""
        return self.STEPS[self.cleaned_data["suitability"]]

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = dict(self.cleaned_data)
        reason, question = given.pop("reason"), given.pop("question")
        match given["suitability"]:
            case "not_suitable":
                return [], {"reason": reason}
            case "need_more":
                return [], {"text": question}
            case _:
                return [], given


@form_for("records.give_second_opinion")
class GiveSecondOpinion(StepForm):
    """What a second doctor thinks of the first opinion."""

    verdict = forms.ChoiceField(label=_("What do you say of the first opinion?"), widget=forms.RadioSelect)
    text = long_text(_("Why?"), rows=6, help_text=_("The patient reads this beside the first opinion."))

    def prepare(self) -> None:
        verdict: Any = self.fields["verdict"]
        verdict.choices = list(VERDICTS.items())


def language_choices() -> list[tuple[str, str]]:
    """Every language that has a name of its own here, by that name."""
    named = [(code, info["name_local"]) for code, info in LANG_INFO.items() if "name_local" in info]
    return sorted(named, key=lambda each: each[1].casefold())


@form_for("records.explain_treatment")
class ExplainTreatment(StepForm):
    """The explanation, in a language that the patient understands."""

    intro = _("In the patient's language and in plain words. The patient reads this before agreeing, and it is kept.")
    language = forms.ChoiceField(label=_("Language of the explanation"))
    text = long_text(_("What is done"))
    purpose = long_text(EXPLANATION["purpose"], rows=2)
    risks = long_text(EXPLANATION["risks"], rows=3)
    alternatives = long_text(EXPLANATION["alternatives"], rows=2)
    what_follows = long_text(EXPLANATION["what_follows"], rows=2)
    who_operates = long_text(EXPLANATION["who_operates"], rows=2)
    complication_costs = long_text(EXPLANATION["complication_costs"], rows=2)

    def prepare(self) -> None:
        journey = cast("Journey", self.subject)
        field: Any = self.fields["language"]
        field.choices = language_choices()
        field.initial = journey.language
        opinion = queries.newest_opinion_for(self.actor, journey)
        if opinion is not None:
            self.fields["risks"].initial = opinion.risks
            self.fields["alternatives"].initial = opinion.alternatives
            self.fields["who_operates"].initial = "\n".join(filter(None, [opinion.surgeon, opinion.anaesthetist]))


@form_for("records.give_informed_consent")
class GiveInformedConsent(StepForm):
    """The explanation above, the exact words to agree to below; both are kept as they were read."""

    button = _("I agree to the treatment")
    agreed = forms.BooleanField()

    def prepare(self) -> None:
        found = queries.explanation_for(self.actor, cast("Journey", self.subject))
        self.explained = parts_of(found) if found else []
        explained_on: date = found.written_at.date() if found else self.actor.now.date()
        self.intro = format_html_join("", '<strong>{}</strong><br><span dir="auto">{}</span><br><br>', self.explained)
        self.fields["agreed"].label = informed_consent_wording(explained_on)

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        explained = [f"{heading}\n{text}" for heading, text in self.explained]
        wording = "\n\n".join([str(self.fields["agreed"].label), *explained])
        return [], {"wording": wording, "language": get_language() or "en"}


@form_for("records.treat")
class Treat(StepForm):
    """The operation record."""

    intro = _("Write none where there is none: the patient takes this home.")
    treated_on = day(_("Day of the treatment"))
    text = long_text(_("Procedure"), rows=2)
    approach = short_text(OPERATION["approach"], required=False)
    findings = long_text(OPERATION["findings"], required=False, rows=2)
    complications = long_text(OPERATION["complications"], required=False, rows=2)
    closure = short_text(OPERATION["closure"], required=False)
    drains = short_text(OPERATION["drains"], required=False)
    operator = short_text(OPERATION["operator"], required=False)
    anaesthesia = short_text(OPERATION["anaesthesia"], required=False)
    drugs = long_text(OPERATION["drugs"], required=False, rows=2)
    implants = line_fields.implants(required=False)
    no_implants = forms.BooleanField(label=_("No implants"), required=False)
    materials = long_text(OPERATION["materials"], required=False, rows=2)
    event = forms.ChoiceField(
        label=_("Days before the flight home"),
        required=False,
        help_text=_("Only where more was done than planned: the longest counts."),
    )

    def prepare(self) -> None:
        event: Any = self.fields["event"]
        event.choices = [("", _("As planned")), *event_choices()[1:]]
        self.fields["treated_on"].initial = self.actor.now.date()
        opinion = queries.newest_opinion_for(self.actor, cast("Journey", self.subject))
        self.fields["operator"].initial = opinion.surgeon if opinion else ""


@form_for("records.discharge")
class Discharge(StepForm):
    """What the patient takes along."""

    discharged_on = day(_("Day of discharge"))
    summary = long_text(_("Summary"))
    medicines = line_fields.medicines(required=False)
    no_medicines = forms.BooleanField(label=_("No medicines"), required=False)
    warning_signs = line_fields.warning_signs()
    follow_up = line_fields.follow_up()
    images = short_text(_("Images given"), required=False, help_text=_("Which, or none."))
    letter = long_text(_("Letter to the doctor at home"), required=False, rows=6)

    def prepare(self) -> None:
        self.fields["discharged_on"].initial = self.actor.now.date()
        pack = pack_of(cast("Journey", self.subject).pk)
        before = [each.words for each in missing_in_pack(pack) if each.key.startswith(("operation", "implants"))]
        self.intro = _("The patient takes this home. Write none where there is none.")
        if before:
            self.intro = format_html(
                "{}<br>{}", self.intro, _("Still missing from the operation record: %s.") % listed(map(str, before))
            )


@form_for("records.discharge_early")
class DischargeEarly(Discharge):
    """The same for who leaves early."""


@form_for("records.declare_fit_to_fly")
class DeclareFitToFly(StepForm):
    """From when until when."""

    fit_from = day(_("First day on which the patient may fly"))
    fit_until = day(_("Last day"), help_text=_("After that day a new certificate is needed."))
    text = long_text(_("What is needed on board?"), required=False, rows=2)
    flight_days = forms.IntegerField(
        label=_("Days between the treatment and the flight"), required=False, min_value=1, max_value=365
    )
    why_flight_days = long_text(_("Why these days?"), required=False, rows=2)

    def prepare(self) -> None:
        journey = cast("Journey", self.subject)
        treated_on, wait = wait_to_fly(journey.pk, self.lane.pk) if self.lane else (None, None)
        if wait is None:
            self.intro = _("Nobody has said after how many days the patient may fly. Say it, and why.")
            return
        del self.fields["flight_days"], self.fields["why_flight_days"]
        if treated_on is not None:
            first = wait.first_day(treated_on)
            self.fields["fit_from"].initial = first
            by = f"{wait.rule.authority}, {wait.rule.source}" if wait.rule else _("the doctor's opinion")
            self.intro = _("Not before %(first)s, %(days)s days after the treatment: %(by)s.") % {
                "first": first, "days": wait.days, "by": by,
            }  # fmt: skip


@form_for("records.hand_over_home")
class HandOverHome(StepForm):
    """To whom the records go, and what is still missing of them."""

    text = long_text(_("Letter to the doctor at home"), required=False, rows=8)

    def prepare(self) -> None:
        journey = cast("Journey", self.subject)
        doctors = queries.home_doctors(journey)
        names = queries.names_of(key for key, _agreed in doctors)
        agreed = listed(names[key] for key, has_agreed in doctors if has_agreed)
        self.intro = (
            _("The patient gets the records, and with the patient's consent: %s.") % agreed
            if agreed
            else _("The patient gets the records. The patient has not agreed that a doctor at home gets them too.")
        )
        for missing in missing_in_pack(pack_of(journey.pk, added={})):
            if missing.key == "letter":
                self.fields["text"].required = True
            else:
                self.fields[f"added-{missing.key}"] = long_text(missing.words, rows=2, help_text=_("This is missing."))

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = self.cleaned_data
        added = {name.removeprefix("added-"): said for name, said in given.items() if name.startswith("added-")}
        return [], {"text": given["text"], "added": added}


@form_for("records.acknowledge")
class Acknowledge(StepForm):
    """That the records arrived."""

    intro = _("The patient, their facilitator and the doctor who treated are told.")
    text = long_text(_("Would you like to add something?"), required=False, rows=2)


@form_for("records.ask_back")
class AskBack(StepForm):
    """A question to the doctor who treated."""

    text = long_text(_("What do you need to know?"), help_text=_("The patient reads this too."))
