"""Forums to plan, made from a seed: benchmarks/forums_generate.py DELEGATES SLOTS DENSITY [--all-to-all] > FILE

Two-sided: facilitators and agencies wish hospitals and clinics, and the other way round. Otherwise everybody may wish
everybody. Wishes go to those who are wished by many, and who share a speciality, more often. Seven in ten are there
all the time, the others on one of two days; one slot in twenty is closed to each. The tables are too few for everybody
at once, and a hospital meets agencies in a quarter of the slots at most. --crowded: three slots in ten are closed to
each, nobody has a limit of meetings, and there are tables for two thirds at once.
"""

import argparse
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

SPECIALITIES = 12
TRADES = ("facilitator", "agency", "hospital", "clinic")
BEGINS = datetime(2027, 3, 1, 6, tzinfo=UTC)
MINUTES, BREAK = 20, 5


def forum(
    delegates: int, slots: int, density: int, *, two_sided: bool, crowded: bool = False, seed: int = 0
) -> dict[str, Any]:
    """The document of a forum, as `clearpath forums solve` reads it; equal for equal arguments."""
    random = np.random.default_rng([seed, delegates, slots, density, two_sided])
    trades = np.arange(delegates) % 2 * 2 + (random.random(delegates) < 0.4)
    half = slots // 2
    ids = [f"d{1 + slot // half}-{1 + slot % half}" for slot in range(slots)]
    begins = [BEGINS + timedelta(days=slot // half, minutes=(MINUTES + BREAK) * (slot % half)) for slot in range(slots)]
    halls = [
        {"id": "north", "tables": max(1, delegates // (6 if crowded else 8)), "minutes_to": {"south": 4}},
        {"id": "south", "tables": max(1, delegates // (6 if crowded else 10)), "minutes_to": {"north": 4}},
    ]
    closed = random.random((delegates, slots)) < (0.3 if crowded else 0.05)
    day = random.choice(3, size=delegates, p=[0.7, 0.15, 0.15])
    closed[day == 1, half:] = True
    closed[day == 2, :half] = True
    most = random.integers(max(2, slots // 4), max(2, slots * 3 // 4), size=delegates, endpoint=True)
    if crowded:
        most[:] = slots
    return {
        "format": "clearpath-forum/1",
        "name": f"{delegates} delegates, {slots} slots, {density} wishes each",
        "slots": [
            {"id": name, "session": f"day {1 + slot // half}", "begins_at": at.isoformat(),
             "ends_at": (at + timedelta(minutes=MINUTES)).isoformat()}
            for slot, (name, at) in enumerate(zip(ids, begins, strict=True))
        ],
        "halls": halls,
        "delegates": [
            {"id": f"p{person}", "trade": TRADES[trades[person]], "least": 2, "most": int(most[person]),
             "not_free": [ids[slot] for slot in np.flatnonzero(closed[person])]}
            for person in range(delegates)
        ],
        "wishes": list(_wishes(random, trades >= 2 if two_sided else None, delegates, density)),
        "quotas": [{"trade": "hospital", "others": "agency", "most": max(1, slots // 4)}],
    }  # fmt: skip


def _wishes(random: np.random.Generator, side: Any, delegates: int, density: int) -> Any:
    speciality = random.integers(SPECIALITIES, size=delegates)
    fame = random.pareto(3, size=delegates) + 0.3
    for person in range(delegates):
        others = np.ones(delegates, bool) if side is None else side != side[person]
        others[person] = False
        near = others & (speciality == speciality[person])
        whom = [_drawn(random, fame, near, density // 2)]
        others[whom[0]] = False
        whom.append(_drawn(random, fame, others, density - len(whom[0])))
        for other in np.concatenate(whom).tolist():
            value = int(random.integers(1, 60) + 40 * (speciality[other] == speciality[person]))
            yield {"from": f"p{person}", "to": f"p{other}", "value": value}


def _drawn(random: np.random.Generator, fame: Any, may: Any, count: int) -> Any:
    """Without putting back, by fame: the largest of exponential keys."""
    chosen = np.flatnonzero(may)
    if len(chosen) <= count:
        return chosen
    keys = random.exponential(size=len(chosen)) / fame[chosen]
    return chosen[np.argpartition(keys, count)[:count]]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("delegates", "slots", "density"):
        parser.add_argument(name, type=int)
    parser.add_argument("--all-to-all", action="store_true")
    parser.add_argument("--crowded", action="store_true")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    made = forum(
        asked.delegates,
        asked.slots,
        asked.density,
        two_sided=not asked.all_to_all,
        crowded=asked.crowded,
        seed=asked.seed,
    )
    json.dump(made, sys.stdout)
