"""How long nobody flies after an operation, by which authority.

The table is data/fit_to_fly.yaml. Of all who speak of an event the longest counts; the doctor may only lengthen it.
What stands nowhere there is unknown: the doctor states the days and says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

import yaml
from django.utils.translation import gettext_lazy as _

EVENTS = {
    "cataract": _("Cataract or corneal laser, simple"),
    "eye_complicated": _("Eye operation, complicated"),
    "retinal_gas": _("Gas bubble in the eye"),
    "colonoscopy": _("Colonoscopy"),
    "keyhole": _("Keyhole operation"),
    "abdomen_simple": _("Abdominal operation, simple"),
    "abdomen_complicated": _("Abdominal operation, complicated"),
    "liposuction_simple": _("Liposuction, simple"),
    "tummy_tuck": _("Tummy tuck or full liposuction"),
    "chest": _("Chest operation"),
    "bypass": _("Coronary bypass"),
    "lung_resection": _("Removal of a part of the lung"),
    "angioplasty": _("Widening of a coronary artery"),
    "heart_attack": _("Heart attack, uncomplicated"),
    "heart_attack_complicated": _("Heart attack, complicated"),
    "neurosurgery": _("Neurosurgery"),
    "craniotomy": _("Opening of the skull"),
    "brain_biopsy": _("Brain biopsy"),
    "pneumothorax": _("Collapsed lung"),
    "stroke": _("Stroke"),
    "plaster": _("Plaster cast"),
    "tonsils": _("Removal of the tonsils"),
    "middle_ear": _("Operation of the middle ear"),
    "joint_replacement": _("Joint replacement"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One authority on one event: `days` between the event and the flight."""

    authority: str
    days: int
    source: str
    read_on: date
    jurisdiction: str = ""  # ISO 3166-1 alpha-2 of the authority; empty where there are several
    says: str = ""  # its own words, where they are more than the number


@dataclass(frozen=True, slots=True)
class Wait:
    """So many days must lie between the treatment and the flight, and who says so: a rule, or the doctor."""

    days: int
    rule: Rule | None = None

    def first_day(self, treated_on: date) -> date:
        """The first day on which the patient may fly."""
        return treated_on + timedelta(days=self.days)


@cache
def table() -> Mapping[str, tuple[Rule, ...]]:
    """Every event with its rules, in the order of the file."""
    return {event: tuple(Rule(**rule) for rule in row["rules"]) for event, row in _file()["events"].items()}


@cache
def _file() -> Any:
    text = resources.files("clearpath.records").joinpath("data", "fit_to_fly.yaml").read_text(encoding="utf-8")
    return yaml.safe_load(text)


def strictest(event: str) -> Rule | None:
    """The rule with the most days, the first of several; None where the table does not know the event."""
    return max(table().get(event, ()), key=lambda rule: rule.days, default=None)


def proposed_event(procedure: str) -> str:
    """The event that the name of a procedure speaks of, for a form to propose; empty when none is found."""
    name = procedure.casefold()
    events = _file()["events"]
    return next((event for event in events if any(word in name for word in events[event]["words"])), "")


def longest(events: list[str], stated: list[int]) -> Wait | None:
    """The longest of what the table says of these events and doctors stated; None when nothing is known."""
    waits = [Wait(rule.days, rule) for event in events if (rule := strictest(event))]
    return max([*waits, *map(Wait, stated)], key=lambda wait: wait.days, default=None)
