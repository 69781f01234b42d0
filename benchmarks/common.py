"""What every benchmark shares: how it is called, how times are summed up, what it says of the machine."""

import argparse
import json
import os
import platform
import sys
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import starmap
from pathlib import Path
from time import perf_counter_ns, process_time_ns
from typing import Any

HERE = Path(__file__).parent


def arguments(doc: str, **options: dict[str, Any]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=doc.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    for name, option in options.items():
        parser.add_argument(f"--{name}", **option)
    return parser.parse_args()


def report(measured: dict[str, Any], asked: argparse.Namespace) -> None:
    """Prints what was measured; ends with 1 when a goal that decides is not met."""
    if asked.json:
        print(json.dumps(measured))
    else:
        for name, value in flat(measured):
            print(f"{name:60} {value}")
    sys.exit(0 if all(goal["met"] or not goal["decides"] for goal in measured["goals"]) else 1)


def flat(measured: Any, name: str = "") -> list[tuple[str, Any]]:
    if isinstance(measured, dict):
        return [row for key, value in measured.items() for row in flat(value, f"{name}.{key}" if name else key)]
    if isinstance(measured, list):
        return [row for number, value in enumerate(measured) for row in flat(value, f"{name}.{number}")]
    return [(name, measured)]


def goal(
    says: str, value: float, *, most: float | None = None, least: float | None = None, decides: bool = False
) -> dict[str, Any]:
    """What was aimed at. Ratios and counts decide; times are reported, because machines differ."""
    met = (most is None or value <= most) and (least is None or value >= least)
    aim = f"at most {most:,}" if most is not None else f"at least {least:,}"
    return {"says": says, "value": round(value, 3), "aim": aim, "met": met, "decides": decides}


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def each(run: Callable[..., Any], questions: Sequence[tuple[Any, ...]]) -> list[int]:
    """How long each call takes, in nanoseconds, the clock's own time taken off."""
    clock = perf_counter_ns
    empty = min(-(clock() - clock()) for _ in range(1000))
    times = []
    for question in questions:
        started = clock()
        run(*question)
        times.append(clock() - started - empty)
    return times


def per_second(run: Callable[..., Any], questions: Sequence[tuple[Any, ...]]) -> float:
    """How many in a second of this process's own work, called in a loop that costs nothing.

    Not by the clock on the wall: what others do on the machine would slow the slower ones more.
    """
    started = process_time_ns()
    deque(starmap(run, questions), maxlen=0)
    return len(questions) / ((process_time_ns() - started) / 1e9)


def quantile(times: Sequence[float], share: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def machine() -> dict[str, Any]:
    """What the times are worth: whose machine, how busy."""
    model = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    return {
        "at": datetime.now(UTC).isoformat(timespec="minutes"),
        "processor": model,
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 2),
        "memory_gb": round(int(next(iter(_lines("/proc/meminfo")), "MemTotal: 0 kB").split()[1]) / 1e6),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def day_and_place(there: dict[str, Any]) -> str:
    """The same as half a sentence, for a page."""
    return f"{there['at'][:10]}, on {there['cores']} cores of {there['processor']}, {there['memory_gb']} GB"


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []
