"""Reads about versions of the charter. What the charter says is public; who said what about it is not."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.charter.document import default_source, read
from clearpath.charter.terms import Charter
from clearpath.core.outcomes import NotFound, Objection
from clearpath.stewardship.models import CharterVersion, Proof, Voice
from clearpath.stewardship.policies import tally
from clearpath.turns import charters
from clearpath.turns.sight import visible


def version_in_force() -> str | None:
    """Answers the hook `charter_in_force`: the version enacted last; None before the network was founded."""
    with connection.cursor() as cursor:
        cursor.execute(*_enacted_last())
        found = cursor.fetchone()
    return found[0] if found else None


@cache
def _enacted_last() -> tuple[str, tuple[Any, ...]]:
    """The statement, made once: every page asks it, and to make it takes longer than to run it."""
    enacted = CharterVersion.objects.filter(enacted_at__isnull=False).order_by("-enacted_at", "-pk")
    return enacted.values_list("version", flat=True)[:1].query.sql_with_params()


def source_of(version: str) -> str | None:
    """Answers the hook `charter_source`: the text of a version, whatever became of it."""
    return CharterVersion.objects.filter(version=version).values_list("source", flat=True).first()


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version in the public list."""

    version: str
    title: str
    stage: str
    enacted_at: datetime | None


def versions() -> list[VersionRow]:
    """Every version that is or was in force, the newest first: public, so that anybody can read what held when."""
    found = CharterVersion.objects.filter(enacted_at__isnull=False).order_by("-enacted_at", "-pk")
    return [VersionRow(each.version, each.title, each.stage, each.enacted_at) for each in found]


def text_in_force() -> str:
    """The text under which new subjects are opened."""
    version = version_in_force()
    return (source_of(version) if version else None) or default_source()


def charter_versions_for(actor: Actor) -> QuerySet[CharterVersion]:
    """The versions on which the actor's organisation is asked, or that it keeps; newest first."""
    return visible(CharterVersion, to=actor).order_by("-pk")


def charter_version_for(actor: Actor, version: str) -> CharterVersion:
    """Raises NotFound alike for a missing version and for one on which the actor was not asked."""
    found = charter_versions_for(actor).filter(version=version).first()
    if found is None:
        raise NotFound(Objection("no_such_charter", _("There is no such version of the charter.")))
    return found


def read_version(version: CharterVersion) -> Charter:
    """The charter that a version says."""
    return read(version.source, name=f"charter {version.version}")


def proof_of(version: CharterVersion) -> Proof | None:
    """What was found about its promises, if it was looked at already."""
    return Proof.objects.filter(pk=version.sha256).first()


def votes_of(version: CharterVersion) -> dict[str, tuple[int, int]]:
    """For each role asked: how many of its organisations said yes, and how many were asked."""
    voices = Voice.objects.filter(version=version).exclude(organisation__stage="left")
    return tally(version.roles_asked, voices.values_list("roles", "agrees"))


def rules_about(version: CharterVersion) -> Charter:
    """The charter under which this version was proposed: its quorum decides."""
    return charters.charter(version.charter)
