"""What the steps of a running forum ask for."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.forums import queries
from clearpath.forums.forms import choose
from clearpath.forums.models import Delegate, Forum, Held, Meeting, Rating
from clearpath.turns.forms import FORMS, ReasonForm, StepForm, day, form_for
from clearpath.turns.sight import visible

FORMS["forums.drop_next_step"] = ReasonForm


def names_of_meetings(form: StepForm, forum: Forum, *, only_mine: bool) -> list[tuple[Any, Any]]:
    """The meetings with a time of which the actor may speak, by time."""
    names = queries.names_by_key(forum)
    me = queries.delegate_of(forum, form.actor)
    found = [each for each in queries.meetings_of(form.actor, forum.pk) if each.begins_at]
    if only_mine or me is not None:
        found = [each for each in found if me is not None and me.pk in {each.first_id, each.second_id}]
    return [(each.pk, f"{names[each.first_id].organisation} – {names[each.second_id].organisation}") for each in found]


@form_for("forums.check_in")
class CheckIn(StepForm):
    """Who came."""

    delegate = forms.ChoiceField(label=_("Who"))

    def prepare(self) -> None:
        forum = cast(Forum, self.subject)
        names = queries.names_by_key(forum)
        choose(self, "delegate", sorted(((key, each.organisation) for key, each in names.items()), key=lambda c: c[1]))

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        return [visible(Delegate, to=self.actor).get(pk=self.cleaned_data["delegate"])], {}


@form_for("forums.record_meeting")
class RecordMeeting(StepForm):
    """Which meeting, how it went and who was absent."""

    intro = _("A meeting that is missed gives its time and table to two others who want to meet and are free.")
    meeting = forms.ChoiceField(label=_("Meeting"))
    state = forms.ChoiceField(label=_("How did it go?"), choices=Held.State.choices, widget=forms.RadioSelect)
    absent = forms.ChoiceField(
        label=_("Who did not come?"), required=False, help_text=_("Only where it did not take place.")
    )

    def prepare(self) -> None:
        forum = cast(Forum, self.subject)
        choices = names_of_meetings(self, forum, only_mine=False)
        choose(self, "meeting", choices)
        names = queries.names_by_key(forum)
        of_these = Meeting.objects.filter(pk__in=[key for key, _name in choices]).values_list("first_id", "second_id")
        keys = {key for pair in of_these for key in pair}
        absent = sorted(((key, names[key].organisation) for key in keys), key=lambda each: each[1])
        choose(self, "absent", [("", _("Nobody came, or I cannot say")), *absent])

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = self.cleaned_data
        meeting = visible(Meeting, to=self.actor).get(pk=given["meeting"])
        absent = Delegate.objects.filter(pk=given["absent"]).first() if given["absent"] else None
        return [meeting], {"state": given["state"], "absent": absent}


@form_for("forums.rate")
class Rate(StepForm):
    """Worth it, and whether there is a next step."""

    intro = _(
        "Nobody reads this but you. If both of you want a next step, and one of you names a day, it becomes a task for"
        " both; if both share their contact, each is shown the other's."
    )
    meeting = forms.ChoiceField(label=_("Meeting"))
    worth_it = forms.ChoiceField(
        label=_("Was it worth it?"), choices=[("yes", _("Yes")), ("no", _("No"))], widget=forms.RadioSelect
    )
    next_step = forms.ChoiceField(
        label=_("Is there a next step?"), choices=Rating.Next.choices, widget=forms.RadioSelect, initial="none"
    )
    what = forms.CharField(label=_("What is it?"), max_length=200, required=False)
    due_on = day(_("By which day?"), required=False)
    shares_contact = forms.BooleanField(
        label=_("They may have my name and e-mail, if I may have theirs"), required=False
    )

    def prepare(self) -> None:
        choose(self, "meeting", names_of_meetings(self, cast(Forum, self.subject), only_mine=True))

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = dict(self.cleaned_data)
        meeting = visible(Meeting, to=self.actor).get(pk=given.pop("meeting"))
        return [meeting], given | {"worth_it": given["worth_it"] == "yes"}
