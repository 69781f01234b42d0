"""Reads the public instances of the business-to-business meeting scheduling problem (MiniZinc data).

Everything is numbered from 1 there, and from 0 here. Every requested meeting takes place.
Source: Bofill, Coll, Garcia, Giráldez-Cru, Pesant, Suy and Villaret, "Constraint Solving Approaches to the
Business-to-Business Meeting Scheduling Problem", Journal of Artificial Intelligence Research 74 (2022).
"""

import re
from collections.abc import Mapping

import numpy as np

from clearpath.forums.planning.problem import NOWHERE, Hall, Problem, Slot

COMMENT = re.compile(r"%[^\n]*")
STATEMENT = re.compile(r"\s*(\w+)\s*=\s*(.*)", re.DOTALL)
NUMBER = re.compile(r"\d{1,6}")
SET = re.compile(r"\{([^{}]*)\}|(\d{1,6})\s*\.\.\s*(\d{1,6})")
MORNING, AFTERNOON = 0, 1
SESSIONS = {1: MORNING, 2: AFTERNOON, 3: NOWHERE}
LONGEST = 20_000_000  # characters of a file
MOST_SLOTS, MOST_PEOPLE, MOST_MEETINGS = 200, 20_000, 200_000


class UnreadableForumError(Exception):
    """The file says something that cannot be planned: each fault with its place."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read(text: str, name: str) -> Problem:
    """The problem that a file holds. Raises UnreadableForumError."""
    try:
        return _problem(_values(text))
    except _Fault as fault:
        raise UnreadableForumError([f"{name}: {fault}"]) from None


class _Fault(Exception):  # noqa: N818 - becomes UnreadableForumError
    pass


def _values(text: str) -> dict[str, str]:
    """Every statement by its name; nothing that stands in the file is passed over."""
    if len(text) > LONGEST:
        raise _Fault(f"the file has more than {LONGEST:,} characters")
    *statements, rest = COMMENT.sub("", text).split(";")
    if not statements:
        raise _Fault("this is no MiniZinc data: write statements such as nMeetings = 10;")
    if rest.strip():
        raise _Fault(f"what begins with {_begin(rest)} has no semicolon at its end")
    found: dict[str, str] = {}
    for statement in statements:
        read_as = STATEMENT.fullmatch(statement)
        if read_as is None:
            raise _Fault(f"what begins with {_begin(statement)} is no statement such as nMeetings = 10")
        if read_as[1] in found:
            raise _Fault(f"{read_as[1]} is given twice")
        found[read_as[1]] = read_as[2].strip()
    return found


def _begin(text: str) -> str:
    return repr(" ".join(text.split())[:30])


def _problem(values: Mapping[str, str]) -> Problem:
    people, meetings, tables, slots, morning = (
        _number(values, name) for name in ("nBusiness", "nMeetings", "nTables", "nTotalSlots", "nMorningSlots")
    )
    for count, most, name in (
        (people, MOST_PEOPLE, "nBusiness"), (meetings, MOST_MEETINGS, "nMeetings"), (slots, MOST_SLOTS, "nTotalSlots"),
    ):  # fmt: skip
        if not 1 <= count <= most:
            raise _Fault(f"{name} is {count}; from 1 to {most} can be planned")
    if not tables:
        raise _Fault("nTables is 0: without a table nobody can meet")
    if morning > slots:
        raise _Fault(f"nMorningSlots is {morning}, but there are only {slots} slots")
    requested = _rows(values, meetings)
    for row, (first, second, session) in enumerate(requested, start=1):
        if not {first, second} <= set(range(1, people + 1)):
            raise _Fault(f"requested, row {row}: there is no participant {first} or {second}; they are 1 to {people}")
        if first == second:
            raise _Fault(f"requested, row {row}: participant {first} meets themselves")
        if session not in SESSIONS:
            raise _Fault(f"requested, row {row}: the session is {session}; write 1, 2 or 3")
    free = np.ones((people, slots), np.bool_)
    for person, closed in enumerate(_sets(values, "forbidden", people)):
        beyond = [slot for slot in closed if slot > slots]
        if beyond:
            raise _Fault(f"forbidden, participant {person + 1}: there is no slot {beyond[0]}; they are 1 to {slots}")
        free[person, [slot - 1 for slot in closed if slot]] = False
    fixed = _fixed(values, meetings, slots)
    before = tuple(
        (earlier - 1, later)
        for later, earlier_ones in enumerate(_sets(values, "precedences", meetings))
        for earlier in earlier_ones
        if earlier
    )
    for earlier, later in before:
        if earlier >= meetings:
            raise _Fault(f"precedences, meeting {later + 1}: there is no meeting {earlier + 1}")
        if earlier == later:
            raise _Fault(f"precedences, meeting {later + 1}: it cannot come before itself")
    ends = np.array([sorted(pair[:2]) for pair in requested], np.int32).reshape(-1, 2) - 1
    held = np.bincount(ends.ravel(), minlength=people).astype(np.int32)
    return Problem(
        slots=tuple(Slot(str(slot + 1), MORNING if slot < morning else AFTERNOON) for slot in range(slots)),
        halls=(Hall("tables", tables),),
        delegates=tuple(str(person + 1) for person in range(people)),
        trades=("",) * people,
        free=free,
        least=held,
        most=held,
        booth=np.full(people, NOWHERE, np.int32),
        first=ends[:, 0].copy(),
        second=ends[:, 1].copy(),
        value=np.ones(meetings, np.int64),
        session=np.array([SESSIONS[row[2]] for row in requested], np.int32),
        fixed=fixed,
        must=np.ones(meetings, np.bool_),
        before=before,
    )


def _number(values: Mapping[str, str], name: str) -> int:
    text = values.get(name, "")
    if not NUMBER.fullmatch(text):
        raise _Fault(f"{name} is missing" if not text else f"{name} is no whole number")
    return int(text)


def _rows(values: Mapping[str, str], meetings: int) -> list[tuple[int, int, int]]:
    inside = re.fullmatch(r"\[\|(.*)\|\]", values.get("requested", ""), re.DOTALL)
    if inside is None:
        raise _Fault("requested is missing, or is no table [| 1, 2, 3, | ... |]")
    rows = []
    for row, text in enumerate(filter(str.strip, inside[1].split("|")), start=1):
        cells = [cell.strip() for cell in text.split(",") if cell.strip()]
        if len(cells) != 3 or not all(map(NUMBER.fullmatch, cells)):
            raise _Fault(f"requested, row {row}: write participant, participant, session")
        rows.append((int(cells[0]), int(cells[1]), int(cells[2])))
    if len(rows) != meetings:
        raise _Fault(f"requested has {len(rows)} rows, but nMeetings is {meetings}")
    return rows


def _sets(values: Mapping[str, str], name: str, count: int) -> list[list[int]]:
    """An array of sets; empty sets where the file has none."""
    text = values.get(name)
    if text is None:
        return [[] for _each in range(count)]
    between = SET.sub("", text).replace(",", "")
    if "".join(between.split()) != "[]":
        raise _Fault(f"{name} is no list of sets such as [{{1, 2}}, {{0}}]")
    sets = []
    for listed, low, high in SET.findall(text):
        if low:
            sets.append(list(range(int(low), min(int(high), int(low) + MOST_SLOTS) + 1)))
        else:
            cells = [cell.strip() for cell in listed.split(",") if cell.strip()]
            if not all(map(NUMBER.fullmatch, cells)):
                raise _Fault(f"{name}, set {len(sets) + 1}: write whole numbers")
            sets.append([int(cell) for cell in cells])
    if len(sets) != count:
        raise _Fault(f"{name} has {len(sets)} sets, but {count} are needed")
    return sets


def _fixed(values: Mapping[str, str], meetings: int, slots: int) -> "np.ndarray[tuple[int], np.dtype[np.int32]]":
    text = values.get("fixed", values.get("fixat"))
    if text is None:
        return np.full(meetings, NOWHERE, np.int32)
    inside = re.fullmatch(r"\[([^\[\]]*)\]", text)
    cells = [cell.strip() for cell in inside[1].split(",") if cell.strip()] if inside else []
    if len(cells) != meetings or not all(NUMBER.fullmatch(cell) and int(cell) <= slots for cell in cells):
        raise _Fault(f"fixed needs {meetings} slots from 0 to {slots}")
    return np.array([int(cell) - 1 for cell in cells], np.int32)
