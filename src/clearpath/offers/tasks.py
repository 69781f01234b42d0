"""Work for later: big files of the directory are read and taken; what search reads is made anew every night."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from clearpath import jobs
from clearpath.charter.actor import Actor
from clearpath.offers.directory.files import State, look, told_in
from clearpath.offers.directory.taking import take_in_job
from clearpath.offers.finding import index
from clearpath.offers.models import DirectoryFile


@jobs.handler("offers.refresh_listings")
def refresh_listings(_payload: Mapping[str, Any], *, now: datetime) -> None:
    """Take up what changes by itself: evidence that ends, outcomes, answers, weeks that pass, rates."""
    index.refresh_all(at=now)


jobs.every(86_400, "offers.refresh_listings")


@jobs.handler("offers.look_at_directory_file")
def look_at_directory_file(payload: Mapping[str, Any], *, now: datetime) -> None:  # noqa: ARG001
    """See what a big file would change; it may have been dropped meanwhile."""
    file = DirectoryFile.objects.filter(pk=payload["file"], state=State.READING).first()
    if file is not None:
        look(file, told_in(file))


@jobs.handler("offers.take_directory_file")
def take_directory_file(payload: Mapping[str, Any], *, now: datetime) -> None:
    """Take a big file by its one step; once it is taken there is nothing to do again."""
    file = DirectoryFile.objects.filter(pk=payload["file"], state=State.WRITING).first()
    if file is not None:
        take_in_job(file, UUID(payload["person"]), Actor(role="provider", now=now))
