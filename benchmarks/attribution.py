"""What a million paths brought, divided by seven models, beside public implementations on the same file.

    python benchmarks/attribution.py --paths 1000000 --json

The file is invented: paths over twelve channels, some taken far more often than others, with 1 to 20 touches, one in
four of one touch; one in twenty people converts. The same seed gives the same file. Clearpath reads it and divides by
all seven models; each peer reads it and divides by those that it has: ChannelAttribution (C++), Marketing Attribution
Models (Polars) and mta (pandas), pinned in attribution_peers/ and installed by pip into var/benchmarks/. First it is
checked that they agree where they mean the same. Counted is the work of all threads, because others on the machine
would slow the slower ones more; the time on the clock is told too.
"""

import json
import os
import subprocess
import sys
import tempfile
import venv
from dataclasses import replace
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import numpy as np
from common import HERE, arguments, goal, report, say

os.environ["DJANGO_SETTINGS_MODULE"] = "clearpath.config.settings"

import django

django.setup()

from clearpath.marketing import attribution  # noqa: E402
from clearpath.marketing.attribution import MODELS, Paths  # noqa: E402
from clearpath.marketing.attribution.markov import removal_effects  # noqa: E402

SOURCE = HERE / "attribution_peers"
FOLDER = HERE.parent / "var" / "benchmarks" / "attribution"
PYTHON = FOLDER / "bin" / "python"
PEERS = ("channel_attribution", "marketing_attribution_models", "mta")
CHANNELS = (
    "search", "social", "email", "display", "video", "referral", "affiliate", "direct", "forum", "clinic page",
    "price list", "podcast",
)  # fmt: skip
LEAST_TIMES, ROUNDS, MOST_TOUCHES = 10, 5, 20
EXACT, SIMULATED = 1e-9, 0.05  # how far apart answers of the same meaning may be; a simulated one differs


def write_file(file: Path, count: int, seed: int) -> None:
    chance = np.random.default_rng(seed)
    lengths = np.minimum(chance.geometric(0.25, count), MOST_TOUCHES)
    often = 1 / np.arange(1, len(CHANNELS) + 1)
    touches = np.array(CHANNELS, object)[chance.choice(len(CHANNELS), lengths.sum(), p=often / often.sum())]
    total = chance.geometric(0.1, count)
    converted = chance.binomial(total, 0.05)
    value = converted * chance.integers(50_000, 2_000_000, count)
    ends = np.cumsum(lengths)
    with file.open("w") as out:
        out.write("path,total,converted,value\n")
        for row in zip(ends - lengths, ends, total, converted, value, strict=True):
            start, end, *numbers = row
            out.write(f"{'>'.join(touches[start:end])},{','.join(map(str, numbers))}\n")


