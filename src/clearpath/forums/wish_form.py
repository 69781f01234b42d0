"""Where a delegate says whom they wish to meet, how many, and when they are away."""

from collections import Counter
from datetime import datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clearpath.forums import queries
from clearpath.forums.models import Delegate, Forum
from clearpath.forums.suggesting import Suggested, suggested_to
from clearpath.turns.forms import StepForm, form_for
from clearpath.web.roles import role_words

RANKS = 10
NOT = "no"
CHOICES = [("", _("No wish")), *((str(rank), str(rank)) for rank in range(1, RANKS + 1)), (NOT, _("Rather not meet"))]


def moment(label: Any) -> forms.DateTimeField:
    """A local day and time, without a time zone; `in_zone` gives it one."""
    return forms.DateTimeField(
        label=label, required=False, widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )


def in_zone(given: datetime, zone: str) -> datetime:
    """The same clock time in the forum's own time zone."""
    return timezone.make_naive(given).replace(tzinfo=ZoneInfo(zone))


@form_for("forums.wish")
class Wishes(StepForm):
    """A rank for each other delegate, those first for whom most speaks."""

    intro = _(
        "1 is whom you most wish to meet. Only the organizer reads this, to plan; nobody learns whom you would rather "
        "not meet. Why somebody is suggested stands beside them; who pays or owns whom counts for nothing in it."
    )
    least = forms.IntegerField(label=_("At least so many meetings"), min_value=0, max_value=1_000, initial=0)
    most = forms.IntegerField(
        label=_("At most so many"), min_value=0, max_value=1_000, required=False,
        help_text=_("Empty: as many as there is time for."),
    )  # fmt: skip
    away_from = moment(_("Away from"))
    away_until = moment(_("Away until"))
    asks_before_moving = forms.BooleanField(
        label=_("Ask me before a meeting of mine is moved while the forum runs"), required=False
    )

    def prepare(self) -> None:
        forum = cast(Forum, self.subject)
        self.me = self.whose(forum)
        if self.me is None:
            return
        found = suggested_to(self.me, forum, at=self.actor.now)
        ranks = dict(self.me.wishes.values_list("other_id", "rank"))
        rows = queries.others_than(self.me, queries.names_at(forum))
        rows.sort(key=lambda row: (found[row.id].place == 0, found[row.id].place))
        self.others = {f"rank_{row.id}": row.id for row in rows}
        for row in rows:
            field = forms.ChoiceField(
                label=f"{row.organisation} ({role_words(row.role).label})",
                choices=CHOICES,
                required=False,
                help_text=_words(found[row.id]),
                initial=_initial(ranks, row.id),
            )
            self.fields[f"rank_{row.id}"] = field
        for name in ("least", "most", "asks_before_moving"):
            self.fields[name].initial = getattr(self.me, name)
        away = self.me.absences.order_by("begins_at").first()
        if away is not None:
            zone = ZoneInfo(forum.time_zone)
            self.fields["away_from"].initial = away.begins_at.astimezone(zone).replace(tzinfo=None)
            self.fields["away_until"].initial = away.ends_at.astimezone(zone).replace(tzinfo=None)

    def whose(self, forum: Forum) -> Delegate | None:
        """The delegate whose wishes these are."""
        return queries.delegate_of(forum, self.actor)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if (given.get("away_from") is None) != (given.get("away_until") is None):
            self.add_error("away_until", _("Give both times, or none."))
        self._refuse_ranks_twice(given)
        return given

    def _refuse_ranks_twice(self, given: dict[str, Any]) -> None:
        ranks = {name: given.get(name, "") for name in getattr(self, "others", {})}
        often = Counter(ranks.values())
        for name, rank in ranks.items():
            if rank not in {"", NOT, str(RANKS)} and often[rank] > 1:  # the last rank stands for all later ones too
                self.add_error(name, _("You gave this rank twice. Give each rank once."))

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = self.cleaned_data
        zone = cast(Forum, self.subject).time_zone
        chosen = {key: given[name] for name, key in getattr(self, "others", {}).items() if given[name]}
        away = [(given["away_from"], given["away_until"])] if given["away_from"] and given["away_until"] else []
        return [], {
            "ranks": {key: None if rank == NOT else int(rank) for key, rank in chosen.items()},
            "least": given["least"],
            "most": given["most"],
            "away": [(in_zone(begin, zone), in_zone(end, zone)) for begin, end in away],
            "asks_before_moving": given["asks_before_moving"],
        }


def _words(found: Suggested) -> str:
    return " ".join(each for each in (found.because, found.tie) if each)


def _initial(ranks: dict[UUID, int | None], key: UUID) -> str:
    if key not in ranks:
        return ""
    rank = ranks[key]
    return NOT if rank is None else str(min(rank, RANKS))
