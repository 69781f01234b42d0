"""Somebody else's link: fetch what it leads to, decrypt it, and add each file by the step `records.add`."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Refused
from clearpath.core.outgoing import Outgoing
from clearpath.parties import queries as parties
from clearpath.records import aside, steps
from clearpath.records.links import LinkError, Opened, Payload, decode, decrypt
from clearpath.records.links.fetching import Fetcher
from clearpath.records.links.jwe import LARGEST_TOKEN
from clearpath.records.received import examine

if TYPE_CHECKING:
    from clearpath.journeys.models import Journey

MOST_FILES = 20  # of one link
KEPT_OUT = "application/smart-api-access"  # a key to somebody's server, and no record


@dataclass(slots=True)
class Came:
    """How many files came in, and why others did not, in sentences."""

    added: int = 0
    refused: list[str] = field(default_factory=list)


def receive_link(journey: "Journey", text: str, *, passcode: str = "", file: bytes = b"", by: Actor) -> Came:
    """Bring in every file of a link. With `file` (a manifest or an encrypted file) nothing is fetched.

    Raises LinkError when the link or what it leads to cannot be read; then nothing was added.
    """
    payload = decode(text)
    if payload.exp is not None and payload.exp <= by.now.timestamp() and not file:
        raise LinkError("link_expired")
    if payload.needs_passcode and not passcode and not file:
        raise LinkError("passcode_missing")
    opened = _files(payload, passcode, file, by)
    came = Came()
    for each in opened:
        _add(journey, each, payload, came, by)
    return came


def _files(payload: Payload, passcode: str, file: bytes, by: Actor) -> list[Opened]:
    fetcher = Fetcher(Outgoing(LARGEST_TOKEN, loopback=settings.LINK_LOOPBACK))
    recipient = _recipient(by)
    if file:
        given = _text(file)
        encrypted = _embedded(given, fetcher) if given.lstrip().startswith("{") else [given]
    elif payload.is_single_file:
        joint = "&" if urlsplit(payload.url).query else "?"
        encrypted = [fetcher.get(payload.url + joint + urlencode({"recipient": recipient}))]
    else:
        asked = {"recipient": recipient, "embeddedLengthMax": LARGEST_TOKEN}
        body = asked | ({"passcode": passcode} if passcode else {})
        encrypted = _embedded(fetcher.post(payload.url, body), fetcher)
    return [decrypt(each, key=payload.key) for each in encrypted]


def _recipient(by: Actor) -> str:
    """Who asks, as the other side shows it: the organisation, or that a patient reads it here."""
    if by.organisation_id is not None:
        return parties.names_of([by.organisation_id]).get(by.organisation_id, "Clearpath")
    return "Clearpath, for the patient"


def _embedded(manifest: str, fetcher: Fetcher) -> list[str]:
    """Every encrypted file of a manifest, those that stand elsewhere fetched."""
    files = _listed(manifest)
    found = []
    for each in files:
        if isinstance(each.get("embedded"), str):
            found.append(each["embedded"])
        elif isinstance(each.get("location"), str):
            found.append(fetcher.get(each["location"]))
    if not found:
        raise LinkError("manifest_empty")
    return found


def _listed(manifest: str) -> list[dict[str, Any]]:
    try:
        said = json.loads(manifest)
    except (ValueError, RecursionError):
        raise LinkError("manifest_malformed") from None
    files = said.get("files") if isinstance(said, dict) else None
    if not isinstance(files, list) or len(files) > MOST_FILES:
        raise LinkError("manifest_malformed")
    return [each for each in files if isinstance(each, dict) and each.get("contentType") != KEPT_OUT]


def _text(file: bytes) -> str:
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise LinkError("file_not_encrypted") from None


def _add(journey: "Journey", opened: Opened, payload: Payload, came: Came, by: Actor) -> None:
    if opened.content_type.startswith(KEPT_OUT):
        came.refused.append(_("One part was left out: it is a key to another server and no record."))
        return
    title, maker = payload.label or _("From a link"), urlsplit(payload.url).hostname or ""
    received = examine(opened.content)
    try:
        steps.add(journey, content=received, title=title, received_from=maker, by=by)
        came.added += 1
    except Refused as refusal:
        kept = aside.set_aside(journey, received, refusal, title=title, received_from=maker, by=by)
        waits = _("It waits for you under the health records of the journey.") if kept else ""
        came.refused.append(" ".join(filter(None, [str(refusal.objection.message), waits])))
