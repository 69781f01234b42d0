"""A file that waited beside the directory is taken: one step, now or in a job."""

from dataclasses import replace
from uuid import UUID

from django.utils import translation

from clearpath import jobs
from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Refused
from clearpath.offers import steps
from clearpath.offers.directory.files import State, is_big, reading_of, told_in
from clearpath.offers.directory.plan import to_retire
from clearpath.offers.directory.reading import Told, no_word
from clearpath.offers.models import DirectoryFile
from clearpath.turns.queries import any_subject


def take_now_or_later(file: DirectoryFile, *, by: Actor) -> None:
    """Take a small file at once and a big one in a job. Raises Refused for a small one."""
    if not is_big(file):
        take(file, by=by)
        return
    file.state, file.done, file.of = State.WRITING, 0, 0
    file.save(update_fields=["state", "done", "of"])
    jobs.later("offers.take_directory_file", {"file": str(file.pk), "person": str(by.person_id)})


def take(file: DirectoryFile, *, by: Actor, tell: Told = no_word) -> None:
    """Write the good rows of the file by one step; what was wrong stays out. Raises Refused."""
    reading = reading_of(file, tell)
    organisation = any_subject("organisation", file.provider_id)
    steps.update_directory(
        organisation,
        changes=reading.entries,
        retire=to_retire(reading, retire_absent=file.retires_absent),
        tell=tell,
        by=by,
    )
    file.state, file.content = State.DONE, b""
    file.save(update_fields=["state", "content"])


def take_in_job(file: DirectoryFile, person_id: UUID, by: Actor) -> None:
    """The same by a worker; a refusal is kept for the page, and the file waits again."""
    try:
        with translation.override(file.language):
            take(file, by=replace(by, person_id=person_id, organisation_id=file.provider_id), tell=told_outside(file))
    except Refused as refusal:
        file.state, file.says = State.READY, str(refusal.objection.message)
        file.save(update_fields=["state", "says"])


def told_outside(file: DirectoryFile) -> Told:
    """How far it is while nothing is locked: inside the step's transaction nobody else could read it anyway."""
    tell = told_in(file)
    return lambda part, done, of: tell(part, done, of) if part == "reading" else None
