"""What a file would change, and what is wrong in it, small enough to keep and to show on a page."""

from typing import Any

from clearpath.core.money import as_text
from clearpath.offers.directory.handing_out import MONEY
from clearpath.offers.directory.kinds import KINDS, LINE
from clearpath.offers.directory.plan import LINES, NEW, Change, Plan, written
from clearpath.offers.directory.reading import Reading, WrongRow

MOST_CHANGES, MOST_WRONG = 100, 50  # of which details are shown; all are counted


def preview_of(reading: Reading, plan: Plan) -> dict[str, Any]:
    """Plain data: counts by kind, changes field by field, wrong rows with what to do."""
    changed = sorted(plan.changes, key=lambda change: change.what == NEW)  # what changes matters more than what is new
    return {
        "counts": plan.counts(),
        "changes": [_change(change) for change in changed[:MOST_CHANGES]],
        "more_changes": max(len(changed) - MOST_CHANGES, 0),
        "total": len(changed),
        "wrong": [_wrong(row) for row in reading.wrong[:MOST_WRONG]],
        "more_wrong": max(len(reading.wrong) - MOST_WRONG, 0),
        "total_wrong": len(reading.wrong),
        "notes": reading.notes,
    }


def _change(change: Change) -> dict[str, Any]:
    title = change.whole.get("title") or change.whole.get("name") or ""
    fields = [name for name in change.after if name != "is_shown" or change.what != NEW]
    return {
        "kind": change.kind,
        "what": change.what,
        "name": ", ".join(str(each) for each in change.key),
        "title": title,
        "fields": []
        if change.what == NEW
        else [[name, _told(change, name, change.before), _told(change, name, change.after)] for name in fields],
    }


def _told(change: Change, name: str, values: dict[str, Any]) -> str:
    """One value as people read it."""
    value = values.get(name)
    currency = str(values.get("currency") or change.whole.get("currency") or "")
    if name in MONEY and isinstance(value, int):
        return as_text(value, currency)
    if name == "lines":
        return "; ".join(f"{each['label']} {as_text(each['amount_minor'], currency)}" for each in value or ())
    return written(change.kind, name, value)


def _wrong(row: WrongRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "row": row.row,
        "cells": dict(row.cells),
        "wrong": [[each.column, each.says] for each in row.wrong],
    }


def heading_of(kind: str, name: str) -> Any:
    """The heading of a column, as people read it."""
    if name == "lines":
        return LINES
    column = KINDS[kind].by_key.get(name)
    return column.heading if column else KINDS[LINE.key].title
