"""Typed readers of `CLEARPATH_*` environment variables; each setting is listed by `clearpath settings`."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable as it was read."""

    name: str
    default: str
    says: str
    secret: bool
    given: bool
    value: str


KNOWN: dict[str, Setting] = {}


def text(name: str, default: str, says: str, *, secret: bool = False) -> str:
    """Read one variable and remember it for `clearpath settings`."""
    variable = f"CLEARPATH_{name}"
    value = os.environ.get(variable, default)
    KNOWN[variable] = Setting(variable, default, says, secret, variable in os.environ, value)
    return value


def flag(name: str, default: bool, says: str) -> bool:
    """Raises ImproperlyConfigured unless the value is one of 1, 0, true, false, yes, no, on, off."""
    value = text(name, "1" if default else "0", says).strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"", "0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"CLEARPATH_{name} is {value!r}: write 1 or 0.")


def number(name: str, default: int, says: str) -> int:
    """Raises ImproperlyConfigured unless the value is a whole number."""
    value = text(name, str(default), says)
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"CLEARPATH_{name} is {value!r}: write a whole number.") from None


def words(name: str, default: str, says: str) -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default, says).split(",") if word.strip()]


def neighbour(name: str, default: str, says: str) -> str:
    """A service of this machine: a path to its socket, or host:port on the loopback, since what goes there is bare.

    Raises ImproperlyConfigured.
    """
    value = text(name, default, says).strip().removeprefix("unix:")
    host, _colon, port = value.rpartition(":")
    if value and not value.startswith("/") and not (host in {"127.0.0.1", "[::1]", "localhost"} and port.isdecimal()):
        raise ImproperlyConfigured(f"CLEARPATH_{name} is {value!r}: write /path/to/socket or 127.0.0.1:3310.")
    return value


def database(name: str, default: Path) -> dict[str, Any]:
    """A Django database from `sqlite:///PATH` or `postgresql://user:password@host:port/name?option=value`.

    SQLite begins every transaction by taking the write lock (IMMEDIATE): a deferred one fails when two people
    write at once. FULL, because what was acknowledged must survive a power cut.
    """
    says = "Where the data lives: sqlite:///PATH or postgresql://...; if empty, a file in CLEARPATH_HOME"
    parts = urlsplit(text(name, "", says, secret=True) or f"sqlite:///{default}")
    pool = number("DATABASE_POOL", 8, "Connections to PostgreSQL that each process may hold")
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:] if parts.path.startswith("//") else parts.path,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                " PRAGMA recursive_triggers=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-64000;",
            },
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
            "PORT": str(parts.port or ""),
            "OPTIONS": {"pool": {"min_size": 1, "max_size": pool}},
        }
    raise ImproperlyConfigured(
        f"CLEARPATH_{name} begins with {parts.scheme!r}: write sqlite:///PATH or postgresql://user@host/name."
    )
