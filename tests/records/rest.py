"""What tests of FHIR over HTTP stand on: a journey, and programs with tokens."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from clearpath.parties.models import Organisation
from clearpath.records import clients
from clearpath.records.models import Token
from clearpath.records.rest.access import digest
from clearpath.turns import steps as turns
from tests.factories import NOON
from tests.walk import Walk, consent_to, walk_to

BUNDLES = Path(__file__).parent / "bundles"
EVERYTHING = "system/*.cruds"


def token_for(actor, *scopes: str) -> str:
    """An access token for a program that acts as this actor, made without asking for it."""
    client, secret = clients.register(
        actor.organisation_id, actor.role, name="Program", scopes=list(scopes or [EVERYTHING]), at=NOON
    )
    now = timezone.now()
    Token.objects.create(
        sha256=digest(secret), client=client, scopes=client.scopes, made_at=now, expires_at=now + timedelta(hours=1)
    )
    return secret


def open_journey(facilitator: Any = None) -> Walk:
    """A journey whose patient lets the facilitator read and add records; `facilitator`: the key of theirs."""
    given = {"facilitator": Organisation.objects.get(pk=facilitator)} if facilitator else {}
    walk = walk_to("records.add", **given)
    consent_to(walk, walk.facilitator.organisation_id, "clinical")
    turns.appoint(walk.journey, task="records.add", role="facilitator", wording="Add my records.", by=walk.patient)
    return walk


class Program:
    """Asks as a program does; `base` is what its addresses begin with."""

    base = "http://testserver/fhir/R4"

    def __init__(self, client, token: str = "") -> None:
        self.client = client
        self.token = token

    def ask(self, method: str, path: str, body: Any = None, **headers: str):
        """Names of headers with `_` for `-`. Bodies that are no bytes are sent as JSON."""
        given = {f"HTTP_{name.upper()}": value for name, value in headers.items() if name != "content_type"}
        if self.token:
            given.setdefault("HTTP_AUTHORIZATION", f"Bearer {self.token}")
        data = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        path = path.removeprefix(self.base).lstrip("/")
        content_type = headers.get("content_type", "application/fhir+json")
        return self.client.generic(method, f"/fhir/R4/{path}", data, content_type=content_type, **given)

    def get(self, path: str, **headers: str):
        return self.ask("GET", path, **headers)

    def post(self, path: str, body: Any, **headers: str):
        return self.ask("POST", path, body, **headers)

    def put(self, path: str, body: Any, **headers: str):
        return self.ask("PUT", path, body, **headers)


def observation(walk, **members: Any) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "718-7", "display": "Hemoglobin"}]},
        "subject": {"reference": f"Patient/{walk.journey.pk}"},
        "effectiveDateTime": "2026-05-04",
        **members,
    }
