"""A form field of rows: plain inputs, a row for each line, with empty rows to add to; works without JavaScript."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

SPARE = 2  # empty rows shown at once; the others wait behind one line
LONGEST_CELL = 500  # characters
Row = dict[str, str]
Rows = list[Row]


@dataclass(frozen=True, slots=True)
class Column:
    """One cell of every row. With `choices` it is a list to choose from; `mode` is the keyboard that a phone shows."""

    name: str
    words: Any
    choices: Sequence[tuple[str, Any]] = ()
    mode: str = "text"


class RowsWidget(forms.Widget):
    """Rows of inputs named `<field>-<row>-<column>`. A row of which no `telling` cell is filled is no row."""

    template_name = "offers/widgets/rows.html"

    def __init__(self, columns: Sequence[Column], telling: Sequence[str], most: int) -> None:
        super().__init__()
        self.columns, self.telling, self.most = columns, telling, most

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Rows:  # noqa: ARG002
        rows = [
            {each.name: str(data.get(f"{name}-{row}-{each.name}", "")).strip() for each in self.columns}
            for row in range(self.most)
        ]
        return [row for row in rows if any(row[telling] for telling in self.telling)]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:  # noqa: ARG002
        return not any(str(key).startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-{self.columns[0].name}" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        filled: Rows = list(value or ())
        blank = {each.name: each.choices[0][0] if each.choices else "" for each in self.columns}
        rows = [self._cells(name, number, row) for number, row in enumerate(filled + [blank] * self.most)][: self.most]
        shown = min(len(filled) + SPARE, self.most)
        return context | {"rows": rows[:shown], "more": rows[shown:], "longest": LONGEST_CELL}

    def _cells(self, name: str, number: int, row: Mapping[str, str]) -> list[dict[str, Any]]:
        return [
            {
                "name": f"{name}-{number}-{each.name}",
                "id": f"id_{name}-{number}-{each.name}",
                "column": each,
                "number": number + 1,
                "value": row.get(each.name, ""),
            }
            for each in self.columns
        ]


class RowsField(forms.Field):
    """Rows as they were typed; what they mean the form says, which knows the currency."""

    def __init__(self, columns: Sequence[Column], *, telling: Iterable[str], most: int, **given: Any) -> None:
        super().__init__(widget=RowsWidget(columns, tuple(telling), most), **given)

    def clean(self, value: Any) -> Rows:
        rows: Rows = super().clean(value) or []
        return [{name: cell[:LONGEST_CELL] for name, cell in row.items()} for row in rows]
