"""Reads a forum in Clearpath's own format, which docs/reference/forum-file.md explains."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import numpy as np

from clearpath.forums.planning.dzn import UnreadableForumError
from clearpath.forums.planning.problem import NOWHERE, Hall, Problem, Quota, Slot
from clearpath.forums.planning.rows import (
    MOST_VALUE,
    Fault,
    Faults,
    Key,
    flag,
    minutes_by,
    moment,
    one_of,
    pair_of,
    rows,
    shown,
    some_of,
    text,
    whole,
)  # fmt: skip

FORMAT = "clearpath-forum/1"
LONGEST = 400_000_000  # characters of a file
MOST_SLOTS, MOST_DELEGATES, MOST_WISHES, MOST_TABLES = 200, 20_000, 2_000_000, 100_000
LISTS = ("slots", "halls", "delegates", "wishes", "meetings", "forbidden", "before", "quotas")
LEAST_VALUE = 1  # of a meeting that an organizer adds and nobody wishes


def read(content: str, name: str) -> Problem:
    """The forum that a file holds. Raises UnreadableForumError with every fault and its row."""
    problem, faults = read_good(content, name)
    if faults:
        raise UnreadableForumError(faults)
    return problem


def read_good(content: str, name: str) -> tuple[Problem, list[str]]:
    """What of a file can be planned, and every fault of the rest. Raises UnreadableForumError where nothing can."""
    faults = Faults(name)
    try:
        return _problem(_document(content, faults), faults), faults.lines
    except Fault as fault:
        raise UnreadableForumError([f"{name}: {fault}", *faults.lines]) from None


def _document(content: str, faults: Faults) -> dict[str, Any]:
    if len(content) > LONGEST:
        raise Fault(f"the file has more than {LONGEST:,} characters")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [key for key, _value in pairs]
            twice = next(key for key in names if names.count(key) > 1)
            faults.tell("names", f"{shown(twice)} stands twice in {shown(found)}; the last one counts")
        return found

    try:
        document = json.loads(content, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise Fault(f"line {error.lineno}, column {error.colno}: this is no JSON: {error.msg}") from None
    except (ValueError, RecursionError):
        raise Fault("this is no JSON that can be read: a number is too long, or it is nested too deeply") from None
    if not isinstance(document, dict):
        raise Fault('this is no forum: write {"format": "clearpath-forum/1", "slots": [...], ...}')
    if document.get("format") != FORMAT:
        raise Fault(f"format is {shown(document.get('format'))}; write {FORMAT!r}")
    for key in document:
        if key not in {"format", "name", *LISTS}:
            faults.tell(shown(key), f"there is no such part of a forum; it has name, {', '.join(LISTS)}")
    if "name" in document and not isinstance(document["name"], str):
        faults.tell("name", f"it is {shown(document['name'])}; write a text")
    return document


def _problem(document: dict[str, Any], faults: Faults) -> Problem:
    slots, slot_number, sessions = _slots(document, faults)
    halls, hall_number = _halls(document, faults)
    people = _delegates(document, slot_number, hall_number, halls, faults)
    number = {person["id"]: place for place, person in enumerate(people)}
    trades = tuple(person.get("trade", "") for person in people)
    values = _wishes(document, number, faults)
    arranged = _meetings(document, number, slot_number, sessions, faults)
    for pair, row in arranged.items():
        values[pair] = row.get("value", values.get(pair, LEAST_VALUE))
    for place, row in rows(document, "forbidden", {"delegates": Key(pair_of(number), True)}, faults):
        pair = row["delegates"]
        if arranged.get(pair, {}).get("must"):
            faults.tell(f"forbidden, row {place:,}", "the same two must meet by a row of meetings; the meeting is kept")
        else:
            values.pop(pair, None)
            arranged.pop(pair, None)
    pairs = sorted(values)
    place_of = {pair: place for place, pair in enumerate(pairs)}
    ends = np.array(pairs, np.int32).reshape(-1, 2)
    session, fixed = (np.full(len(pairs), NOWHERE, np.int32) for _each in range(2))
    must = np.zeros(len(pairs), np.bool_)
    for pair, row in arranged.items():
        meeting = place_of[pair]
        session[meeting], fixed[meeting] = row.get("session", NOWHERE), row.get("slot", NOWHERE)
        must[meeting] = row["must"]
    booth = np.array([person.get("table", NOWHERE) for person in people], np.int32)
    return Problem(
        slots=slots,
        halls=halls,
        delegates=tuple(number),
        trades=trades,
        free=_free(people, len(slots)),
        least=np.array([person.get("least", 0) for person in people], np.int32),
        most=np.array([person.get("most", len(slots)) for person in people], np.int32),
        booth=booth,
        first=ends[:, 0].copy(),
        second=ends[:, 1].copy(),
        value=np.array([values[pair] for pair in pairs], np.int64),
        session=session,
        fixed=fixed,
        must=must,
        before=_before(document, number, place_of, faults),
        quotas=_quotas(document, set(trades), faults),
    )


def _slots(document: dict[str, Any], faults: Faults) -> tuple[tuple[Slot, ...], dict[str, int], dict[str, int]]:
    """The slots, and the numbers of slots and sessions by their names."""
    found: list[Slot] = []
    sessions: dict[str, int] = {}
    number: dict[str, int] = {}
    keys = {"id": Key(text, True), "session": Key(text), "begins_at": Key(moment), "ends_at": Key(moment)}
    for row, each in rows(document, "slots", keys, faults):
        begins_at, ends_at = each.get("begins_at"), each.get("ends_at")
        if why := _why_not_slot(each["id"], begins_at, ends_at, found, number):
            faults.tell(f"slots, row {row:,}", why)
            faults.leave_out(each)
            continue
        number[each["id"]] = len(found)
        session = sessions.setdefault(each.get("session", ""), len(sessions))
        found.append(Slot(each["id"], session, begins_at, ends_at))
    if not 1 <= len(found) <= MOST_SLOTS:
        raise Fault(f"slots: there are {len(found):,} that can be used; from 1 to {MOST_SLOTS} can be planned")
    return tuple(found), number, sessions


def _why_not_slot(
    name: str, begins_at: datetime | None, ends_at: datetime | None, found: list[Slot], number: Mapping[str, int]
) -> str | None:
    if name in number:
        return f"there is a slot {shown(name)} already"
    if (begins_at is None) != (ends_at is None) or (found and (found[-1].begins_at is None) != (begins_at is None)):
        return "write begins_at and ends_at in every slot, or in none"
    if begins_at is not None and ends_at is not None:
        if ends_at <= begins_at:
            return "it ends before it begins"
        last = found[-1].ends_at if found else None
        if last is not None and begins_at < last:
            return f"it begins before slot {shown(found[-1].id)} ends; slots stand in order of time and do not overlap"
    return None


def _halls(document: dict[str, Any], faults: Faults) -> tuple[tuple[Hall, ...], dict[str, int]]:
    listed = document.get("halls")
    named = {
        each["id"]: 0
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict) and isinstance(each.get("id"), str)
    }
    keys = {
        "id": Key(text, True),
        "tables": Key(whole(0, MOST_TABLES), True),
        "minutes_to": Key(minutes_by(lambda: named)),
    }
    found: dict[str, dict[str, Any]] = {}
    for row, each in rows(document, "halls", keys, faults):
        if each["id"] in found:
            faults.tell(f"halls, row {row:,}", f"there is a hall {shown(each['id'])} already")
        else:
            found[each["id"]] = each
    if not sum(each["tables"] for each in found.values()):
        raise Fault("halls: there is no table that can be used, so nobody can meet; write tables in a hall")
    return tuple(
        Hall(name, each["tables"], tuple(_minutes(found, name, other) for other in found))
        for name, each in found.items()
    ), {name: place for place, name in enumerate(found)}


def _minutes(halls: Mapping[str, Mapping[str, Any]], name: str, other: str) -> int:
    """As one of the two says; nothing where neither does."""
    one, back = (halls[a].get("minutes_to", {}).get(b) for a, b in ((name, other), (other, name)))
    return 0 if name == other else int(one if one is not None else back or 0)


def _delegates(
    document: dict[str, Any],
    slot_number: Mapping[str, int],
    hall_number: Mapping[str, int],
    halls: tuple[Hall, ...],
    faults: Faults,
) -> list[dict[str, Any]]:
    slots, count = some_of(slot_number, "slot"), whole(0, MOST_SLOTS)
    keys = {
        "id": Key(text, True), "trade": Key(text), "free": Key(slots), "not_free": Key(slots), "least": Key(count),
        "most": Key(count), "table": Key(one_of(hall_number, "hall")),
    }  # fmt: skip
    found: dict[str, dict[str, Any]] = {}
    left = [hall.tables for hall in halls]
    for row, each in rows(document, "delegates", keys, faults):
        why = None
        if each["id"] in found:
            why = f"there is a delegate {shown(each['id'])} already"
        elif "free" in each and "not_free" in each:
            why = "write free or not_free, not both"
        elif each.get("least", 0) > each.get("most", len(slot_number)):
            why = "least is more than most"
        elif "table" in each and not left[each["table"]]:
            why = f"every table of hall {shown(halls[each['table']].id)} belongs to somebody already"
        if why:
            faults.tell(f"delegates, row {row:,}", why)
            faults.leave_out(each)
            continue
        if "table" in each:
            left[each["table"]] -= 1
        found[each["id"]] = each
    if not 2 <= len(found) <= MOST_DELEGATES:
        raise Fault(f"delegates: {len(found):,} can be used; from 2 to {MOST_DELEGATES:,} can be planned")
    return list(found.values())


def _free(people: list[dict[str, Any]], slots: int) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    free = np.ones((len(people), slots), np.bool_)
    for person, each in enumerate(people):
        if "free" in each:
            free[person] = False
            free[person, each["free"]] = True
        free[person, each.get("not_free", [])] = False
    return free


def _wishes(document: dict[str, Any], number: Mapping[str, int], faults: Faults) -> dict[tuple[int, int], int]:
    """What each pair that somebody wishes is worth to both together."""
    people, listed = document["delegates"], document.get("wishes", [])  # also those who are left out
    most = min(len(people) * (len(people) - 1), MOST_WISHES)
    if isinstance(listed, list) and len(listed) > most:
        faults.tell(
            f"wishes, row {most + 1:,}",
            f"{len(listed):,} wishes are too many: {len(people):,} delegates have at most {most:,}, one for each other;"
            " this row and those after it are left out",
        )
        document = {"wishes": listed[:most]}
    wished: set[tuple[int, int]] = set()
    values: dict[tuple[int, int], int] = {}
    for row, giver, taker, value in _wish_rows(document, number, faults):
        if giver == taker:
            faults.tell(f"wishes, row {row:,}", "nobody meets themselves")
        elif (giver, taker) in wished:
            faults.tell(f"wishes, row {row:,}", "the same wish stands in a row before")
        else:
            wished.add((giver, taker))
            pair = (giver, taker) if giver < taker else (taker, giver)
            values[pair] = values.get(pair, 0) + value
    return values


def _wish_rows(
    document: Mapping[str, Any], number: Mapping[str, int], faults: Faults
) -> Iterator[tuple[int, int, int, int]]:
    """Row, giver, taker and value of each good wish. There may be very many, so a plain good one is taken at once."""
    one = one_of(number, "delegate")
    keys = {"from": Key(one, True), "to": Key(one, True), "value": Key(whole(1, MOST_VALUE), True)}
    listed = document.get("wishes", [])
    if not isinstance(listed, list):
        listed = []
        faults.tell("wishes", "write a list of rows, [{...}, {...}]")
    for row, each in enumerate(listed, start=1):
        try:
            value = each["value"]
            if len(each) == 3 and type(value) is int and 1 <= value <= MOST_VALUE:
                yield row, number[each["from"]], number[each["to"]], value
                continue
        except (KeyError, TypeError):
            pass
        for _row, good in rows({"wishes": [each]}, "wishes", keys, faults, first=row):
            yield row, good["from"], good["to"], good["value"]


def _meetings(
    document: dict[str, Any],
    number: Mapping[str, int],
    slot_number: Mapping[str, int],
    sessions: Mapping[str, int],
    faults: Faults,
) -> dict[tuple[int, int], dict[str, Any]]:
    """What the organizer says of single meetings; one with a slot takes place unless it says otherwise."""
    keys = {
        "delegates": Key(pair_of(number), True), "value": Key(whole(1, MOST_VALUE)), "must": Key(flag),
        "session": Key(one_of(sessions, "session")), "slot": Key(one_of(slot_number, "slot")),
    }  # fmt: skip
    found: dict[tuple[int, int], dict[str, Any]] = {}
    for row, each in rows(document, "meetings", keys, faults):
        if each["delegates"] in found:
            faults.tell(f"meetings, row {row:,}", "the same two have a row before")
        else:
            found[each["delegates"]] = {"must": "slot" in each, **each}
    return found


def _before(
    document: dict[str, Any], number: Mapping[str, int], place_of: Mapping[tuple[int, int], int], faults: Faults
) -> tuple[tuple[int, int], ...]:
    found = []
    keys = {"first": Key(pair_of(number), True), "then": Key(pair_of(number), True)}
    for row, each in rows(document, "before", keys, faults):
        first, then = place_of.get(each["first"]), place_of.get(each["then"])
        if first is None or then is None:
            faults.tell(f"before, row {row:,}", "there is no such meeting: nobody wishes it, or it is forbidden")
        elif first == then:
            faults.tell(f"before, row {row:,}", "a meeting cannot come before itself")
        else:
            found.append((first, then))
    return tuple(dict.fromkeys(found))


def _quotas(document: dict[str, Any], trades: set[str], faults: Faults) -> tuple[Quota, ...]:
    found = []
    known = {trade: 0 for trade in trades if trade}

    def trade(value: Any) -> str:
        one_of(known, "trade among the delegates")(value)
        return str(value)

    count = whole(0, MOST_SLOTS)
    keys = {"trade": Key(trade, True), "others": Key(trade, True), "least": Key(count), "most": Key(count)}
    for row, each in rows(document, "quotas", keys, faults):
        least, most = each.get("least", 0), each.get("most", MOST_SLOTS)
        if least > most:
            faults.tell(f"quotas, row {row:,}", "least is more than most")
        else:
            found.append(Quota(each["trade"], each["others"], least, most))
    return tuple(found)
