"""The form in which an organizer sets up a forum: its days, hours and halls."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _
from phonenumbers import SUPPORTED_REGIONS

from clearpath.forums.figures import last_called
from clearpath.forums.models import Forum
from clearpath.forums.steps import Invited, Room, Stretch
from clearpath.forums.vocabulary import columns
from clearpath.parties import queries as parties
from clearpath.turns import charters
from clearpath.turns.forms import StepForm, day, form_for, long_text
from clearpath.turns.sight import visible
from clearpath.web.roles import role_words

ONLINE, NONE = "online", "none"
MOST_HALLS, MOST_TABLES, MOST_MINUTES = 30, 2_000, 240


def clock(label: Any, *, required: bool = True, **more: Any) -> forms.TimeField:
    """A time of day, picked with the browser's own clock."""
    widget = forms.TimeInput({"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=required, widget=widget, **more)


@form_for("forums.create")
class Create(StepForm):
    """Where and when, at which tables, by which rule, and who is invited."""

    intro = _("Invite the organisations that should meet. You can offer a seat to others later.")
    name = forms.CharField(label=_("Name"), max_length=120)
    country = forms.CharField(label=_("Country (two letters)"), max_length=2, min_length=2)
    city = forms.CharField(label=_("City"), max_length=80)
    time_zone = forms.CharField(
        label=_("Time zone"), max_length=40, initial="UTC", help_text=_("Such as Europe/Istanbul.")
    )
    first_day = day(_("First day"))
    days = forms.IntegerField(label=_("Number of days"), min_value=1, max_value=31, initial=1)
    opens = clock(_("First meeting of a day"), initial=time(9))
    closes = clock(_("End of the last meeting of a day"), initial=time(17))
    lunch_from = clock(_("Lunch from"), required=False)
    lunch_until = clock(_("Lunch until"), required=False, help_text=_("Leave both empty when there is none."))
    slot_minutes = forms.IntegerField(label=_("Minutes for a meeting"), min_value=1, max_value=240, initial=20)
    halls = long_text(
        _("Halls"), rows=3,
        help_text=_(
            "One a line: name; tables; minutes on foot to the next one. Such as: Main hall; 40; 3. "
            "For meetings online, write a line such as: Video; online."
        ),
    )  # fmt: skip
    acceptance = forms.ChoiceField(
        label=_("When a meeting takes place"), choices=Forum.Acceptance.choices, initial=Forum.Acceptance.BOTH
    )
    follows = forms.ChoiceField(
        label=_("Which earlier forum it follows"), required=False, help_text=_("The report compares the two.")
    )
    invited = forms.MultipleChoiceField(label=_("Who is invited"), required=False, widget=forms.CheckboxSelectMultiple)

    def prepare(self) -> None:
        mine = visible(Forum, to=self.actor).filter(organizer=self.actor.organisation_id).order_by("-begins_at", "-pk")
        follows: Any = self.fields["follows"]
        follows.choices = [
            ("", _("The newest one of the same name, without its year")),
            (NONE, _("None")),
            *((str(each.pk), each.dated) for each in mine),
        ]
        rules = charters.rules_of(charters.in_force(), "forum")
        field: Any = self.fields["invited"]
        field.choices = [
            (f"{party.id}:{role}", f"{party.name} ({role_words(role).label})")
            for role in rules.may_sit
            for party in parties.verified_with(role)
        ]

    def clean_country(self) -> str:
        country = str(self.cleaned_data["country"]).upper()
        if country not in SUPPORTED_REGIONS:
            raise forms.ValidationError(_("Give the country by its two letters, such as KW."))
        return country

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        if zone not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone. Write it such as Europe/Istanbul."))
        return zone

    def clean_halls(self) -> list[Room]:
        lines = [line for line in str(self.cleaned_data["halls"]).splitlines() if line.strip()]
        if len(lines) > MOST_HALLS:
            raise forms.ValidationError(_("A forum has at most 30 halls."))
        rooms = [hall_of(line, number) for number, line in enumerate(lines, start=1)]
        if all(room.is_online for room in rooms):
            return rooms
        return sorted(rooms, key=lambda room: room.is_online)  # who walks passes no hall that is nowhere

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        opens, closes, start, end = (given.get(name) for name in ("opens", "closes", "lunch_from", "lunch_until"))
        first_day, zone = given.get("first_day"), given.get("time_zone")
        if first_day and zone and first_day < self.actor.now.astimezone(ZoneInfo(zone)).date():
            self.add_error("first_day", _("This day is past. Choose a later one."))
        if opens and closes and opens >= closes:
            self.add_error("closes", _("The end comes before the beginning. Check the times."))
        elif (start is None) != (end is None):
            self.add_error("lunch_until", _("Give both times of lunch, or none."))
        elif opens and closes and start and end and not opens < start < end < closes:
            self.add_error("lunch_until", _("Lunch lies between the first and the last meeting of a day."))
        return given

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = dict(self.cleaned_data)
        hours = [given.pop(name) for name in ("first_day", "days", "opens", "closes", "lunch_from", "lunch_until")]
        sessions = sessions_of(*hours, zone=ZoneInfo(given["time_zone"]))
        pairs = [chosen.split(":") for chosen in given["invited"]]
        return [], given | {
            "begins_at": sessions[0].begins_at,
            "ends_at": sessions[-1].ends_at,
            "sessions": sessions,
            "follows": self._follows(given, sessions[0].begins_at),
            "invited": [Invited(UUID(key), role) for key, role in pairs],
        }

    def _follows(self, given: dict[str, Any], begins_at: datetime) -> UUID | None:
        if given["follows"] == NONE:
            return None
        if given["follows"]:
            return UUID(given["follows"])
        organizer = cast(UUID, self.actor.organisation_id)
        found = last_called(given["name"], organizer, before=begins_at)
        return found.pk if found else None


def sessions_of(
    first_day: date, days: int, opens: time, closes: time, lunch_from: time | None, lunch_until: time | None,
    *, zone: ZoneInfo,
) -> list[Stretch]:  # fmt: skip
    """One session a day, or two with lunch between them, by the clock of the place."""
    ends = [(opens, lunch_from), (lunch_until, closes)] if lunch_from and lunch_until else [(opens, closes)]
    return [
        Stretch(datetime.combine(on, start, zone), datetime.combine(on, end, zone))
        for on in (first_day + timedelta(days=number) for number in range(days))
        for start, end in ends
    ]


def hall_of(line: str, number: int) -> Room:
    """A hall out of `name; tables; minutes to the next one`. Raises ValidationError."""
    said = columns(line)
    name, tables, minutes = [*said, "", "0"][:3]
    if tables.casefold() == ONLINE:
        return Room(1, name[:80], is_online=True)
    if len(said) > 3 or not tables.isdecimal() or not 0 < int(tables) <= MOST_TABLES:
        raise forms.ValidationError(
            _("Line %(number)s: write the name, a semicolon and the number of tables, such as: Main hall; 40."),
            params={"number": number},
        )
    if not (minutes or "0").isdecimal() or int(minutes or 0) > MOST_MINUTES:
        raise forms.ValidationError(
            _("Line %(number)s: the way to the next hall is a number of minutes, such as: Main hall; 40; 3."),
            params={"number": number},
        )
    return Room(int(tables), name[:80], int(minutes or 0))
