"""Small forums as documents, and every plan that there is for them."""

from collections import Counter
from itertools import product
from random import Random

TRADES = ("hospital", "agency", "clinic")


def small_forum(seed, *, halls=1):
    """Four to six delegates, three slots, and by chance whatever a forum may ask."""
    random = Random(seed)
    names = [f"p{number}" for number in range(random.randint(4, 6))]
    pairs = [(one, other) for one in names for other in names if one != other]
    wishes = random.sample(pairs, random.randint(3, 6))
    wished = sorted({tuple(sorted(pair)) for pair in wishes})
    slots = ["s0", "s1", "s2"]
    forum = {
        "format": "clearpath-forum/1",
        "slots": [
            {"id": slot, "session": "early" if slot == "s0" else "late",
             "begins_at": f"2027-03-01T1{place}:00:00+00:00", "ends_at": f"2027-03-01T1{place}:50:00+00:00"}
            for place, slot in enumerate(slots)
        ],
        "halls": [
            {"id": f"h{hall}", "tables": random.randint(1, 3), "minutes_to": {"h0": 15} if hall and halls > 2 else {}}
            for hall in range(halls)
        ],
        "delegates": [
            {"id": name, "trade": random.choice(TRADES), "not_free": random.sample(slots, random.choice([0, 0, 1])),
             "most": random.choice([1, 2, 3, 3])}
            for name in names
        ],
        "wishes": [{"from": one, "to": other, "value": random.randint(1, 9)} for one, other in wishes],
        "meetings": [], "before": [], "quotas": [],
    }  # fmt: skip
    for delegate in forum["delegates"]:
        delegate["least"] = random.randint(0, delegate["most"])
    if random.random() < 0.3:
        random.choice(forum["delegates"])["table"] = "h0"
    for pair in wished:
        if random.random() < 0.3:
            asked = random.choice([{"slot": random.choice(slots)}, {"session": "late"}, {"must": True}, {"value": 4}])
            forum["meetings"].append({"delegates": list(pair), **asked})
    if len(wished) > 1 and random.random() < 0.4:
        first, then = random.sample(wished, 2)
        forum["before"].append({"first": list(first), "then": list(then)})
    if random.random() < 0.4:
        here = sorted({delegate["trade"] for delegate in forum["delegates"]})
        least = random.choice([0, 0, 1])
        forum["quotas"].append({"trade": here[0], "others": here[-1], "least": least, "most": random.choice([1, 2])})
    return forum


def best_of_all(forum):
    """The greatest value of any plan, without ways between halls; None where there is no plan."""
    worth = Counter()
    for wish in forum["wishes"]:
        worth[tuple(sorted((wish["from"], wish["to"])))] += wish["value"]
    said = {tuple(sorted(row["delegates"])): row for row in forum["meetings"]}
    for pair, row in said.items():
        worth[pair] = row.get("value", worth[pair])
    pairs = sorted(worth)
    plans = product([None, 0, 1, 2], repeat=len(pairs))
    good = [plan for plan in plans if _is_plan(forum, said, dict(zip(pairs, plan, strict=True)))]
    return max(
        (sum(worth[pair] for pair, slot in zip(pairs, plan, strict=True) if slot is not None) for plan in good),
        default=None,
    )


def _is_plan(forum, said, plan):
    people = {row["id"]: row for row in forum["delegates"]}
    tables = sum(hall["tables"] for hall in forum["halls"]) - sum("table" in row for row in forum["delegates"])
    held = {pair: slot for pair, slot in plan.items() if slot is not None}
    agenda = Counter((end, slot) for pair, slot in held.items() for end in pair)
    count = Counter(end for pair in held for end in pair)
    at_tables = Counter(
        slot for pair, slot in held.items() if not any("table" in people[end] for end in pair)
    )  # fmt: skip
    met = Counter(
        (end, people[other]["trade"]) for pair in held for end, other in (pair, pair[::-1])
    )  # fmt: skip
    return (
        all(each == 1 for each in agenda.values())
        and all(f"s{slot}" not in people[end]["not_free"] for end, slot in agenda)
        and all(count[name] <= row["most"] for name, row in people.items())
        and all(each <= tables for each in at_tables.values())
        and all(
            (pair in held or not row.get("must", "slot" in row))
            and (pair not in held or row.get("slot", f"s{held[pair]}") == f"s{held[pair]}")
            and (pair not in held or "session" not in row or held[pair] > 0)
            for pair, row in said.items()
        )
        and all(
            held.get(tuple(row["first"]), -1) < held.get(tuple(row["then"]), 9) or tuple(row["first"]) not in held
            for row in forum["before"]
        )
        and all(
            quota["least"] <= met[name, quota["others"]] <= quota["most"]
            for quota in forum["quotas"]
            for name, row in people.items()
            if row["trade"] == quota["trade"]
        )
    )
