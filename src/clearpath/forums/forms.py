"""What the steps of a forum ask for."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clearpath.forums import queries
from clearpath.forums.models import Delegate, Forum, Meeting
from clearpath.forums.steps import Invited
from clearpath.parties import queries as parties
from clearpath.turns import charters
from clearpath.turns.forms import StepForm, form_for, long_text
from clearpath.turns.sight import visible
from clearpath.web.roles import role_words


def choose(form: StepForm, name: str, choices: list[tuple[Any, Any]]) -> None:
    """Fill the choices of a field."""
    field: Any = form.fields[name]
    field.choices = choices


def moment(label: Any) -> forms.DateTimeField:
    """A local day and time, without a time zone; `in_zone` gives it one."""
    return forms.DateTimeField(
        label=label, widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )


def in_zone(given: datetime, zone: str) -> datetime:
    """The same clock time in the forum's own time zone."""
    return timezone.make_naive(given).replace(tzinfo=ZoneInfo(zone))


@form_for("forums.create")
class Create(StepForm):
    """Where and when, how many meet at once, and who is invited."""

    intro = _("Invite the organisations that should meet. You can offer a seat to others later.")
    name = forms.CharField(label=_("Name"), max_length=120)
    country = forms.CharField(label=_("Country (two letters)"), max_length=2, min_length=2)
    city = forms.CharField(label=_("City"), max_length=80)
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=40, initial="UTC", help_text=_("Such as Europe/Istanbul.")
    )
    begins_at = moment(_("First meeting"))
    ends_at = moment(_("End of the last meeting"))
    slot_minutes = forms.IntegerField(label=_("Minutes for a meeting"), min_value=1, max_value=240, initial=20)
    tables = forms.IntegerField(label=_("Tables"), min_value=1, max_value=2000, initial=10)
    invited = forms.MultipleChoiceField(label=_("Who is invited"), required=False, widget=forms.CheckboxSelectMultiple)

    def prepare(self) -> None:
        rules = charters.rules_of(charters.in_force(), "forum")
        found = [
            (f"{party.id}:{role}", f"{party.name} ({role_words(role).label})")
            for role in rules.may_sit
            for party in parties.verified_with(role)
        ]
        choose(self, "invited", found)

    def clean_country(self) -> str:
        return str(self.cleaned_data["country"]).upper()

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        if zone not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone. Write it such as Europe/Istanbul."))
        return zone

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = dict(self.cleaned_data)
        pairs = [chosen.split(":") for chosen in given["invited"]]
        moments = {name: in_zone(given[name], given["time_zone"]) for name in ("begins_at", "ends_at")}
        return [], given | moments | {"invited": [Invited(UUID(key), role) for key, role in pairs]}


@form_for("forums.register")
class Register(StepForm):
    """What a delegate offers and wants."""

    intro = _("The organizer plans meetings from this. Others see that your organisation comes, not what you write.")
    offers = long_text(_("What you offer"), rows=3)
    wants = long_text(_("Whom you look for"), rows=3)


@form_for("forums.answer_meeting")
class AnswerMeeting(StepForm):
    """Whom to meet, and whether."""

    intro = _("A yes from you proposes the meeting; it takes place once the other side says yes as well.")
    other = forms.ChoiceField(label=_("Who"))
    answer = forms.ChoiceField(label=_("Would you like to meet?"), choices=[("yes", _("Yes")), ("no", _("No"))])

    def prepare(self) -> None:
        assert self.subject is not None  # noqa: S101 - the step is taken on a forum
        found = [
            (row.id, f"{row.organisation} ({role_words(row.role).label})")
            for row in queries.delegates_at(self.actor, self.subject.pk)
            if row.organisation_id is None or row.organisation_id != self.actor.organisation_id
        ]
        choose(self, "other", found)

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        assert self.subject is not None  # noqa: S101 - as above
        other = Delegate.objects.get(pk=self.cleaned_data["other"], forum_id=self.subject.pk)
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
