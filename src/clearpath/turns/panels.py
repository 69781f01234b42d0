"""Panels of a subject's page: each package adds what it knows, and shows it only to whom it may."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from clearpath.charter.actor import Actor
from clearpath.turns.subject import Subject


@dataclass(frozen=True, slots=True)
class Panel:
    """One card of a page: `title`, `template` and its `context`; `icon` names a Tabler icon."""

    title: Any
    template: str
    context: Mapping[str, Any]
    icon: str = "file"
    key: str = ""  # the anchor of the card in the page


PanelOf = Callable[[Actor, Subject], Panel | None]
_panels: dict[str, list[tuple[int, PanelOf]]] = {}


def panel(kind: str, *, order: int) -> Callable[[PanelOf], PanelOf]:
    """Register a function that gives a panel for subjects of a kind, or None when there is nothing to see."""

    def register(function: PanelOf) -> PanelOf:
        _panels.setdefault(kind, []).append((order, function))
        return function

    return register


def panels_of(actor: Actor, subject: Subject) -> list[Panel]:
    """The panels that the actor sees on a subject's page, in order."""
    registered = sorted(_panels.get(subject.kind, []), key=lambda each: (each[0], each[1].__module__, each[1].__name__))
    return [found for _order, function in registered if (found := function(actor, subject)) is not None]


_beside: dict[str, tuple[str, ...]] = {}


def beside(step: str, *keys: str) -> None:
    """Say which panels stand beside the form of a step: what one must have before one's eyes to take it."""
    _beside[step] = keys


def panels_beside(step: str, actor: Actor, subject: Subject) -> list[Panel]:
    """The panels that the actor sees beside the form of a step, in order."""
    wanted = _beside.get(step, ())
    return [found for found in panels_of(actor, subject) if found.key in wanted] if wanted else []


_matters: dict[str, dict[str, frozenset[str]]] = {}


def matters(kind: str, when: str, *keys: str) -> None:
    """Say which panels of a kind stand open in a stage, or always to a role; the others are folded to one line."""
    _matters.setdefault(kind, {})[when] = frozenset(keys)


def is_open(panel: Panel, actor: Actor, subject: Subject) -> bool:
    """Whether the panel stands open: it matters now, or nothing was said about this kind."""
    said = _matters.get(subject.kind)
    if said is None or not panel.key:
        return True
    return panel.key in said.get(subject.stage, ()) or panel.key in said.get(actor.role, ())
