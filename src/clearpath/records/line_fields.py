"""A form field for lines: a small table of inputs, one row for each line, that works without JavaScript."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clearpath.records import lines

OPEN_ROWS = 3  # shown at once; the others wait behind one line
MOST_ROWS = 12
LONGEST_CELL = 500  # characters


class LinesWidget(forms.Widget):
    """Rows of inputs named `<field>-<row>-<column>`."""

    template_name = "records/widgets/lines.html"

    def __init__(self, kind: type[Any], columns: Sequence[tuple[str, Any]]) -> None:
        super().__init__()
        self.kind, self.columns = kind, columns

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> list[dict[str, str]]:  # noqa: ARG002
        rows = [
            {column: str(data.get(f"{name}-{row}-{column}", "")).strip() for column, _words in self.columns}
            for row in range(MOST_ROWS)
        ]
        return [row for row in rows if any(row.values())]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:  # noqa: ARG002
        return not any(str(key).startswith(f"{name}-") for key in data)

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-0-{self.columns[0][0]}" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        rows = [row if isinstance(row, dict) else asdict(row) for row in value or []]
        blank = dict.fromkeys((column for column, _words in self.columns), "")
        rows += [blank] * (MOST_ROWS - len(rows))
        cells = [
            [
                {"name": f"{name}-{number}-{column}", "id": f"id_{name}-{number}-{column}", "words": words,
                 "value": row.get(column, "")}
                for column, words in self.columns
            ]
            for number, row in enumerate(rows[:MOST_ROWS])
        ]  # fmt: skip
        shown = max(OPEN_ROWS, len([row for row in rows if any(row.values())]))
        return context | {
            "columns": self.columns,
            "rows": cells[:shown],
            "more": cells[shown:],
            "longest": LONGEST_CELL,
        }


class LinesField(forms.Field):
    """Lines of one kind, cleaned to a tuple; `columns` are the fields of the kind with their headings."""

    def __init__(self, kind: type[Any], columns: Sequence[tuple[str, Any]], **given: Any) -> None:
        self.kind = kind
        self.first = fields(kind)[0].name
        super().__init__(widget=LinesWidget(kind, columns), **given)

    def clean(self, value: Any) -> tuple[Any, ...]:
        rows = [row for row in value or [] if any(row.values())]
        for number, row in enumerate(rows, start=1):
            if not row[self.first]:
                raise ValidationError(
                    _("Line %(number)s has no name. Write what it is about."), params={"number": number}
                )
            if any(len(cell) > LONGEST_CELL for cell in row.values()):
                raise ValidationError(_("Line %(number)s is too long."), params={"number": number})
        if self.required and not rows:
            raise ValidationError(_("Fill in at least one line."), code="required")
        return tuple(self.kind(**row) for row in rows)


def risks(**given: Any) -> LinesField:
    """What can go wrong, how likely that is, and where the number comes from."""
    columns = (
        ("what", _("Risk")),
        ("chance", _("How often")),
        ("source", _("Source")),
    )
    return LinesField(
        lines.Risk, columns, label=_("Risks"), help_text=_("How often: so many per 100, or in words."), **given
    )


def medicines(**given: Any) -> LinesField:
    """What to take at home."""
    columns = (("name", _("Medicine")), ("dose", _("Dose")), ("how_often", _("How often")), ("until", _("Until when")))
    return LinesField(lines.Medicine, columns, label=_("Medicines"), **given)


def warning_signs(**given: Any) -> LinesField:
    """What must not wait, and whom to call."""
    columns = (("sign", _("Warning sign")), ("call", _("Whom to call")), ("when", _("When")))
    return LinesField(lines.WarningSign, columns, label=_("Warning signs"), **given)


def follow_up(**given: Any) -> LinesField:
    """What follows, and when."""
    columns = (("what", _("What follows")), ("on_day", _("On which day")), ("where", _("Where, or by whom")))
    return LinesField(lines.FollowUp, columns, label=_("What follows"), **given)


def implants(**given: Any) -> LinesField:
    """What stays in the body, by its label."""
    columns = (("name", _("Implant")), ("udi", _("Text of the label (UDI)")))
    return LinesField(lines.Device, columns, label=_("Implants"), **given)
