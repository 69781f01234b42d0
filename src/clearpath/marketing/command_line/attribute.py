"""Divides what the paths of a file brought among their channels, by one model or all, without a database.

FILE is CSV in UTF-8 with the first line path,total,converted,value: a path such as search>social>email, how many people
took it, how many of them converted, and what they brought in minor units. The credits of every model add up to the
whole. A bad row is named with what to do, the good ones are kept; exit 1 when any was bad.
"""

import json
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from clearpath.core.acts import Write
from clearpath.marketing import attribution
from clearpath.marketing.attribution import MODELS, Paths, Reading
from clearpath.marketing.attribution.interval import Interval

HELP = "divide what paths brought among their channels; exit 1 when a row was bad"
STEP = 1_000_000  # rows between two words of progress


@dataclass(frozen=True, slots=True)
class Answer:
    """What one model says; `interval` is empty where so many converted that chance moves little."""

    model: str
    credits: list[int]
    interval: Interval


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument(
        "--model", metavar="NAME", type=models, default=list(MODELS), help=f"all, or some of {', '.join(MODELS)}"
    )
    parser.add_argument(
        "--half-life",
        metavar="TOUCHES",
        type=half_life,
        default=attribution.HALF_LIFE,
        help="of time_decay: a touch so many touches earlier counts half (default: 1)",
    )
    parser.add_argument(
        "--of", choices=["value", "converted"], default="value", help="what is divided (default: value)"
    )


def models(text: str) -> list[str]:
    names = [each.strip().lower().replace("-", "_") for each in text.split(",")]
    if names == ["all"]:
        return list(MODELS)
    for name in names:
        if name not in MODELS:
            raise ArgumentTypeError(f"{name!r} is no model: write all, or some of {', '.join(MODELS)}")
    return list(dict.fromkeys(names))


def half_life(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0.001 <= found <= 1_000_000:
        raise ArgumentTypeError(f"{text!r} is no half-life: write a number of touches above 0, such as 2")
    return found


def run(options: Mapping[str, Any], write: Write, tell: Write) -> int:
    reading = _read(options["file"], tell)
    if not len(reading.paths.lengths):
        tell("There is no row that can be used.")
    answers = _answers(_divided(reading.paths, options["of"], tell), options, tell)
    if options["json"]:
        write(json.dumps(_document(reading, answers, options), ensure_ascii=False, indent=2))
    else:
        write("\n".join(_table(reading, answers)))
        _tell_problems(reading, tell)
    return int(bool(reading.refused) or not len(reading.paths.lengths))


def _read(file: Path, tell: Write) -> Reading:
    told = 0

    def progress(rows: int) -> None:
        nonlocal told
        if rows - told >= STEP:
            told = rows
            tell(f"{rows} rows read")

    try:
        return attribution.read(file, progress)
    except attribution.FileRefusedError as refused:
        raise CommandError(f"{file}: {refused}", returncode=2) from None


def _divided(paths: Paths, of: str, tell: Write) -> Paths:
    if of == "converted":
        return replace(paths, value=paths.converted)
    if not paths.whole and paths.converted.any():
        tell("No row brought a value. With --of converted the conversions are divided instead.")
    return paths


def _answers(paths: Paths, options: Mapping[str, Any], tell: Write) -> list[Answer]:
    names, half = options["model"], options["half_life"]
    intervals: dict[str, Interval] = {}
    if attribution.is_small(paths):
        intervals = attribution.interval(paths, names, half_life=half, tell=_progress(paths, tell))
    return [Answer(name, attribution.divide(paths, name, half_life=half), intervals.get(name, [])) for name in names]


def _progress(paths: Paths, tell: Write) -> Any:
    """Of many paths the intervals take long."""
    every = 50 if len(paths.lengths) > 10_000 else 0

    def progress(done: int, of: int) -> None:
        if every and done % every == 0:
            tell(f"interval: {done} of {of} draws")

    return progress


def _document(reading: Reading, answers: Sequence[Answer], options: Mapping[str, Any]) -> dict[str, Any]:
    paths = reading.paths
    people, converted = int(paths.total.sum()), int(paths.converted.sum())
    return {
        "file": str(options["file"]),
        "of": options["of"],
        "half_life": options["half_life"],
        "rows": {"read": reading.rows, "kept": reading.rows - reading.refused, "refused": reading.refused},
        "total": people,
        "converted": converted,
        "value": paths.whole,
        "models": {each.model: _model(paths.channels, each) for each in answers},
        "problems": [each._asdict() for each in reading.problems],
    }


def _model(channels: Sequence[str], answer: Answer) -> dict[str, Any]:
    model = MODELS[answer.model]
    return {
        "title": str(model.title),
        "assumes": str(model.assumes),
        "credits": dict(zip(channels, answer.credits, strict=True)),
        "interval": dict(zip(channels, map(list, answer.interval), strict=True)) if answer.interval else None,
    }


def _table(reading: Reading, answers: Sequence[Answer]) -> list[str]:
    """The models beside each other, then what each assumes, then the intervals if there are any."""
    names = [each.model for each in answers]
    channels = list(reading.paths.channels)
    columns = [[*each.credits, sum(each.credits)] for each in answers]
    lines = _columns(["", *channels, "together"], names, [[f"{credit:,}" for credit in each] for each in columns])
    lines += ["", *(f"{MODELS[name].title}: {MODELS[name].assumes}" for name in names)]
    if any(each.interval for each in answers):
        spans = [[f"{low:,} to {high:,}" for low, high in each.interval] for each in answers]
        lines += ["", "Few converted. Had as many other people come, a credit would lie here in 95 of 100 cases:"]
        lines += _columns(["", *channels], names, spans)
    return lines


def _columns(first: Sequence[str], titles: Sequence[str], columns: Sequence[Sequence[str]]) -> list[str]:
    whole = [list(first), *([title, *column] for title, column in zip(titles, columns, strict=True))]
    widths = [max(map(len, column)) for column in whole]
    return [
        "  ".join([cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])]).rstrip()
        for cells in zip(*whole, strict=True)
    ]


def _tell_problems(reading: Reading, tell: Write) -> None:
    for each in reading.problems:
        tell(f"row {each.row}{f', {each.column}' if each.column else ''}: {each.says}")
    if reading.refused > len(reading.problems):
        tell(f"... {reading.refused} bad rows in all.")
    if reading.refused:
        tell(f"{reading.refused} of {reading.rows} rows were left out.")
