"""Who answers a lead: chosen by a small file of rules, among those who may sit there. What somebody pays is none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from importlib import resources
from pathlib import Path
from uuid import UUID

import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

TARGET, LIMIT = timedelta(hours=2), timedelta(hours=24)
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A facilitator, and what the rules ask about it and the lead."""

    key: UUID
    has_the_person: bool = False
    asked: bool = False
    speaks: bool = False
    treats: bool = False
    overdue: int = 0
    open: int = 0
    last_given_at: datetime = NEVER


# Smaller is better; those who are best stay.
RULES: dict[str, Callable[[Candidate], int | float]] = {
    "knows_the_person": lambda each: not each.has_the_person,
    "asked_for_patients": lambda each: not each.asked,
    "speaks_the_language": lambda each: not each.speaks,
    "knows_the_treatment": lambda each: not each.treats,
    "fewest_overdue": lambda each: each.overdue,
    "fewest_open": lambda each: each.open,
    "waited_longest": lambda each: each.last_given_at.timestamp(),
}


def chosen(candidates: Sequence[Candidate], rules: Sequence[str]) -> UUID | None:
    """The one whom the rules leave; of several that are alike the first by key. None when there is nobody."""
    left = sorted(candidates, key=lambda each: each.key)
    for name in rules:
        best = min((RULES[name](each) for each in left), default=0)
        left = [each for each in left if RULES[name](each) == best]
    return left[0].key if left else None


def rules_in_use() -> tuple[str, ...]:
    """The network's rules, else those that come with Clearpath. Raises ImproperlyConfigured."""
    return _rules_of(settings.ANSWERING)


@lru_cache(maxsize=4)
def _rules_of(path: str) -> tuple[str, ...]:
    shipped = resources.files("clearpath.marketing").joinpath("data/answering.yaml")
    try:
        read = yaml.safe_load(Path(path).read_text() if path else shipped.read_text())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ImproperlyConfigured(f"CLEARPATH_ANSWERING: {path} cannot be read: {error}") from None
    rules = read.get("rules") if isinstance(read, dict) else None
    unknown = [name for name in rules if name not in RULES] if isinstance(rules, list) else ["rules"]
    if unknown or not rules:
        raise ImproperlyConfigured(f"CLEARPATH_ANSWERING: no such rule: {unknown}. There are: {', '.join(RULES)}.")
    return tuple(rules)
