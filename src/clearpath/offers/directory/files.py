"""A file that waits beside a provider's directory: laid there, looked at, repaired, dropped. Nothing is bound yet."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clearpath import jobs
from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.offers.directory.bringing_in import read_any
from clearpath.offers.directory.kinds import KINDS
from clearpath.offers.directory.plan import plan_of
from clearpath.offers.directory.preview import preview_of
from clearpath.offers.directory.reading import Reading, Told, no_word
from clearpath.offers.directory.sheets import MOST_BYTES, Unreadable
from clearpath.offers.models import DirectoryFile

BIG = 300_000  # bytes; larger files are read and written by a job, and the page shows how far it is
LONGEST_REPAIR = 5000
State = DirectoryFile.State


def lay(actor: Actor, *, name: str, content: bytes, retires_absent: bool) -> DirectoryFile:
    """Lay a file beside the directory and look at it, now or in a job; one that waited there is dropped."""
    provider_id = cast(UUID, actor.organisation_id)
    DirectoryFile.objects.filter(provider_id=provider_id).exclude(state=State.WRITING).delete()
    file = DirectoryFile.objects.create(
        provider_id=provider_id,
        laid_by_id=cast(UUID, actor.person_id),
        laid_at=actor.now,
        name=name[:200],
        content=content[: MOST_BYTES + 1],
        language=get_language() or "en",
        retires_absent=retires_absent,
    )
    look_now_or_later(file)
    return file


def file_for(actor: Actor, file_id: UUID) -> DirectoryFile:
    """Raises NotFound alike for a missing file and for one of another provider."""
    found = None
    if actor.role == "provider" and actor.organisation_id is not None:
        found = DirectoryFile.objects.filter(pk=file_id, provider_id=actor.organisation_id).first()
    if found is None:
        raise NotFound(Objection("no_such_file", _("There is no such file.")))
    return found


def waiting_for(actor: Actor) -> DirectoryFile | None:
    """The file that waits beside the actor's directory, without its content."""
    found = DirectoryFile.objects.filter(provider_id=actor.organisation_id).exclude(state=State.DONE)
    return found.defer("content", "preview").order_by("-pk").first()


def is_big(file: DirectoryFile) -> bool:
    return len(file.content) > BIG


def look_now_or_later(file: DirectoryFile) -> None:
    """See what the file would change; a big one in a job."""
    if is_big(file):
        file.state, file.done, file.of = State.READING, 0, 0
        file.save(update_fields=["state", "done", "of"])
        jobs.later("offers.look_at_directory_file", {"file": str(file.pk)})
    else:
        look(file)


def look(file: DirectoryFile, tell: Told = no_word) -> None:
    """Read the file and lay it against what stands. Done again, it says the same."""
    with translation.override(file.language):
        try:
            reading = reading_of(file, tell)
            plan = plan_of(file.provider_id, reading, retire_absent=file.retires_absent, tell=tell)
            file.preview, file.state, file.says = preview_of(reading, plan), State.READY, ""
        except Unreadable as error:
            file.preview, file.state, file.says = {}, State.UNREADABLE, str(error)
    file.save(update_fields=["preview", "state", "says"])


def reading_of(file: DirectoryFile, tell: Told = no_word) -> Reading:
    """The file as it stands with its repairs. Raises Unreadable."""
    return read_any(bytes(file.content), file.provider_id, repairs=file.repairs, tell=tell)


def repair(file: DirectoryFile, typed: Mapping[str, str]) -> None:
    """Put what was typed in place of bad cells, and look again."""
    known = {name: text[:LONGEST_REPAIR] for name, text in typed.items() if _names_a_cell(name)}
    file.repairs = file.repairs | known
    file.save(update_fields=["repairs"])
    look_now_or_later(file)


def _names_a_cell(name: str) -> bool:
    kind, _colon, rest = name.partition(":")
    row, _colon, column = rest.partition(":")
    return kind in KINDS and row.isdecimal() and column in KINDS[kind].by_key


def told_in(file: DirectoryFile) -> Told:
    """Keeps on the file how far the work is, for the page to show."""

    def tell(part: str, done: int, of: int) -> None:
        DirectoryFile.objects.filter(pk=file.pk).update(part=part, done=done, of=of)

    return tell


def context_of(file: DirectoryFile) -> dict[str, Any]:
    """What the page of a file shows."""
    return {"file": file, "preview": file.preview, "is_working": file.state in {State.READING, State.WRITING}}
