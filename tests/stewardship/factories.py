"""Versions of the charter, made by taking the real steps."""

from itertools import count

from clearpath.charter.actor import Actor
from clearpath.charter.document import default_source
from clearpath.parties.models import Organisation
from clearpath.stewardship import steps
from clearpath.stewardship.models import CharterVersion
from tests.factories import NOON, actor_at, steward
from tests.kept import kept

NETWORK = Actor(role="network", now=NOON)
_numbers = count(1)  # compiled versions are kept by name in the process, so no name is used twice

DOCTOR_IS_TOLD = (
    "marketing.run_creative:       {by: agency, tell: [client],",
    "marketing.run_creative:       {by: agency, tell: [client, doctor],",
)


def changed(*changes: tuple[str, str], version: str = "") -> str:
    """The default charter's text under a new version, with some words changed."""
    source = default_source().replace('version: "2026.1"', f'version: "{version or f"test.{next(_numbers)}"}"', 1)
    for old, new in changes:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    return source


@kept
def make_proposal(*changes: tuple[str, str]) -> CharterVersion:
    """A proposed version; by default the doctor is told of one more step."""
    return steps.propose(source=changed(*(changes or (DOCTOR_IS_TOLD,))), by=steward())


def say(version: CharterVersion, organisation: Organisation, role: str, *, agrees: bool) -> None:
    steps.vote(version, agrees=agrees, by=actor_at(organisation, role))
