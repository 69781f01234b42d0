"""What the steps of a forum ask for."""

from datetime import datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.forums import queries
from clearpath.forums.models import Delegate, Forum, Meeting
from clearpath.turns.forms import StepForm, form_for, long_text
from clearpath.turns.sight import visible
from clearpath.web.roles import role_words


def choose(form: StepForm, name: str, choices: list[tuple[Any, Any]]) -> None:
    """Fill the choices of a field. Where there are several of which one is needed, none is chosen before the reader."""
    field: Any = form.fields[name]
    field.choices = [("", _("Choose")), *choices] if field.required and len(choices) > 1 else choices


@form_for("forums.register")
class Register(StepForm):
    """What a delegate offers and wants."""

    intro = _(
        "The organizer plans meetings from this and alone reads your own words. Whom you fit is told why, in words of "
        "the list that all share: specialities, services, countries, languages."
    )
    offers = long_text(_("What you offer"), rows=3)
    wants = long_text(
        _("Whom you look for"), rows=3,
        help_text=_(
            "Words with commas between them, such as: orthopaedics: 120, interpreting. The number is patients a year."
        ),
    )  # fmt: skip
    languages = forms.CharField(
        label=_("Languages you speak"), max_length=200, required=False, help_text=_("Such as: ar, en, tr.")
    )
    countries = forms.CharField(
        label=_("Countries from which your patients come, or shall come"), max_length=200, required=False,
        help_text=_("Such as: KW, DE."),
    )  # fmt: skip


@form_for("forums.answer_meeting")
class AnswerMeeting(StepForm):
    """Whom to meet, and whether."""

    intro: Any = _("A yes from you proposes the meeting; it takes place once the other side says yes as well.")
    other = forms.ChoiceField(label=_("Who"))
    answer = forms.ChoiceField(label=_("Would you like to meet?"), choices=[("yes", _("Yes")), ("no", _("No"))])

    def prepare(self) -> None:
        forum = cast(Forum, self.subject)
        if forum.acceptance == Forum.Acceptance.AUTOMATIC:
            self.intro = forum.get_acceptance_display()
        found = [
            (row.id, f"{row.organisation} ({role_words(row.role).label})")
            for row in queries.delegates_at(self.actor, forum.pk)
            if row.organisation_id is None or row.organisation_id != self.actor.organisation_id
        ]
        choose(self, "other", found)

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        other = Delegate.objects.get(pk=self.cleaned_data["other"], forum_id=cast(Forum, self.subject).pk)
        return [other], {"answer": self.cleaned_data["answer"]}


@form_for("forums.repair")
class Repair(StepForm):
    """Which meeting moves, and to when."""

    meeting = forms.ChoiceField(label=_("Meeting"))
    begins_at = forms.ChoiceField(label=_("New time"), required=False)
    reason = long_text(_("Why"), rows=2, help_text=_("Both read this in their agenda."))

    def prepare(self) -> None:
        forum = cast(Forum, self.subject)
        zone = ZoneInfo(forum.time_zone)
        names = {row.id: row.organisation for row in queries.delegates_at(self.actor, forum.pk)}
        meetings = queries.accepted_in_order(forum)
        choose(self, "meeting", [(m.pk, f"{names[m.first_id]} – {names[m.second_id]}") for m in meetings])
        times = [(time.isoformat(), f"{time.astimezone(zone):%Y-%m-%d %H:%M}") for time in queries.times_of(forum)]
        choose(self, "begins_at", [("", _("It does not take place")), *times])

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = self.cleaned_data
        begins_at = datetime.fromisoformat(given["begins_at"]) if given["begins_at"] else None
        meeting = visible(Meeting, to=self.actor).get(pk=given["meeting"])
        return [meeting], {"begins_at": begins_at, "reason": given["reason"]}
