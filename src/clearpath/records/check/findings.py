"""What a check found: one defect is one finding, however many rules and gates meet it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

Severity = Literal["error", "warning", "information"]
Gate = Literal[1, 2, 3]
MOST_OF_A_RULE = 200  # a file with more defects of one kind has one cause


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
    count: Counter[str] = field(default_factory=Counter)
    cut: dict[str, Finding] = field(default_factory=dict)  # by rule, where there are more than are listed

    def add(self, finding: Finding, which: str = "") -> None:
        """`which` tells apart what one rule may find several times at one place."""
        key = (finding.rule, finding.path, which)
        if key in self.found:
            return
        if self.full(finding.rule):
            says = f"There are more of this kind: the first {MOST_OF_A_RULE} are listed."
            self.cut[finding.rule] = Finding(finding.severity, finding.rule, "", says, finding.gate)
            return
        self.count[finding.rule] += 1
        self.found[key] = finding

    def full(self, rule: str) -> bool:
        """Whether nothing more of this rule is listed."""
        return self.count[rule] >= MOST_OF_A_RULE

    def told(self, rule: str) -> bool:
        """Whether it is full and has said so, so that another finding need not even be made."""
        return rule in self.cut

    def all(self) -> list[Finding]:
        """The gates in their order, within a gate the places as found; last the rules of which there are more."""
        return [*sorted(self.found.values(), key=lambda each: each.gate), *self.cut.values()]
