"""The network's questions about a version of the charter."""

from datetime import datetime

from clearpath.stewardship import policies, proofs, queries
from clearpath.stewardship.models import CharterVersion
from clearpath.turns.hooks import question


@question("every_promise_is_proved")
def every_promise_is_proved(version: CharterVersion, at: datetime) -> bool:
    """Walks every reachable state the first time it is asked about a text, and remembers what it found."""
    return version.stage == "proposed" and "proved" not in version.facts and proofs.find(version, at=at).holds


@question("the_quorum_agrees")
def the_quorum_agrees(version: CharterVersion, at: datetime) -> bool:  # noqa: ARG001
    """Whether more than the charter's share of the organisations of each role asked has said yes."""
    return version.stage == "proposed" and "agreed" not in version.facts and has_quorum(version)


def has_quorum(version: CharterVersion) -> bool:
    """The quorum of the charter under which it was proposed; without one everybody asked must agree."""
    quorum = queries.rules_about(version).subjects["charter"].quorum
    counts = queries.votes_of(version)
    if quorum is None:
        return all(yes == asked for yes, asked in counts.values())
    return policies.quorum_agrees(counts, quorum.share)


@question("a_newer_one_is_in_force")
def a_newer_one_is_in_force(version: CharterVersion, at: datetime) -> bool:  # noqa: ARG001
    """Whether another version was enacted since this one was proposed."""
    return version.closed_at is None and is_overtaken(version)


def is_overtaken(version: CharterVersion) -> bool:
    """A proposal was compared with, and voted on against, what was in force then: it must be proposed again."""
    return CharterVersion.objects.filter(enacted_at__gt=version.opened_at).exclude(pk=version.pk).exists()
