"""OAuth 2.0 for programs: client credentials (RFC 6749, 4.4) by oauthlib, with secrets and tokens kept as hashes."""

import base64
import binascii
import secrets
from datetime import timedelta
from typing import Any
from urllib.parse import unquote_plus
from uuid import UUID

from django.utils import timezone
from oauthlib.oauth2 import BackendApplicationServer, RequestValidator

from clearpath.records.models import Client, Token
from clearpath.records.rest.access import digest
from clearpath.records.rest.scopes import all_covered

EXPIRES_IN = 900  # seconds; SMART Backend Services: at most 5 minutes is advised, an hour is usual


class Validator(RequestValidator):  # type: ignore[misc]
    """What oauthlib asks of us."""

    def authenticate_client(self, request: Any, *_args: Any, **_details: Any) -> bool:
        """By HTTP Basic or in the body. Whoever fails is told nothing of whether there is such a client."""
        key, secret = credentials(
            request.headers.get("HTTP_AUTHORIZATION", ""), request.client_id, request.client_secret
        )
        client = Client.objects.filter(pk=key_of(key), revoked_at=None, person__is_active=True).first()
        known = secrets.compare_digest(digest(secret), client.secret_sha256 if client else digest(""))
        if client is None or not known or not secret:
            return False
        request.client, request.client_id = client, client.client_id
        return True

    def validate_grant_type(self, _client_id: str, grant_type: str, *_args: Any, **_details: Any) -> bool:
        return grant_type == "client_credentials"

    def validate_scopes(self, _client_id: str, scopes: list[str], client: Client, *_args: Any, **_details: Any) -> bool:
        return all_covered(scopes, client.scopes.split())

    def get_default_scopes(self, _client_id: str, request: Any, *_args: Any, **_details: Any) -> list[str]:
        return list(request.client.scopes.split())

    def save_bearer_token(self, token: dict[str, Any], request: Any, *_args: Any, **_details: Any) -> None:
        now = timezone.now()
        Token.objects.filter(client=request.client, expires_at__lte=now).delete()
        Token.objects.create(
            sha256=digest(token["access_token"]),
            client=request.client,
            scopes=" ".join(request.scopes),
            made_at=now,
            expires_at=now + timedelta(seconds=EXPIRES_IN),
        )

    def client_authentication_required(self, _request: Any, *_args: Any, **_details: Any) -> bool:
        return True

    def revoke_token(self, token: str, _hint: str, request: Any, *_args: Any, **_details: Any) -> None:
        """Only the client's own (RFC 7009, 2.1)."""
        Token.objects.filter(sha256=digest(token), client=request.client).delete()


def server() -> Any:
    return BackendApplicationServer(
        Validator(), token_generator=lambda _request: secrets.token_urlsafe(32), token_expires_in=EXPIRES_IN
    )


def credentials(authorization: str, client_id: str | None, client_secret: str | None) -> tuple[str, str]:
    """Of the header where there is one, else of the body (RFC 6749, 2.3.1)."""
    scheme, _space, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return client_id or "", client_secret or ""
    try:
        key, _colon, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote_plus(key), unquote_plus(secret)


def key_of(text: str) -> UUID:
    """Of nonsense a key that nobody has."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
