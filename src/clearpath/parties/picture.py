"""The map of ties as a drawing: a column for each role, a box for each organisation, a line for each tie.

Lengths are units of the drawing. The same stands in a table beside it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from clearpath.parties.rows import TieRow

WIDTH, HEIGHT = 190, 54  # of a box
ACROSS, DOWN = 330, 92  # from one box to the next
MARGIN, HEAD = 20, 46
LETTERS = 24  # that fit on one line of a box


@dataclass(frozen=True, slots=True)
class Column:
    """All organisations in one role, headed by it."""

    role: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Box:
    """One organisation; `lines` is its name, broken where it is too long."""

    id: UUID
    name: str
    x: int
    y: int
    lines: tuple[tuple[int, str], ...]  # where, what

    @property
    def middle(self) -> int:
        return self.x + WIDTH // 2


@dataclass(frozen=True, slots=True)
class Line:
    """One tie; `curve` is the path of an SVG, the label stands at its middle."""

    curve: str
    x: int
    y: int
    label: str
    is_declared: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything to draw."""

    width: int
    height: int
    columns: tuple[Column, ...]
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    box_width: int = WIDTH
    box_height: int = HEIGHT


def drawn(ties: Sequence[TieRow], roles: Mapping[UUID, str], order: Sequence[str]) -> Picture | None:
    """The drawing of these ties; None when there are none. `order` is that of the columns, by role."""
    names = {tie.first_id: tie.first for tie in ties} | {tie.second_id: tie.second for tie in ties}
    if not names:
        return None
    by_role = {role: [key for key in names if roles.get(key, "") == role] for role in (*order, "")}
    columns = [role for role, keys in by_role.items() if keys]
    places: dict[UUID, tuple[int, int]] = {}
    for across, role in enumerate(columns):
        for down, key in enumerate(_near_their_own(by_role[role], ties, places, names)):
            places[key] = (MARGIN + across * ACROSS, HEAD + down * DOWN)
    tallest = max(len(by_role[role]) for role in columns)
    return Picture(
        width=2 * MARGIN + (len(columns) - 1) * ACROSS + WIDTH + (ACROSS - WIDTH if len(columns) == 1 else 70),
        height=HEAD + tallest * DOWN + MARGIN,
        columns=tuple(Column(role, MARGIN + n * ACROSS + WIDTH // 2, HEAD - 18) for n, role in enumerate(columns)),
        boxes=tuple(Box(key, names[key], x, y, _broken(names[key], y)) for key, (x, y) in places.items()),
        lines=tuple(_line(tie, places) for tie in ties),
    )


def _near_their_own(
    keys: Sequence[UUID], ties: Sequence[TieRow], places: Mapping[UUID, tuple[int, int]], names: Mapping[UUID, str]
) -> list[UUID]:
    """Those tied to somebody high in an earlier column stand high, so that fewer lines cross."""

    def height(key: UUID) -> float:
        others = [
            tie.second_id if tie.first_id == key else tie.first_id
            for tie in ties
            if key in {tie.first_id, tie.second_id}
        ]
        placed = [places[other][1] for other in others if other in places]
        return sum(placed) / len(placed) if placed else 1e6

    return sorted(keys, key=lambda key: (height(key), names[key]))


def _broken(name: str, y: int) -> tuple[tuple[int, str], ...]:
    """The name on one line or two, cut where even two are too short."""
    first, second = "", ""
    for word in name.split():
        if not first or (not second and len(f"{first} {word}") <= LETTERS):
            first = f"{first} {word}".strip()
        else:
            second = f"{second} {word}".strip()
    if not second:
        return ((y + HEIGHT // 2 + 5, _cut(first)),)
    return ((y + HEIGHT // 2 - 4, _cut(first)), (y + HEIGHT // 2 + 14, _cut(second)))


def _cut(text: str) -> str:
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"


def _line(tie: TieRow, places: Mapping[UUID, tuple[int, int]]) -> Line:
    """From the right edge of the left box to the left edge of the right one; within a column, around the right."""
    (x1, y1), (x2, y2) = sorted((places[tie.first_id], places[tie.second_id]))
    y1, y2 = y1 + HEIGHT // 2, y2 + HEIGHT // 2
    label = tie.share or str(tie.kind_words)
    if x1 == x2:
        edge, out = x1 + WIDTH, x1 + WIDTH + 70
        return Line(
            f"M{edge} {y1} C{out} {y1} {out} {y2} {edge} {y2}", edge + 52, (y1 + y2) // 2 + 5, label, tie.is_declared
        )
    begin, middle = x1 + WIDTH, (x1 + WIDTH + x2) // 2
    if x2 - x1 > ACROSS:  # past a column: below the boxes that stand between
        low = max(y1, y2) + DOWN
        curve = f"M{begin} {y1} C{begin + 90} {low} {x2 - 90} {low} {x2} {y2}"
        return Line(curve, middle, (y1 + y2 + 6 * low) // 8 + 5, label, tie.is_declared)
    curve = f"M{begin} {y1} C{middle} {y1} {middle} {y2} {x2} {y2}"
    return Line(curve, middle, (y1 + y2) // 2 - 6, label, tie.is_declared)
