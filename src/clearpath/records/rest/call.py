"""One request and its answer, free of HTTP's machinery, so that the entries of a bundle are answered alike."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from django.utils.http import http_date

from clearpath.records.rest.access import Access

Json = dict[str, Any]
FHIR_JSON = "application/fhir+json"


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked. `path` is what follows /fhir/R4/, cut at its slashes; names of `headers` are in lower case."""

    method: str
    path: tuple[str, ...]
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes
    base: str  # such as https://example.org/fhir/R4
    access: Access

    def prefers(self, name: str) -> str:
        """What `Prefer: name=...` says, "" when it says nothing. Source: RFC 7240."""
        for each in self.headers.get("prefer", "").replace(";", ",").split(","):
            key, _, value = each.strip().partition("=")
            if key.lower() == name:
                return value.strip().strip('"')
        return ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered: `body` is JSON unless `media_type` says otherwise."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    media_type: str = FHIR_JSON


@dataclass(frozen=True, slots=True)
class Served:
    """One version of a resource, as it is handed out."""

    type: str
    key: str
    version: str
    at: datetime
    text: str
    journey_id: UUID
    row_id: UUID | None = None  # None when it was made for the reader

    @property
    def etag(self) -> str:
        return f'W/"{self.version}"'

    def url(self, base: str) -> str:
        return f"{base}/{self.type}/{self.key}"

    def headers(self) -> dict[str, str]:
        return {"ETag": self.etag, "Last-Modified": http_date(self.at.astimezone(UTC).timestamp())}

    def fragment(self) -> orjson.Fragment:
        """For a bundle: the very text."""
        return orjson.Fragment(self.text.encode())


def dumped(resource: Any) -> bytes:
    return orjson.dumps(resource)


def reply_with(resource: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    return Reply(status, dumped(resource), headers or {})
