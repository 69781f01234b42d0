"""Which papers are wanted for a journey and how they stand, as far as the reader may know."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from django.utils.translation import get_language

from clearpath.charter.actor import Actor
from clearpath.records.received import FHIR
from clearpath.records.summaries import facts_for, records_of
from clearpath.records.summary import Summary
from clearpath.records.summary.papers import PaperFile, Wanted, missing_for, procedures_in, wanted_for
from clearpath.records.summary.rows import said_when
from clearpath.turns.sight import shown
from clearpath.turns.subject import Subject

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper. `state` is empty where the reader may not know what is there."""

    name: str
    why: str
    state: str
    at: str
    may_be_in: tuple[str, ...]
    source: str  # empty: a habit, to be confirmed by the network's doctors


@dataclass(frozen=True, slots=True)
class Papers:
    """What is wanted. `is_general`: the procedure is not one that we have a list for, or the reader may not know it."""

    rows: tuple[PaperRow, ...]
    is_general: bool
    is_told: bool  # whether the rows say what is there

    @property
    def there(self) -> tuple[PaperRow, ...]:
        return tuple(each for each in self.rows if each.state in {"present", "undated"})

    @property
    def wanting(self) -> tuple[PaperRow, ...]:
        return tuple(each for each in self.rows if each.state not in {"present", "undated"})


def papers_for(actor: Actor, journey: Subject, *, summary: Summary | None = None) -> Papers:
    """How the papers stand; without sight of clinical data only which papers doctors want in general.

    It names papers and their dates and no finding, as a list of files does, and so leaves no entry in the log.
    """
    asked_for = str(shown(cast("Journey", journey), to=actor).procedure or "")
    if not asked_for:
        general = tuple(_row(Wanted(paper, "missing")) for paper in wanted_for(""))
        return Papers(tuple(replace(each, state="") for each in general), is_general=True, is_told=False)
    records = records_of(actor, journey)
    files = [PaperFile(each.title, each.media_type) for each in records if each.media_type != FHIR]
    found = missing_for(asked_for, summary or facts_for(actor, records), files, at=actor.now.date())
    return Papers(tuple(map(_row, found)), is_general=not procedures_in(asked_for), is_told=True)


def _row(wanted: Wanted) -> PaperRow:
    language = get_language() or "en"
    return PaperRow(
        wanted.name(language),
        wanted.why(language),
        wanted.state,
        said_when(wanted.at),
        wanted.may_be_in,
        wanted.paper.source,
    )
