"""Checks a plan against its forum and a bound against its certificate, with nothing of what planned them.

It reads the two documents as they are written, and says every rule that is broken. docs/reference/forum-file.md says
what each part means.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

Document = Mapping[str, Any]
Pair = frozenset[str]


def faults_of(forum: Document, plan: Document) -> list[str]:
    """Everything that is wrong with a plan and with what it says of itself; empty: nothing."""
    meetings = plan.get("meetings") or []
    if plan.get("status") in {"impossible", "unknown"}:
        return ["there are meetings in no plan"] if meetings else []
    unknown = list(_unknown(forum, meetings))
    if unknown:
        return [*unknown, *_claims(forum, plan, [each for each in meetings if _is_pair(each.get("delegates"))])]
    return [
        *_agendas(forum, meetings),
        *_wished(forum, meetings),
        *_seats(forum, meetings),
        *_orders(forum, meetings),
        *_quotas(forum, meetings),
        *_ways(forum, meetings),
        *_claims(forum, plan, meetings),
    ]


def values(forum: Document) -> dict[Pair, int]:
    """What each meeting that may take place is worth."""
    found: Counter[Pair] = Counter()
    for wish in forum.get("wishes", []):
        found[frozenset((wish["from"], wish["to"]))] += wish["value"]
    for row in forum.get("meetings", []):
        pair = frozenset(row["delegates"])
        found[pair] = row.get("value", found.get(pair, 1))
    for row in forum.get("forbidden", []):
        found.pop(frozenset(row["delegates"]), None)
    return dict(found)


def slots_of(forum: Document, delegate: Document) -> set[str]:
    everything = {slot["id"] for slot in forum["slots"]}
    return (set(delegate["free"]) if "free" in delegate else everything) - set(delegate.get("not_free", []))


def _unknown(forum: Document, meetings: list[Any]) -> Iterator[str]:
    people, slots = ({row["id"] for row in forum[part]} for part in ("delegates", "slots"))
    tables = {hall["id"]: hall["tables"] for hall in forum["halls"]}
    for row, meeting in enumerate(meetings, start=1):
        ends = meeting.get("delegates")
        if not _is_pair(ends) or ends[0] == ends[1] or not set(ends) <= people:
            yield f"meeting {row}: {ends} are no two delegates of the forum"
        elif meeting.get("slot") not in slots:
            yield f"meeting {row}: there is no slot {meeting.get('slot')}"
        elif meeting.get("hall") not in tables or meeting.get("table") not in range(1, tables[meeting["hall"]] + 1):
            yield f"meeting {row}: there is no table {meeting.get('table')} in hall {meeting.get('hall')}"


def _is_pair(ends: Any) -> bool:
    return isinstance(ends, list) and len(ends) == 2 and all(isinstance(end, str) for end in ends)


def _agendas(forum: Document, meetings: list[Any]) -> Iterator[str]:
    busy = Counter((end, meeting["slot"]) for meeting in meetings for end in meeting["delegates"])
    held = Counter(end for meeting in meetings for end in meeting["delegates"])
    free = {delegate["id"]: slots_of(forum, delegate) for delegate in forum["delegates"]}
    for (end, slot), count in busy.items():
        if count > 1:
            yield f"{end} has {count} meetings in slot {slot}"
        if slot not in free[end]:
            yield f"{end} is not free in slot {slot}"
    for delegate in forum["delegates"]:
        most = delegate.get("most", len(forum["slots"]))
        if held[delegate["id"]] > most:
            yield f"{delegate['id']} has {held[delegate['id']]} meetings, but at most {most} are wished"


def _wished(forum: Document, meetings: list[Any]) -> Iterator[str]:
    may, planned = values(forum), Counter(frozenset(meeting["delegates"]) for meeting in meetings)
    slot = {frozenset(meeting["delegates"]): meeting["slot"] for meeting in meetings}
    session = {each["id"]: each.get("session", "") for each in forum["slots"]}
    for pair, count in planned.items():
        if pair not in may:
            yield f"{_two(pair)} meet, but nobody wishes it or it is forbidden"
        if count > 1:
            yield f"{_two(pair)} meet {count} times"
    for row in forum.get("meetings", []):
        pair = frozenset(row["delegates"])
        if pair not in may:
            continue
        if row.get("must", "slot" in row) and pair not in slot:
            yield f"{_two(pair)} must meet, but do not"
        if pair in slot and "slot" in row and slot[pair] != row["slot"]:
            yield f"{_two(pair)} meet in slot {slot[pair]} instead of {row['slot']}"
        if pair in slot and "session" in row and session[slot[pair]] != row["session"]:
            yield f"{_two(pair)} meet outside of session {row['session']}"


def _seats(forum: Document, meetings: list[Any]) -> Iterator[str]:
    own = {}
    taken: Counter[str] = Counter()
    for delegate in forum["delegates"]:
        if "table" in delegate:
            taken[delegate["table"]] += 1
            own[delegate["id"]] = (delegate["table"], taken[delegate["table"]])
    sat = Counter((meeting["slot"], meeting["hall"], meeting["table"]) for meeting in meetings)
    for (slot, hall, table), count in sat.items():
        if count > 1:
            yield f"table {table} in hall {hall} has {count} meetings in slot {slot}"
    for meeting in meetings:
        seat, theirs = (meeting["hall"], meeting["table"]), [own[end] for end in meeting["delegates"] if end in own]
        if theirs and seat not in theirs:
            yield f"{' and '.join(meeting['delegates'])} meet elsewhere than at the table of one of them"
        if not theirs and meeting["table"] <= taken[meeting["hall"]]:
            yield f"{' and '.join(meeting['delegates'])} meet at a table that belongs to somebody else"


def _orders(forum: Document, meetings: list[Any]) -> Iterator[str]:
    number = {slot["id"]: place for place, slot in enumerate(forum["slots"])}
    at = {frozenset(meeting["delegates"]): number[meeting["slot"]] for meeting in meetings}
    for row in forum.get("before", []):
        first, then = frozenset(row["first"]), frozenset(row["then"])
        if first in at and then in at and at[first] >= at[then]:
            yield f"{_two(first)} meet no earlier than {_two(then)}"


def _quotas(forum: Document, meetings: list[Any]) -> Iterator[str]:
    trade = {delegate["id"]: delegate.get("trade", "") for delegate in forum["delegates"]}
    met = Counter((end, trade[other]) for each in meetings for end, other in _both(each["delegates"]))
    for quota in forum.get("quotas", []):
        for delegate in (name for name, own in trade.items() if own == quota["trade"]):
            count = met[delegate, quota["others"]]
            if not quota.get("least", 0) <= count <= quota.get("most", count):
                yield f"{delegate} ({quota['trade']}) has {count} meetings with {quota['others']}: outside of the quota"


def _both(ends: list[str]) -> list[tuple[str, str]]:
    return [(ends[0], ends[1]), (ends[1], ends[0])]


def _ways(forum: Document, meetings: list[Any]) -> Iterator[str]:
    if not all("begins_at" in slot for slot in forum["slots"]):
        return
    minutes = _shortest(forum)
    number = {slot["id"]: place for place, slot in enumerate(forum["slots"])}
    days: dict[str, list[tuple[int, str]]] = {}
    for meeting in meetings:
        for end in meeting["delegates"]:
            days.setdefault(end, []).append((number[meeting["slot"]], meeting["hall"]))
    for end, day in days.items():
        for (one, hall), (other, there) in pairwise(sorted(day)):
            ends_at, begins_at = forum["slots"][one]["ends_at"], forum["slots"][other]["begins_at"]
            pause = datetime.fromisoformat(begins_at) - datetime.fromisoformat(ends_at)
            if pause.total_seconds() < 60 * minutes[hall, there]:
                yield f"{end} is late from hall {hall} to hall {there} for slot {forum['slots'][other]['id']}"


def _shortest(forum: Document) -> dict[tuple[str, str], int]:
    halls = {hall["id"]: hall.get("minutes_to", {}) for hall in forum["halls"]}
    way = {(a, b): 0 if a == b else halls[a].get(b, halls[b].get(a, 0)) for a in halls for b in halls}
    for by in halls:
        for a in halls:
            for b in halls:
                way[a, b] = min(way[a, b], way[a, by] + way[by, b])
    return way


def _claims(forum: Document, plan: Document, meetings: list[Any]) -> Iterator[str]:
    """What the plan says of itself."""
    if "value" not in plan:
        return
    may = values(forum)
    worth = sum(may.get(frozenset(meeting["delegates"]), 0) for meeting in meetings)
    if plan["value"] != worth:
        yield f"the plan is worth {worth}, not {plan['value']}"
    if plan.get("bound") is not None and plan["bound"] < worth:
        yield f"the bound {plan['bound']} is below the worth of the plan itself, {worth}"
    if plan.get("proved") and plan.get("status") == "optimal" and plan.get("bound") != worth:
        yield "it is called proved, but the bound is another than the worth"


def bound_by(forum: Document, certificate: Document) -> int:
    """The bound that prices prove, in whole numbers; any prices of zero or more prove one.

    Each meeting that takes place pays both delegates, the quotas that count it and, where it needs a table that belongs
    to nobody, the table. All together cannot be paid more than there is of each at its price; what a meeting is worth
    beyond its costs is added.
    """
    people = {delegate["id"]: delegate for delegate in forum["delegates"]}
    free = {name: slots_of(forum, delegate) for name, delegate in people.items()}
    said = {frozenset(row["delegates"]): row for row in forum.get("meetings", [])}
    may = {pair: worth for pair, worth in values(forum).items() if _possible(forum, free, said.get(pair, {}), pair)}
    offered = Counter(end for pair in values(forum) for end in pair)
    unit, price, table = certificate["unit"], certificate["delegates"], certificate["table"]
    quotas = {(row["delegate"], row["others"]): row["price"] for row in certificate["quotas"]}
    if unit < 1 or min([table, *price.values(), *quotas.values()]) < 0:
        raise ValueError("a price is below zero")
    most = {name: min(each.get("most", len(forum["slots"])), len(free[name]), offered[name])
            for name, each in people.items()}  # fmt: skip
    total = sum(price.get(name, 0) * most[name] for name in people)
    trade = {name: each.get("trade", "") for name, each in people.items()}
    for (name, others), each in quotas.items():
        limits = [row.get("most", len(forum["slots"])) for row in forum.get("quotas", [])
                  if row["trade"] == trade[name] and row["others"] == others]  # fmt: skip
        if not limits:
            raise ValueError(f"there is no quota of {name} with {others}")
        total += each * min(limits)
    owners = sum("table" in each for each in people.values())
    tables = sum(hall["tables"] for hall in forum["halls"]) - owners
    total += table * sum(min(tables, sum(slot["id"] in free[name] for name in people) // 2) for slot in forum["slots"])
    must = {frozenset(row["delegates"]) for row in forum.get("meetings", []) if row.get("must", "slot" in row)}
    for pair, worth in may.items():
        one, other = sorted(pair)
        cost = price.get(one, 0) + price.get(other, 0)
        cost += quotas.get((one, trade[other]), 0) + quotas.get((other, trade[one]), 0)
        cost += table * ("table" not in people[one] and "table" not in people[other])
        total += unit * worth - cost if pair in must else max(0, unit * worth - cost)
    return int(total // unit)


def _possible(forum: Document, free: Mapping[str, set[str]], row: Document, pair: Pair) -> bool:
    """There is a slot in which the two may meet; `row` is what the forum says of their meeting."""
    one, other = sorted(pair)
    slots = free[one] & free[other]
    if "slot" in row:
        slots &= {row["slot"]}
    if "session" in row:
        slots &= {slot["id"] for slot in forum["slots"] if slot.get("session", "") == row["session"]}
    return bool(slots)


def _two(pair: Pair) -> str:
    return " and ".join(sorted(pair))
