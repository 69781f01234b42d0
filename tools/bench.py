"""Run the benchmarks and write benchmarks/results.json and a table: tools/bench.py [NAME...]

A benchmark is one file benchmarks/NAME.py, runnable alone. It prints one JSON list on standard output, each item a
measurement: {"what": sentence, "value": number, "unit": text} and, where they apply, "peer" (name), "peer_value",
"ratio" and "goal" (text). Everything else it has to say goes to standard error.
"""

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HOME = Path(__file__).parent.parent
FOLDER = HOME / "benchmarks"
COLUMNS = ("benchmark", "what", "value", "unit", "peer", "peer_value", "ratio", "goal")


def main(names: list[str]) -> int:
    files = [FOLDER / f"{name}.py" for name in names] or sorted(FOLDER.glob("[a-z]*.py"))
    if not files:
        print("There is no benchmark in benchmarks/.", file=sys.stderr)
        return 1
    failed = []
    results = kept() if names else {}
    for file in files:
        print(f"{file.stem} ...", file=sys.stderr)
        done = subprocess.run([sys.executable, str(file)], cwd=HOME, stdout=subprocess.PIPE, text=True)
        if done.returncode:
            failed.append(file.stem)
        else:
            results[file.stem] = json.loads(done.stdout)
    document = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine(), "results": results}
    (FOLDER / "results.json").write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    print_table(results)
    if failed:
        print(f"bench: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def kept() -> dict[str, Any]:
    """The results of earlier runs, when only some benchmarks are run again."""
    path = FOLDER / "results.json"
    return json.loads(path.read_text())["results"] if path.exists() else {}


def machine() -> dict[str, Any]:
    return {"cores": len(os.sched_getaffinity(0)), "processor": platform.machine(), "python": platform.python_version()}


def print_table(results: dict[str, Any]) -> None:
    rows = [COLUMNS]
    for name, items in sorted(results.items()):
        rows += [(name, *(as_text(item.get(column)) for column in COLUMNS[1:])) for item in items]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def as_text(value: Any) -> str:
    if isinstance(value, float) and abs(value) < 1000:
        return f"{value:.4g}"
    if isinstance(value, int | float):
        return f"{value:,.0f}"
    return "" if value is None else str(value)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
