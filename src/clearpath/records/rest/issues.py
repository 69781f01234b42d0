"""Every no as an OperationOutcome: what is wrong, where, what to do; of a refusal, whose part it is."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from clearpath.core.outcomes import NotFound, NotYourPart, Outcome
from clearpath.records.check import Finding
from clearpath.records.rest.call import Reply, reply_with
from clearpath.web.words import listed, word_for

Json = dict[str, Any]
REFUSAL = "urn:clearpath:refusal"

# Status and IssueType (FHIR R4) of the refusals that are not plain conflicts with a rule.
STATUSES: dict[str, tuple[int, str]] = {
    "record_already_there": (409, "duplicate"),
    "already_done": (409, "duplicate"),
    "resource_has_changed": (412, "conflict"),
    "file_too_large": (413, "too-long"),
    "erased": (410, "deleted"),
}


class Problem(Exception):  # noqa: N818 - an answer, not an error of the program
    """A request that cannot be answered: HTTP status, IssueType, and a sentence for people."""

    def __init__(
        self, status: int, code: str, says: object, *, expression: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(str(says))
        self.status, self.code, self.says, self.expression = status, code, str(says), expression
        self.headers = dict(headers or {})


class Rejected(Problem):
    """A resource with defects that make it unsafe to understand."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(422, "invalid", _("This cannot be understood safely."))
        self.findings = findings


def outcome(*issues: Json) -> Json:
    return {"resourceType": "OperationOutcome", "issue": list(issues)}


def issue(severity: str, code: str, says: object, *, expression: str = "", diagnostics: str = "") -> Json:
    found: Json = {"severity": severity, "code": code, "details": {"text": str(says)}}
    if diagnostics:
        found["diagnostics"] = diagnostics
    if expression:
        found["expression"] = [expression]
    return found


def of_findings(findings: Iterable[Finding]) -> list[Json]:
    """What the gates found, as issues; without a finding, that all is well."""
    found = [
        issue(each.severity, CODES.get(each.rule, "invalid"), each.says, expression=each.path, diagnostics=each.rule)
        for each in findings
    ]
    return found or [issue("information", "informational", _("Nothing is wrong with this."))]


CODES = {"json": "structure", "cardinality": "required", "binding": "code-invalid", "reference": "not-found"}


def reply_to(problem: Problem) -> Reply:
    if isinstance(problem, Rejected):
        return reply_with(outcome(*of_findings(problem.findings)), problem.status)
    one = issue("error", problem.code, problem.says, expression=problem.expression)
    return reply_with(outcome(one), problem.status, problem.headers)


def reply_to_outcome(found: Outcome) -> Reply:
    """A foreseen outcome of a query or a step."""
    status, code = _status_of(found)
    one = issue("error", code, found.objection.message)
    one["details"]["coding"] = [{"system": REFUSAL, "code": found.code}]
    if isinstance(found, NotYourPart):
        one["diagnostics"] = _whose_part(found)
    return reply_with(outcome(one), status)


def _status_of(found: Outcome) -> tuple[int, str]:
    if isinstance(found, NotYourPart):
        return 403, "forbidden"
    if found.code in STATUSES:
        return STATUSES[found.code]
    return (404, "not-found") if isinstance(found, NotFound) else (422, "business-rule")


def _whose_part(found: NotYourPart) -> str:
    """For people who read the log of their program, with the charter's own names behind."""
    said = [_("Step: %(step)s.") % {"step": found.step}]
    if found.rightful:
        said.append(_("Responsible: %(role)s (%(key)s).") % {"role": word_for(found.rightful), "key": found.rightful})
    if found.missing:
        said.append(_("Missing: %(facts)s.") % {"facts": listed(word_for(each) for each in found.missing)})
    return " ".join(said)
