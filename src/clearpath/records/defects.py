"""The defects that the gates found in a file: grouped for people, and as a letter to who made the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from clearpath.records.check import Finding

MOST_PLACES = 5  # of one rule, on a page and in a letter
SEVERITIES = {"error": gettext_lazy("Error"), "warning": gettext_lazy("Warning"), "information": gettext_lazy("Hint")}
ORDER = list(SEVERITIES)


@dataclass(frozen=True, slots=True)
class Defect:
    """One rule and everywhere it is broken. `places`: where, and what is wrong there, as far as a page holds."""

    rule: str
    severity: str
    severity_name: Any
    places: tuple[tuple[str, str], ...]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.places)


def grouped(findings: Sequence[Finding]) -> list[Defect]:
    """By rule, what weighs most first."""
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    for each in findings:
        by_rule.setdefault((each.severity, each.rule), []).append(each)
    return [
        Defect(
            rule,
            severity,
            SEVERITIES.get(severity, severity),
            tuple((each.path, each.says) for each in found[:MOST_PLACES]),
            len(found),
        )
        for (severity, rule), found in sorted(by_rule.items(), key=lambda each: (ORDER.index(each[0][0]), each[0][1]))
    ]


def letter(defects: Sequence[Defect], *, title: str, sha256: str, received_at: datetime, language: str) -> str:
    """A text to send to who made the file: which file, where, which rule, what would be right.

    What is wrong is told in English, as the standard does, whatever the language around it.
    """
    with translation.override(language):
        count = sum(each.count for each in defects)
        told = {"title": title, "sha256": sha256, "day": date_format(received_at, "DATE_FORMAT"), "count": count}
        lines = [
            ngettext(
                "The file “%(title)s” (SHA-256 %(sha256)s), received on %(day)s, has %(count)d defect by HL7 FHIR R4 "
                "and, where it is one, by the International Patient Summary. We could read it; please correct it, so "
                "that others can too, and send it again.",
                "The file “%(title)s” (SHA-256 %(sha256)s), received on %(day)s, has %(count)d defects by HL7 FHIR R4 "
                "and, where it is one, by the International Patient Summary. We could read it; please correct them, "
                "so that others can too, and send it again.",
                count,
            )
            % told,
            "",
        ]
        for number, each in enumerate(defects, start=1):
            lines.append(_("%(number)d. Rule %(rule)s (%(severity)s)") % {
                "number": number, "rule": each.rule, "severity": str(each.severity_name)
            })  # fmt: skip
            lines += [f"   {path}: {says}" if path else f"   {says}" for path, says in each.places]
            if each.more:
                lines.append("   " + ngettext("and %d more place", "and %d more places", each.more) % each.more)
        return "\n".join(lines)