def install() -> None:
    """Install what is pinned, once for each list of pins."""
    pinned, complete = (SOURCE / "requirements.txt").read_text(), FOLDER / "complete"
    if complete.exists() and complete.read_text() == pinned:
        return
    say("the peers are installed ...")
    venv.create(FOLDER, clear=True, with_pip=True)
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"]
    done = subprocess.run(
        [*command, "-r", str(SOURCE / "requirements.txt")], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode:
        sys.exit(f"The peers could not be installed by pip (one needs a C++ compiler: g++):\n{done.stdout}")
    complete.write_text(pinned)


def ours(file: Path, rounds: int) -> tuple[Paths, dict[str, dict[str, float]]]:
    """What the file says, and how long reading and each model take, the middle of several rounds."""
    rows: list[dict[str, tuple[float, float]]] = []
    for _ in range(rounds):
        took: dict[str, tuple[float, float]] = {}
        worked, clock = process_time(), perf_counter()
        paths = attribution.read(file).paths
        took["read"] = (process_time() - worked, perf_counter() - clock)
        for model in MODELS:
            worked, clock = process_time(), perf_counter()
            attribution.divide(paths, model)
            took[model] = (process_time() - worked, perf_counter() - clock)
        rows.append(took)
    return paths, {
        step: {
            "worked": median(row[step][0] for row in rows),
            "on_the_clock": median(row[step][1] for row in rows),
        }
        for step in rows[0]
    }


def theirs(name: str, file: Path) -> dict[str, Any]:
    say(f"{name} ...")
    done = subprocess.run([str(PYTHON), str(SOURCE / "peer.py"), name, str(file)], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit(f"{name} failed with exit code {done.returncode}.")
    return dict(json.loads(done.stdout))


def agreement(paths: Paths, peers: dict[str, dict[str, Any]]) -> dict[str, float]:
    """The largest difference of each model from ours, as a part of the whole. Ends the run where they do not agree."""
    counted = replace(paths, value=paths.converted)  # mta divides conversions
    found = {}
    for name, peer in peers.items():
        for model in [each for each in peer["found"] if each in MODELS]:
            if model == "markov":
                expected = dict(zip(paths.channels, removal_effects(paths).tolist(), strict=True))
                most, whole = SIMULATED if name == "channel_attribution" else EXACT, 1
            else:
                divided = counted if name == "mta" else paths
                expected, most, whole = exact(divided, model), EXACT, divided.whole
            said = peer["found"][model]
            worst = max(abs(said.get(channel, 0) - credit) / whole for channel, credit in expected.items())
            if worst > most:
                sys.exit(f"{name} and Clearpath do not agree on {model}: {worst} apart.")
            found[f"{name}, {model}"] = worst
    return found


def exact(paths: Paths, model: str) -> dict[str, float]:
    """The credits before they are rounded to whole numbers."""
    weights = MODELS[model].weigh(paths, attribution.HALF_LIFE)
    return {
        channel: float(Fraction(weight * paths.whole, sum(weights)))
        for channel, weight in zip(paths.channels, weights, strict=True)
    }


def beside(took: dict[str, dict[str, float]], peer: dict[str, Any], measure: str) -> dict[str, float]:
    """How many times as long a peer takes: its models beside our seven, and beside the same of ours."""
    seconds = {step: each[measure] for step, each in peer["seconds"].items()}
    same = [model for model in MODELS if model in seconds]
    alike = sum(seconds.values()) - seconds.get("shapley_of_its_own", 0)
    return {
        "seconds": round(sum(seconds.values()), 3),
        "times_all_seven": round(sum(seconds.values()) / sum(each[measure] for each in took.values()), 1),
        "times_the_same_models": round(alike / sum(took[step][measure] for step in ("read", *same)), 1),
    }


def main() -> None:
    asked = arguments(
        __doc__,
        paths={"type": int, "default": 1_000_000},
        seed={"type": int, "default": 1},
        rounds={"type": int, "default": ROUNDS, "help": "of Clearpath; peers run once"},
    )
    install()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paths.csv"
        say("the file is written ...")
        write_file(file, asked.paths, asked.seed)
        megabytes = file.stat().st_size / 1e6
        paths, took = ours(file, asked.rounds)
        peers = {name: theirs(name, file) for name in PEERS}
    worked = {name: beside(took, peer, "worked") for name, peer in peers.items()}
    fastest = min(worked, key=lambda name: worked[name]["seconds"])
    all_seven = sum(each["worked"] for each in took.values())
    measured = {
        "paths": asked.paths,
        "touches": len(paths.touches),
        "megabytes": round(megabytes),
        "converted": int(paths.converted.sum()),
        "clearpath": {step: {key: round(value, 4) for key, value in each.items()} for step, each in took.items()},
        "peers": {
            name: {
                "steps": {step: round(each["worked"], 3) for step, each in peers[name]["seconds"].items()},
                "while_working": worked[name],
                "on_the_clock": beside(took, peers[name], "on_the_clock"),
            }
            for name in PEERS
        },
        "furthest_apart": agreement(paths, peers),
        "versions": {"numpy": version("numpy"), "peers": pins()},
        "goals": [
            goal(
                f"times the fastest peer, {fastest}, all seven models beside what it has",
                worked[fastest]["times_all_seven"], least=LEAST_TIMES, decides=True,
            ),
            goal(f"seconds of work for {asked.paths:,} paths, read and divided by seven models", all_seven, most=2),
        ],
    }  # fmt: skip
    report(measured, asked)


def pins() -> dict[str, str]:
    lines = (SOURCE / "requirements.txt").read_text().splitlines()
    pinned = dict(line.split("==") for line in lines if "==" in line)
    return {name: pinned[name] for name in ("ChannelAttribution", "marketing_attribution_models", "mta")}


if __name__ == "__main__":
    main()
