"""What the organizer is asked about what the plan has to keep."""

from collections import defaultdict
from datetime import datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.forums import arranged, policies, queries
from clearpath.forums.as_problem import names_for
from clearpath.forums.booths import halls_called
from clearpath.forums.forms import choose
from clearpath.forums.models import Delegate, Forum
from clearpath.forums.steps import Two
from clearpath.forums.vocabulary import columns
from clearpath.offers.directory.cells import folded
from clearpath.turns.forms import StepForm, form_for, long_text
from clearpath.turns.panels import beside
from clearpath.turns.sight import visible

AT, IN = "at", "in"  # a time, a session
beside("forums.arrange", "arranged")


@form_for("forums.set_booths")
class SetBooths(StepForm):
    """Who has a table of their own."""

    intro = _(
        "Their meetings take place there, and nobody else sits at it. It holds from the next plan on; where agendas "
        "are out, plan and publish them again. Take a line out to give a table back."
    )
    booths = long_text(
        _("Tables of their own"), required=False, rows=6,
        help_text=_(
            "One a line: who; hall. Such as: Anadolu Hospital; Main hall. An organisation stands for everybody who "
            "comes for it: each of them has a table."
        ),
    )  # fmt: skip

    def prepare(self) -> None:
        forum = cast(Forum, self.subject)
        self.halls, names = halls_called(forum), names_for(forum)
        self.called = _who_is_called(forum, names)
        found = Delegate.objects.filter(forum=forum, booth__isnull=False).order_by("pk").select_related("booth")
        lines = [f"{names[each.pk]}; {cast(Any, each.booth).name or cast(Any, each.booth).number}" for each in found]
        self.fields["booths"].initial = "\n".join(lines)

    def clean_booths(self) -> dict[UUID, UUID]:
        booths: dict[UUID, UUID] = {}
        for number, line in enumerate(str(self.cleaned_data["booths"]).splitlines(), start=1):
            if line.strip():
                booths |= self._of_line(line, number)
        return booths

    def _of_line(self, line: str, number: int) -> dict[UUID, UUID]:
        who, hall = [*columns(line), ""][:2]
        found = self.halls.get(folded(hall) if hall or len(self.halls) > 1 else next(iter(self.halls), ""))
        words = {"number": number, "who": who[:60], "some": ", ".join(self.halls)[:200]}
        if folded(who) not in self.called:
            raise forms.ValidationError(
                _("Line %(number)s: nobody called “%(who)s” comes to this forum."), params=words
            )
        if found is None:
            raise forms.ValidationError(_("Line %(number)s: write the hall after a semicolon: %(some)s."), params=words)
        return dict.fromkeys(self.called[folded(who)], found.pk)


def _who_is_called(forum: Forum, names: dict[UUID, str]) -> dict[str, list[UUID]]:
    """Delegates by what the organizer calls them, and all of an organisation by its name; folded."""
    found: dict[str, list[UUID]] = defaultdict(list)
    for row in queries.names_at(forum):
        found[folded(row.organisation)].append(row.id)
    return {folded(name): [key] for key, name in names.items()} | found


@form_for("forums.arrange")
class Arrange(StepForm):
    """Which meeting, and what is said of its time."""

    intro = _(
        "Both are told of a time or a session. By the forum's rule the meeting takes place: where both must want it, "
        "once both said yes. It holds from the next plan on."
    )
    one = forms.ChoiceField(label=_("Who"))
    other = forms.ChoiceField(label=_("Meets whom"))
    when = forms.ChoiceField(label=_("When"), required=False)
    then_one = forms.ChoiceField(
        label=_("Or: before the meeting of"), required=False, help_text=_("Where both meetings take place.")
    )
    then_other = forms.ChoiceField(label=_("With"), required=False)

    def prepare(self) -> None:
        forum = cast(Forum, self.subject)
        zone = ZoneInfo(forum.time_zone)
        people = sorted(((str(key), name) for key, name in names_for(forum).items()), key=lambda each: each[1])
        times = [(f"{AT} {time.isoformat()}", arranged.clock(time, zone)) for time in queries.times_of(forum)]
        sessions = [(f"{IN} {each.pk}", arranged.stretch(each, zone)) for each in queries.sessions_of(forum)]
        when = [("", _("Only before another meeting")), (_("At this time"), times), (_("In this session"), sessions)]
        for name, choices in (
            ("one", people), ("other", people), ("when", when),
            ("then_one", [("", "–"), *people]), ("then_other", [("", "–"), *people]),
        ):  # fmt: skip
            choose(self, name, choices)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if bool(given.get("then_one")) != bool(given.get("then_other")):
            self.add_error("then_other", _("Name both who meet later, or neither."))
        for one, other in (("one", "other"), ("then_one", "then_other")):
            if given.get(one) and given.get(one) == given.get(other):
                self.add_error(other, policies.WITH_ONESELF.message)
        return given

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given, forum = self.cleaned_data, cast(Forum, self.subject)
        found = {str(each.pk): each for each in visible(Delegate, to=self.actor).filter(forum=forum)}
        kind, _space, value = given["when"].partition(" ")
        sessions = {str(each.pk): each for each in queries.sessions_of(forum)}
        return [Two(found[given["one"]], found[given["other"]])], {
            "begins_at": datetime.fromisoformat(value) if kind == AT else None,
            "session": sessions[value] if kind == IN else None,
            "before": Two(found[given["then_one"]], found[given["then_other"]]) if given["then_one"] else None,
        }


@form_for("forums.release")
class Release(StepForm):
    """What is taken back."""

    intro = _("The plan is then free to choose. It holds from the next plan on.")
    what = forms.ChoiceField(label=_("What is taken back"))

    def prepare(self) -> None:
        rows = arranged.rows_for(self.actor, cast(Forum, self.subject))
        choose(self, "what", [(row.id, f"{row.pair}: {row.says}") for row in rows])

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        return [arranged.arranged_for(self.actor, UUID(self.cleaned_data["what"]))], {}
