"""The charter as people read it: a matrix of steps by roles, as text, as CSV and as a page."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from clearpath.charter.terms import Charter, Step, SubjectRules

LEGEND = {
    "R": "takes the step",
    "(R)": "takes the step when seated there in that position, or when appointed to",
    "C": "is asked",
    "I": "is told",
}
EVERY_SUBJECT = "every subject"
SIGHT_SAYS = {
    "own": "what is their own",
    "seat": "where they sit",
    "consent": "with the patient's consent",
    "count": "only in figures about many",
}


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One step, and what each role has to do with it, in the order of the charter's roles."""

    subject: str
    step: str
    kind: str
    cells: tuple[str, ...]  # "", R, (R), C or I


def matrix_rows(charter: Charter) -> tuple[MatrixRow, ...]:
    """Every step once, in the order of the file."""
    return tuple(_row(charter, step) for step in charter.all_steps())


def _row(charter: Charter, step: Step) -> MatrixRow:
    duty = duties(charter, step)
    cells = tuple(duty.get(role, "") for role in charter.roles)
    return MatrixRow(step.subject or EVERY_SUBJECT, step.name, step.kind, cells)


def duties(charter: Charter, step: Step) -> dict[str, str]:
    """The strongest duty of each role that has one on the step."""
    places = [charter.subjects[step.subject]] if step.subject else list(charter.subjects.values())
    found: dict[str, str] = {}
    for duty, names in (("I", step.tell), ("C", step.consulted), ("(R)", step.may_appoint), ("R", (step.by,))):
        for name in names:
            for role in roles_behind(places, name):
                found[role] = "(R)" if duty == "R" and role != name else duty
    return found


def roles_behind(places: Iterable[SubjectRules], name: str) -> tuple[str, ...]:
    """The roles that a name in the charter can stand for, on any of these subjects."""
    return tuple(dict.fromkeys(role for rules in places for role in rules.roles_of(name)))


def as_text(charter: Charter) -> str:
    """The matrix as a table for a terminal."""
    rows = matrix_rows(charter)
    step_width = max((len(row.step) for row in rows), default=4) + 2
    lines = [f"{charter.title}, version {charter.version}", ""]
    lines.append("  " + "step".ljust(step_width) + "kind".ljust(14) + "  ".join(charter.roles))
    subject = ""
    for row in rows:
        if row.subject != subject:
            subject = row.subject
            lines.extend(["", subject])
        cells = "  ".join(cell.center(len(role)) for role, cell in zip(charter.roles, row.cells, strict=True))
        lines.append(("  " + row.step.ljust(step_width) + row.kind.ljust(14) + cells).rstrip())
    lines.extend(["", *(f"{mark.rjust(4)}  {says}" for mark, says in LEGEND.items())])
    return "\n".join(lines) + "\n"


def as_csv(charter: Charter) -> str:
    """The matrix as comma-separated values (RFC 4180), one row for each step."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["subject", "step", "kind", *charter.roles])
    writer.writerows([row.subject, row.step, row.kind, *row.cells] for row in matrix_rows(charter))
    return out.getvalue()


def as_page(charter: Charter) -> str:
    """A whole page of its own, without style or script: any site can publish it as it is."""
    return (
        f'<!doctype html>\n<html lang="{escape(charter.language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(charter.title)}</title>\n"
        f"</head>\n<body>\n<main>\n{as_html(charter)}</main>\n</body>\n</html>\n"
    )


def as_html(charter: Charter) -> str:
    """The inside of the page: roles, who does what, who sees what, what can never happen, what is kept apart."""
    return "\n".join(
        [
            f"<h1>{escape(charter.title)}</h1>",
            f"<p>Version {escape(charter.version)}</p>",
            *_roles_html(charter),
            *_steps_html(charter),
            *_data_html(charter),
            *_promises_html(charter),
            *_separations_html(charter),
            "",
        ]
    )


def _roles_html(charter: Charter) -> Iterator[str]:
    yield "<h2>Roles</h2>\n<dl>"
    for role, says in charter.roles.items():
        yield f"<dt>{escape(readable(role))}</dt><dd>{escape(says)}</dd>"
    yield "</dl>"


def _steps_html(charter: Charter) -> Iterator[str]:
    yield "<h2>Who does what</h2>\n<dl>"
    for mark, says in LEGEND.items():
        yield f"<dt>{mark}</dt><dd>{says}</dd>"
    yield "</dl>"
    rows = matrix_rows(charter)
    for subject in dict.fromkeys(row.subject for row in rows):
        says = charter.subjects[subject].says if subject in charter.subjects else "Whoever is seated may take these"
        of_subject = [[row.step, *row.cells] for row in rows if row.subject == subject]
        yield from _table(f"{readable(subject)}: {says}", ["step", *map(readable, charter.roles)], of_subject)


def _data_html(charter: Charter) -> Iterator[str]:
    yield "<h2>Who sees what</h2>\n<dl>"
    for sight, says in SIGHT_SAYS.items():
        yield f"<dt>{sight}</dt><dd>{says}</dd>"
    yield f"</dl>\n<p>A figure is about at least {charter.smallest_group} people.</p>"
    rows = [[name, *(sights.get(role, "") for role in charter.roles)] for name, sights in charter.data.items()]
    yield from _table("Sight of each class of data", ["class of data", *map(readable, charter.roles)], rows)


def _table(caption: str, head: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield f'<table class="table">\n<caption>{escape(caption)}</caption>\n<thead><tr>'
    yield "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    yield "</tr></thead>\n<tbody>"
    for first, *cells in rows:
        marked = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        yield f'<tr><th scope="row">{escape(first)}</th>{marked}</tr>'
    yield "</tbody>\n</table>"


def _promises_html(charter: Charter) -> Iterator[str]:
    yield "<h2>What is promised</h2>\n<ul>"
    for rules in charter.subjects.values():
        for promise in rules.promises:
            yield f"<li>{escape(promise.says)}</li>"
    for promise in charter.promises:
        yield f"<li>{escape(promise.says)}</li>"
    yield "</ul>"


def _separations_html(charter: Charter) -> Iterator[str]:
    yield "<h2>What is kept apart</h2>\n<ul>"
    for one in charter.separations:
        roles = " and ".join(readable(role) for role in one.roles)
        yield f"<li>{escape(roles)}: {one.rule}. {escape(one.because)}</li>"
    yield "</ul>"


def readable(name: str) -> str:
    """A name of the charter as a word: `second_doctor` is second doctor."""
    return name.replace("_", " ")
