"""Ownership statements to keep, and organisations with the numbers by which they are known."""

import json
from datetime import date
from itertools import count
from pathlib import Path

from clearpath.parties import statements
from clearpath.parties.models import Organisation
from tests.factories import NOON, make_organisation
from tests.parties.test_bods import entity, person, relationship, shares

_numbers = count(1)


def registered(role: str, country: str = "TR", number: str = "", **other) -> Organisation:
    """An organisation with a number in the trade register of its country."""
    organisation = make_organisation(role, **other)
    organisation.country, organisation.register_number = country, number or f"{next(_numbers):06}"
    organisation.save(update_fields=["country", "register_number"])
    return organisation


def company(record: str, organisation: Organisation | None = None, scheme: str = "TR-MERSIS", number: str = "") -> dict:
    """A statement about a company; about an organisation of the network when it has the same number."""
    stated = number or (organisation.register_number if organisation else "")
    identifiers = [{"scheme": scheme, "id": stated}] if stated else []
    return entity(record, details={"identifiers": identifiers})


def holds(owner: str, owned: str, percent: float, number: int = 1, **other) -> dict:
    return relationship(owner, owned, shares(exact=percent), number=number, **other)


def written(folder: Path, *said: object, name: str = "statements.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(said), encoding="utf-8")
    return path


def kept(folder: Path, *said: object, **how) -> statements.Kept:
    return statements.keep(written(folder, *said), at=NOON, **how)


TODAY: date = NOON.date()
__all__ = ["TODAY", "company", "entity", "holds", "kept", "person", "registered", "shares", "written"]
