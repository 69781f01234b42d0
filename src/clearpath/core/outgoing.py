"""Asks an address that somebody else chose, and lets nobody use us to reach what is not theirs.

Only https, only public addresses, each connection to the very address that was checked, no redirects, no proxies, and
limits on size and time.
"""

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

ATTEMPT_SECONDS = 10.0  # of silence
WHOLE_SECONDS = 40.0  # for everything that is asked together
CHUNK = 64 * 1024  # bytes
NAT64 = ipaddress.ip_network("64:ff9b::/96")
LONGEST_URL = 4_096  # characters; signed addresses are long


class OutgoingError(Exception):
    """Nothing was answered; `code`: address_not_allowed, unreachable, too_slow, too_large."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered, whatever its status."""

    status: int
    body: bytes


def _soon() -> float:
    return time.monotonic() + WHOLE_SECONDS


@dataclass(slots=True)
class Outgoing:
    """Asks for one purpose. `loopback` also allows plain http, and this very machine: for tests."""

    largest: int  # bytes of an answer
    loopback: bool = False
    until: float = field(default_factory=_soon)  # on the monotonic clock

    def ask(self, method: str, url: str, *, body: bytes | None = None, headers: Mapping[str, str]) -> Reply:
        """Raises OutgoingError."""
        connection, path = self._connection(url)
        said = {"Accept": "*/*", "Accept-Encoding": "identity", "User-Agent": "Clearpath", **headers}
        try:
            connection.request(method, path, body=body, headers=said)
            answer = connection.getresponse()
            return Reply(answer.status, self._read(answer))
        except (OSError, http.client.HTTPException, ValueError):
            raise OutgoingError("unreachable") from None
        finally:
            connection.close()

    def check(self, url: str) -> None:
        """Raises OutgoingError (address_not_allowed, unreachable) without asking anything."""
        self._connection(url)

    def _read(self, answer: http.client.HTTPResponse) -> bytes:
        found = bytearray()
        while chunk := answer.read1(CHUNK):
            found += chunk
            if len(found) > self.largest:
                raise OutgoingError("too_large")
            if time.monotonic() > self.until:
                raise OutgoingError("too_slow")
        return bytes(found)

    def _connection(self, url: str) -> tuple[http.client.HTTPConnection, str]:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise OutgoingError("address_not_allowed") from None
        is_plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST_URL
        is_allowed = parts.scheme == "https" or (parts.scheme == "http" and self.loopback)
        if not (is_plain and is_allowed and host) or parts.username is not None:
            raise OutgoingError("address_not_allowed")
        left = self.until - time.monotonic()
        if left <= 0:
            raise OutgoingError("too_slow")
        port = port or (443 if parts.scheme == "https" else 80)
        address = self._address(host, port)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        kind = _Pinned if parts.scheme == "http" else _PinnedTls
        return kind(host, port, address, min(left, ATTEMPT_SECONDS)), path

    def _address(self, host: str, port: int) -> str:
        """The address to connect to. Every one that the name has must be public, or there is none."""
        try:
            found = {str(each[4][0]) for each in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
        except (OSError, UnicodeError):
            raise OutgoingError("unreachable") from None
        if not found or not all(self._may_reach(each) for each in found):
            raise OutgoingError("address_not_allowed")
        return min(found)

    def _may_reach(self, address: str) -> bool:
        ip = ipaddress.ip_address(address.partition("%")[0])
        inner = _inside(ip) if isinstance(ip, ipaddress.IPv6Address) else ip
        if self.loopback and inner.is_loopback:
            return True
        return ip.is_global and inner.is_global and not inner.is_multicast


def _inside(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """The address of version 4 that one of version 6 leads to (RFC 4291, 3056, 6052), or itself."""
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


class _Pinned(http.client.HTTPConnection):
    """A connection to the address that was checked, whatever the name resolves to by now."""

    def __init__(self, host: str, port: int, address: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self.address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)


class _PinnedTls(_Pinned):
    """The same over TLS, with the certificate of the name."""

    default_port = 443

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)
