"""What is asked when delegates come from a file, and how many of each trade may come."""

from collections import Counter
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from clearpath.core.faults import Fault, UnreadableSheet
from clearpath.core.sheets import Sheet, read_sheet
from clearpath.forums import queries
from clearpath.forums.booths import halls_called
from clearpath.forums.delegate_files import Judged, judge
from clearpath.forums.models import Forum
from clearpath.forums.steps import Follows, Imported, Share
from clearpath.forums.trades import trade_words, trades_of
from clearpath.forums.vocabulary import columns
from clearpath.turns.forms import StepForm, form_for, long_text
from clearpath.turns.sight import visible
from clearpath.web.roles import role_words
from clearpath.web.words import listed

LARGEST = 5 * 1024 * 1024  # bytes
FAULTS_SHOWN = 20


@form_for("forums.import_delegates")
class ImportDelegates(StepForm):
    """A file of delegates, whose good lines are taken at once."""

    intro = _(
        "A line for each person, with the columns organisation, trade, person and email, and where you know them: "
        "registration, offers, wants, languages, countries, least, most, booth, arrives, leaves, wishes, not. Several "
        "words in a cell have semicolons between them. Correct the lines that are told and send the file again: nobody "
        "is taken twice."
    )
    file = forms.FileField(label=_("File"), help_text=_("Excel (.xlsx) or CSV. At most 5 MB."))

    def clean_file(self) -> Judged:
        given = self.cleaned_data["file"]
        if given.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 5 MB. Cut it into several."))
        try:
            self.judged = judged_for(cast(Forum, self.subject), given.read())
        except UnreadableSheet as unreadable:
            raise forms.ValidationError(unreadable.says) from None
        if not self.judged.delegates:
            raise forms.ValidationError(told(self.judged.faults) or [_now("No line of this file names a delegate.")])
        return self.judged

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        return [self.judged.delegates], {}

    def when_done(self, result: Imported) -> str:
        said = [
            ngettext("%(n)d delegate was taken.", "%(n)d delegates were taken.", result.taken) % {"n": result.taken}
        ]
        if result.there:
            said.append(
                ngettext("%(n)d was there before.", "%(n)d were there before.", result.there) % {"n": result.there}
            )
        return " ".join(said)

    def what_is_wrong(self, result: Imported) -> str:
        faults = sorted([*self.judged.faults, *result.faults], key=lambda each: each.line)
        lines = format_html_join("", "<li>{}</li>", ((line,) for line in told(faults)))
        return format_html("<ul>{}</ul>", lines) if lines else ""


def judged_for(forum: Forum, content: bytes) -> Judged:
    """What a file holds for a forum. Raises UnreadableSheet."""
    return judged_of(forum, read_sheet(content))


def judged_of(forum: Forum, sheet: Sheet) -> Judged:
    """The same for a table that was read already."""
    return judge(
        sheet,
        trades=trade_words(),
        halls={word: hall.pk for word, hall in halls_called(forum).items()},
        zone=ZoneInfo(forum.time_zone),
        first=forum.begins_at,
        last=forum.ends_at,
    )


def told(faults: list[Fault]) -> list[str]:
    """The first faults as sentences."""
    said = [
        _now("Line %(line)d, %(column)s: %(says)s")
        % {"line": each.line, "column": each.column or "–", "says": each.says}
        for each in faults[:FAULTS_SHOWN]
    ]
    more = len(faults) - FAULTS_SHOWN
    return said + ([ngettext("And %(n)d more.", "And %(n)d more.", more) % {"n": more}] if more > 0 else [])


@form_for("forums.limit")
class Limit(StepForm):
    """Places for each trade, how often trades meet each other, and with which earlier forum this one is compared."""

    intro = _("What you leave empty is free.")
    quotas = long_text(
        _("Quotas"), required=False, rows=3,
        help_text=_(
            "One a line: trade; other trade; least; most. Such as: facilitator; provider; 4; 12. "
            "It holds for each delegate of the first trade."
        ),
    )  # fmt: skip
    follows = forms.ChoiceField(
        label=_("Which earlier forum it follows"), required=False, help_text=_("The report compares the two.")
    )

    def prepare(self) -> None:
        forum = cast(Forum, self.subject)
        places = dict(forum.places.values_list("trade", "most"))
        fields = {
            f"place_{trade}": forms.IntegerField(
                label=_("Places: %(trade)s") % {"trade": role_words(trade).label},
                min_value=0, max_value=10_000, required=False, initial=places.get(trade),
            )
            for trade in trades_of(forum)
        }  # fmt: skip
        self.fields = {**fields, **self.fields}
        self.fields["quotas"].initial = "\n".join(
            f"{each.trade}; {each.others}; {each.least}; {each.most}" for each in queries.quotas_of(forum)
        )
        mine = visible(Forum, to=self.actor).filter(organizer=forum.organizer_id, begins_at__lt=forum.begins_at)
        follows: Any = self.fields["follows"]
        earlier = mine.order_by("-begins_at", "-pk")
        follows.choices = [("", _("None")), *((str(each.pk), each.dated) for each in earlier)]
        follows.initial = str(forum.follows_id or "")

    def clean_quotas(self) -> list[Share]:
        lines = [line for line in str(self.cleaned_data["quotas"]).splitlines() if line.strip()]
        return [_share(line, number) for number, line in enumerate(lines, start=1)]

    def arguments(self) -> tuple[list[Any], dict[str, Any]]:
        given = self.cleaned_data
        places = {
            name.removeprefix("place_"): count
            for name, count in given.items()
            if name.startswith("place_") and count is not None
        }
        follows = Follows(UUID(given["follows"]) if given["follows"] else None)
        return [], {"places": places, "shares": given["quotas"], "follows": follows}

    def when_done(self, result: Forum) -> str:
        come = Counter(result.delegates.values_list("role", flat=True))
        over = [
            role_words(each.trade).label for each in result.places.order_by("trade") if come[each.trade] > each.most
        ]
        if not over:
            return ""
        return _now("Done. More come already than there are places: %(trades)s.") % {"trades": listed(over)}


def _share(line: str, number: int) -> Share:
    """A quota out of `trade; other trade; least; most`. Raises ValidationError."""
    words = trade_words()
    trade, others, least, most = [*columns(line), "", "", "", ""][:4]
    both = [words.get(each.casefold()) for each in (trade, others)]
    if None in both or not (least or "0").isdecimal() or not most.isdecimal() or max(len(least), len(most)) > 4:
        raise forms.ValidationError(
            _("Line %(number)s: write two trades and two numbers, such as: facilitator; provider; 4; 12."),
            params={"number": number},
        )
    return Share(str(both[0]), str(both[1]), int(least or 0), int(most))
