"""What came of a scenario, for people and for programs."""

import re
from typing import Any

from clearpath.config.scenarios.checks import Check
from clearpath.config.scenarios.play import Played
from clearpath.config.scenarios.story import Scenario, Who

SIGHT = re.compile(r"(.* sees(?: nothing of)?) (.*)")


def heading_of(scenario: Scenario) -> str:
    """The first lines of the report."""
    return f"{scenario.title} ({scenario.file})\n" + (f"{scenario.says}\n" if scenario.says else "")


def text_of(scenario: Scenario, played: Played) -> str:
    """One line as people read it: who, what, what was decided and why, and everything that is not as expected."""
    rows = [f"\n{played.line.says}"] if played.line.says else []
    at = f"{played.line.line:>4}  {played.at:%d %b %H:%M}"
    act = played.line.act
    if act is not None:
        who = who_of(scenario, act.by)
        lane = f", about {act.lane}" if act.lane else ""
        rows.append(f"{at}  {who}: {act.step}{lane} -- {decision_of(played)}")
    elif played.line.wait is not None:
        rows.append(f"{at}  time passes")
    if played.line.imports:
        rows.append(f"{at}  ownership statements are imported")
    rows += [f"{'':>18}the network: {step} -- done" for step in played.network]
    if act is None and played.line.checks_anything:
        rows.append(f"{at}  checked: {'; '.join(told_together(played.checks))}")
    rows += [f"{'':>18}NOT AS EXPECTED: {each.says}, but {each.found}" for each in played.checks if not each.holds]
    return "\n".join(rows)


def told_together(checks: list[Check]) -> list[str]:
    """What each reader sees, and does not, in one go."""
    found: dict[str, list[str]] = {}
    for check in checks:
        match = SIGHT.fullmatch(check.says)
        found.setdefault(match[1] if match else check.says, []).extend([match[2]] if match else [])
    return [" ".join([start, ", ".join(things)]).strip() for start, things in found.items()]


def decision_of(played: Played) -> str:
    if played.decision == "done":
        return "done"
    if played.decision == "broke":
        return f"BROKE: {played.message}"
    return f"refused, {played.code}: {played.message}"


def who_of(scenario: Scenario, who: Who) -> str:
    if who.person not in scenario.people:
        return "the network"
    person = scenario.people[who.person]
    at = f" at {scenario.organisations[who.organisation].name}" if who.organisation else ""
    acts_for = f" for {scenario.people[who.acts_for].name}" if who.acts_for else ""
    return f"{person.name}, {who.role}{at}{acts_for}"


def document_of(scenario: Scenario, all_played: list[Played], *, database: str | None) -> dict[str, Any]:
    """The whole report as one JSON document."""
    return {
        "scenario": scenario.title,
        "file": scenario.file,
        "charter": scenario.charter.version,
        "passed": all(played.passed for played in all_played),
        "database": database,
        "steps": [_row(played) for played in all_played],
    }


def _row(played: Played) -> dict[str, Any]:
    act = played.line.act
    return {
        "line": played.line.line,
        "says": played.line.says,
        "at": played.at.isoformat(),
        "as": act.by.person or act.by.role if act else None,
        "role": act.by.role if act else None,
        "do": act.step if act else None,
        "on": act.on if act else played.line.on or None,
        "lane": act.lane or None if act else None,
        "decision": played.decision or None,
        "code": played.code or None,
        "message": played.message or None,
        "rightful": played.rightful or None,
        "missing": list(played.missing),
        "network": played.network,
        "passed": played.passed,
        "checks": [{"says": each.says, "holds": each.holds, "found": each.found or None} for each in played.checks],
    }
