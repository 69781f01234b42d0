"""What a check found: one defect is one finding, however many rules and gates meet it."""

from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "information"]
Gate = Literal[1, 2, 3]
MOST_OF_A_RULE = 200  # a file with more defects of one kind has one cause; the rest is counted


@dataclass(frozen=True, slots=True)
class Finding:
    """One defect."""

    severity: Severity
    rule: str  # stable name of the rule broken, such as `json`, `ele-1`, `cardinality`, `binding`
    path: str  # FHIRPath of where it is, such as `Bundle.entry[3].resource.code`
    says: str  # what is wrong and what would be right, in one plain sentence
    gate: Gate


@dataclass(slots=True)
class Findings:
    """Collects, in the order found; the first finding of a rule at a place stands for all."""

    found: dict[tuple[str, str, str], Finding] = field(default_factory=dict)
    count: dict[str, int] = field(default_factory=dict)

    def add(self, finding: Finding, which: str = "") -> None:
        """`which` tells apart what one rule may find several times at one place."""
        key = (finding.rule, finding.path, which)
        if key in self.found:
            return
        count = self.count[finding.rule] = self.count.get(finding.rule, 0) + 1
        if count <= MOST_OF_A_RULE:
            self.found[key] = finding

    def all(self) -> list[Finding]:
        """The gates in their order, within a gate the places as found; then how many more there are of a rule."""
        listed = sorted(self.found.values(), key=lambda each: each.gate)
        worst = {each.rule: each for each in reversed(listed)}
        more = [(worst[rule], count - MOST_OF_A_RULE) for rule, count in self.count.items() if count > MOST_OF_A_RULE]
        return listed + [
            Finding(each.severity, each.rule, "", f"There are {left} more of this kind.", each.gate)
            for each, left in more
        ]
