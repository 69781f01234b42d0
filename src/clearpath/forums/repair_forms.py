"""What is asked when a running forum is repaired, and of whom a repair moves."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from clearpath.forums import queries
from clearpath.forums.as_problem import names_for
from clearpath.forums.models import Forum, Move
from clearpath.forums.repairs import Trouble, to_apply
from clearpath.turns.forms import StepForm, form_for, long_text
from clearpath.turns.sight import visible

MANY = {"size": 8}


@form_for("forums.repair_agendas")
class RepairAgendas(StepForm):
    """Who is away from when on, and which tables cannot be used."""

    intro = _(
        "You first see what would change and whom it moves. Nobody is moved because somebody else is away: the freed "
        "time goes to pairs who both wish to meet."
    )
    button = _("Work the repair out")
    from_at = forms.ChoiceField(label=_("From"))
    away = forms.MultipleChoiceField(
        label=_("Who is away"), required=False, widget=forms.SelectMultiple(MANY),
        help_text=_("Hold Ctrl, or Cmd, to choose several."),
    )  # fmt: skip
    until = forms.ChoiceField(label=_("They come back at"), required=False)
    broken = forms.MultipleChoiceField(
        label=_("Tables that cannot be used"), required=False, widget=forms.SelectMultiple(MANY),
        help_text=_("Choose neither where only somebody new needs meetings."),
    )  # fmt: skip
    reason = long_text(_("Why"), rows=2, help_text=_("Everybody whose agenda changes reads this."))

    def prepare(self) -> None:
        forum = cast(Forum, self.subject)
        zone = ZoneInfo(forum.time_zone)
        times = [(time.isoformat(), f"{time.astimezone(zone):%Y-%m-%d %H:%M}") for time in queries.times_of(forum)]
        tables = queries.tables_of(queries.halls_of(forum))
        names = sorted(names_for(forum).items(), key=lambda each: each[1])
        for name, choices in (
            ("from_at", times),
            ("until", [("", _("Not any more")), *times]),
            ("away", [(str(key), name) for key, name in names]),
            ("broken", [(f"{hall.pk}:{table}", f"{hall} · {table}") for hall, table in tables]),
        ):
            cast(Any, self.fields[name]).choices = choices
        coming = (time.isoformat() for time in queries.times_of(forum) if time >= self.actor.now)
        self.fields["from_at"].initial = next(coming, None)

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = self.cleaned_data
        tables = [each.split(":") for each in given["broken"]]
        trouble = Trouble(
            datetime.fromisoformat(given["from_at"]),
            tuple(UUID(key) for key in given["away"]),
            datetime.fromisoformat(given["until"]) if given["until"] else None,
            tuple((UUID(hall), int(table)) for hall, table in tables),
        )
        return [trouble], {"reason": given["reason"]}


@form_for("forums.answer_move")
class AnswerMove(StepForm):
    """Whether a change of one's own agenda is all right."""

    intro = _("Say no and you are not moved: the organizer looks for another way.")
    move = forms.ChoiceField(label=_("Change"))
    answer = forms.ChoiceField(label=_("Is that all right?"), choices=[("yes", _("Yes")), ("no", _("No"))])

    def prepare(self) -> None:
        moves = open_moves(self.actor, cast(Forum, self.subject))
        cast(Any, self.fields["move"]).choices = [(str(each.pk), each.because) for each in moves]

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        move = visible(Move, to=self.actor).get(pk=self.cleaned_data["move"])
        return [move], {"answer": self.cleaned_data["answer"]}


def open_moves(actor: Any, forum: Forum) -> list[Move]:
    """Changes of the actor's own agenda that are not out yet."""
    plan = to_apply(forum)
    me = queries.delegate_of(forum, actor)
    if plan is None or me is None:
        return []
    return list(visible(Move, to=actor).filter(plan=plan, delegate=me).order_by("pk"))
