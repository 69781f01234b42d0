"""What the page of a charter version shows."""

from typing import cast

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.stewardship import queries, rows
from clearpath.stewardship.models import CharterVersion
from clearpath.turns.panels import Panel, panel
from clearpath.turns.sight import shown
from clearpath.turns.subject import Subject


@panel("charter", order=10)
def changes(actor: Actor, subject: Subject) -> Panel | None:
    """What changes, in sentences; the whole text below."""
    row = shown(subject, to=actor)
    if row.hidden:
        return None
    context = {"row": row, "changes": rows.changes_in(cast(CharterVersion, subject))}
    return Panel(_("What changes"), "stewardship/_changes.html", context, "edit", "changes")


@panel("charter", order=20)
def promises(actor: Actor, subject: Subject) -> Panel | None:
    """Whether every promise is proved; a broken one with the shortest way to break it."""
    if shown(subject, to=actor).hidden:
        return None
    proof = queries.proof_of(cast(CharterVersion, subject))
    return Panel(_("Its promises"), "stewardship/_proof.html", {"proof": proof}, "shield-check", "promises")


@panel("charter", order=30)
def votes(actor: Actor, subject: Subject) -> Panel | None:
    """How many of each role agree, and what the reader's own organisation said."""
    version = cast(CharterVersion, subject)
    if shown(version, to=actor).hidden or not version.compared_with:
        return None
    quorum = queries.rules_about(version).subjects["charter"].quorum
    context = {
        "tally": rows.tally_rows(version),
        "voices": rows.voice_rows_for(actor, version),
        "share": round(float(quorum.share) * 100) if quorum else 100,
    }
    return Panel(_("Votes"), "stewardship/_votes.html", context, "thumb-up", "votes")


@panel("charter", order=40)
def comments(actor: Actor, subject: Subject) -> Panel | None:
    """What was said about it."""
    found = rows.comments_for(actor, cast(CharterVersion, subject))
    if not found:
        return None
    return Panel(_("Comments"), "stewardship/_comments.html", {"thread": found}, "messages", "comments")
