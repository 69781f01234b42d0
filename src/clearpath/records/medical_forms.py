"""The forms of what doctors decide: opinion, second opinion, explanation, treatment, discharge, the way home."""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.parties import queries as parties
from clearpath.records import flying, line_fields
from clearpath.records.models import Opinion
from clearpath.turns.forms import StepForm, form_for, long_text
from clearpath.turns.sight import shown

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

    intro = _("If the treatment does not suit, go back and advise against it instead.")
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
NEEDED = ("plan", "risks", "alternatives", "stay_days", "surgeon", "anaesthetist")  # of an opinion


class Answer(GiveOpinion):
    """The doctor's one answer to the question for an opinion; which step it is follows from the answer."""

    intro = ""
    button = _("Answer")
    STEPS = dict.fromkeys(SUITABLE, "records.give_opinion") | {
        "not_suitable": "records.advise_against",
        "need_more": "records.ask_question",
    }
    reason = long_text(
        _("Why not?"), required=False, rows=3, help_text=_("Only where it does not suit. The patient reads this.")
    )
    question = long_text(
        _("What do you need to know?"), required=False, rows=3, help_text=_("Only where you need more.")
    )
    field_order = ("suitability", "conditions", "reason", "question")

    def prepare(self) -> None:
        super().prepare()
        answer: Any = self.fields["suitability"]
        answer.choices = [
            *Opinion.Suitability.choices,
            ("not_suitable", _("Not suitable")),
            ("need_more", _("I need to know more")),
        ]
        for name in NEEDED:
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        answer = given.get("suitability", "")
        wanted = {"not_suitable": ("reason",), "need_more": ("question",)}.get(answer, NEEDED if answer else ())
        for name in wanted:
            if not given.get(name) and name not in self.errors:
                self.add_error(name, _("Fill this in for this answer."))
        return given

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
