"""The steps of a version of the charter: proposed, commented, voted on, proved, counted, enacted, replaced."""

import hashlib
from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import cast
from uuid import UUID

from django.db import transaction

from clearpath import jobs
from clearpath.charter.actor import Actor
from clearpath.charter.document import read
from clearpath.charter.lint import Finding, lint
from clearpath.charter.terms import Charter, CharterError
from clearpath.core.outcomes import refuse_if
from clearpath.parties.queries import steward_ids, verified_with
from clearpath.parties.stewards import steward_seats
from clearpath.stewardship import policies, proofs, questions
from clearpath.stewardship.models import CharterVersion, Comment, Voice
from clearpath.trust import log
from clearpath.turns import charters
from clearpath.turns.models import Seat
from clearpath.turns.step import begin, remember, step


def found(source: str, at: datetime) -> CharterVersion:
    """Put the network's first charter in force, voted on by nobody, because nobody is there yet; logged as such.

    Raises Refused `charter_has_mistakes` or `not_proved`, and ValueError when a charter is in force already.
    """
    charter = read_without_mistakes(source)
    if CharterVersion.objects.exists():
        raise ValueError("This network has a charter already: propose a new version of it.")
    version = CharterVersion(
        kind="charter",
        charter=charter.version,
        stage="in_force",
        facts=["agreed", "proved"],
        opened_at=at,
        stage_since=at,
        enacted_at=at,
        version=charter.version,
        title=charter.title,
        source=source,
        sha256=digest_of(source),
    )
    refuse_if(policies.why_not_proved(proofs.find(version, at=at).holds))
    with transaction.atomic():
        version.save(force_insert=True)
        for key in steward_ids():
            Seat.objects.create(
                subject_id=version.pk,
                position="steward",
                role="steward",
                organisation_id=key,
                offered_at=at,
                held_since=at,
            )
        by = Actor(role="network", now=at)
        log.append(
            chain=version.pk, by=by, step="stewardship.found", decision="done", charter=charter.version,
            content={"sha256": version.sha256},
        )  # fmt: skip
    return version


def digest_of(source: str) -> str:
    """The SHA-256 of the text, by which its proof is found again."""
    return hashlib.sha256(source.encode()).hexdigest()


def read_without_mistakes(source: str) -> Charter:
    """The charter that the text says. Raises Refused `charter_has_mistakes`, naming the first ones."""
    try:
        charter = read(source)
    except CharterError as error:
        refuse_if(policies.why_not_without_mistakes(error.mistakes))
        raise
    refuse_if(policies.why_not_without_mistakes(errors_in(source)))
    return charter


@lru_cache(maxsize=8)
def errors_in(source: str) -> tuple[Finding, ...]:
    """What the linter calls an error; kept, so that a form can ask before the step takes the database's lock."""
    return tuple(each for each in lint(read(source)) if each.severity == "error")


@step("stewardship.propose")
def propose(*, source: str, by: Actor) -> CharterVersion:
    """Propose a new version; the verified organisations of each role that gains or loses by it are asked.

    Refused: charter_has_mistakes, version_taken, version_too_long.
    """
    charter = read_without_mistakes(source)
    known = CharterVersion.objects.filter(version=charter.version).exists() or charters.in_force() == charter.version
    refuse_if(policies.why_not_version(charter.version, known=known))
    current = charters.charter(charters.in_force())
    asked = policies.roles_asked(current, charter)
    remember(version=charter.version, sha256=digest_of(source), asked=asked)
    roles_of = _organisations_in(asked)
    seats = [Seat(position=role, role=role, organisation_id=key) for key, roles in roles_of.items() for role in roles]
    version = begin(
        CharterVersion,
        kind="charter",
        seats=[*steward_seats(), *seats],
        version=charter.version,
        title=charter.title,
        source=source,
        sha256=digest_of(source),
        compared_with=current.version,
        roles_asked=asked,
    )
    Voice.objects.bulk_create(
        Voice(version=version, organisation_id=key, roles=roles) for key, roles in roles_of.items()
    )
    return version


def _organisations_in(roles: Collection[str]) -> dict[UUID, list[str]]:
    """The verified organisations of these roles, with those that each holds."""
    found: dict[UUID, list[str]] = {}
    for role in roles:
        for party in verified_with(role):
            found.setdefault(party.id, []).append(role)
    return found


@step("stewardship.comment")
def comment(version: CharterVersion, *, text: str, by: Actor) -> Comment:
    """Say in words what one thinks of a proposal. Refused: comment_needed."""
    refuse_if(policies.why_not_comment(text))
    remember(text=text)
    return Comment.objects.create(
        version=version,
        organisation_id=cast(UUID, by.organisation_id),
        person_id=cast(UUID, by.person_id),
        role=by.role,
        text=text.strip(),
        written_at=by.now,
    )


@step("stewardship.vote")
def vote(version: CharterVersion, *, agrees: bool, by: Actor) -> Voice:
    """Say yes or no for one's organisation; it may change its mind until the votes are counted.

    Refused: no_voice, votes_are_counted.
    """
    voice = Voice.objects.filter(version=version, organisation=by.organisation_id).first()
    refuse_if(policies.why_not_vote(has_voice=voice is not None, counted="agreed" in version.facts))
    assert voice is not None  # noqa: S101 - the policy refuses it
    voice.agrees, voice.voted_at, voice.voted_by_id = agrees, by.now, by.person_id
    voice.save(update_fields=["agrees", "voted_at", "voted_by"])
    remember(agrees=agrees)
    return voice


@step("stewardship.prove")
def prove(version: CharterVersion, *, by: Actor) -> CharterVersion:
    """Every promise was found to hold. Refused: not_proved."""
    proof = proofs.find(version, at=by.now)
    refuse_if(policies.why_not_proved(proof.holds))
    remember(sha256=version.sha256, says=proof.says)
    return version


@step("stewardship.count_votes")
def count_votes(version: CharterVersion, *, by: Actor) -> CharterVersion:
    """Enough organisations of each role asked have agreed. Refused: quorum_missing."""
    refuse_if(policies.why_not_agreed(agreed=questions.has_quorum(version)))
    remember(yes=sorted(str(key) for key in version.voices.filter(agrees=True).values_list("organisation", flat=True)))
    return version


@step("stewardship.enact")
def enact(version: CharterVersion, *, by: Actor) -> CharterVersion:
    """New subjects follow this version from now on; those already open keep the one that they were opened under.

    Refused: another_came_first.
    """
    refuse_if(policies.why_not_enact(is_overtaken=questions.is_overtaken(version)))
    version.enacted_at = by.now
    version.save(update_fields=["enacted_at"])
    remember(version=version.version, sha256=version.sha256)
    for other in CharterVersion.objects.filter(closed_at=None).exclude(pk=version.pk).order_by("pk"):
        jobs.later("turns.look", {"subject": str(other.pk)})
    return version


@step("stewardship.replace")
def replace(version: CharterVersion, *, by: Actor) -> CharterVersion:
    """A newer version is in force; this one is kept to be read."""
    return version
