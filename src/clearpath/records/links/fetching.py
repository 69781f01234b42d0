"""Fetches what a link of somebody else leads to."""

import json
from dataclasses import dataclass, field
from typing import Any

from clearpath.core.outgoing import Outgoing, OutgoingError
from clearpath.records.links.jwe import LARGEST_TOKEN
from clearpath.records.links.shlink import LinkError


@dataclass(slots=True)
class Fetcher:
    """Fetches for one link, within the limits of `outgoing`."""

    outgoing: Outgoing = field(default_factory=lambda: Outgoing(largest=LARGEST_TOKEN))

    def get(self, url: str) -> str:
        """What stands at an address. Raises LinkError."""
        return self._ask("GET", url, None)

    def post(self, url: str, body: dict[str, Any]) -> str:
        """The answer to a JSON object. Raises LinkError."""
        return self._ask("POST", url, json.dumps(body).encode())

    def _ask(self, method: str, url: str, body: bytes | None) -> str:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        try:
            answer = self.outgoing.ask(method, url, body=body, headers=headers)
        except OutgoingError as error:
            raise LinkError("file_too_large" if error.code == "too_large" else f"link_{error.code}") from None
        if answer.status != 200:
            raise LinkError(_why(answer.status))
        try:
            return answer.body.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise LinkError("file_not_encrypted") from None


def _why(status: int) -> str:
    if 300 <= status < 400:
        return "link_redirects"
    return {401: "link_passcode_wrong", 404: "link_ended", 410: "link_ended", 429: "link_asked_too_often"}.get(
        status, "link_answers_with_an_error"
    )
