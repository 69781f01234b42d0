"""The command `clearpath charter`: check, show, diff, explain. Exit 0 yes, 1 the answer is no, 2 used wrongly."""

import argparse
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from clearpath.charter.codes import ERROR
from clearpath.charter.decide import compile_charter
from clearpath.charter.diff import diff, roles_affected
from clearpath.charter.document import Charter, CharterError, default_charter, default_source, read
from clearpath.charter.explain import Unknown, explain
from clearpath.charter.lint import Finding, lint
from clearpath.charter.nodes import MAX_BYTES
from clearpath.charter.prove import Proof, prove
from clearpath.charter.show import as_csv, as_page, as_text, matrix_rows

YES, NO, WRONG = 0, 1, 2


class Out(Protocol):
    """Where text goes: a file, or what Django gives to commands."""

    def write(self, text: str, /) -> Any: ...


class UsedWrongly(Exception):  # noqa: N818 - told to the person, not a fault of the program
    """The command cannot do what it was asked; the message says why."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The four acts and their options."""
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    check = acts.add_parser("check", help="read, lint and prove; exit 1 when anything is wrong")
    _file(check)
    show = acts.add_parser("show", help="the matrix of steps by roles")
    _file(show)
    forms = show.add_mutually_exclusive_group()
    forms.add_argument("--html", action="store_true", help="as a page to publish")
    forms.add_argument("--csv", action="store_true", help="as comma-separated values")
    changes = acts.add_parser("diff", help="who gains and loses what, in sentences")
    changes.add_argument("old", metavar="A", help="the charter before")
    changes.add_argument("new", metavar="B", help="the charter after")
    why = acts.add_parser("explain", help="why a role may, or may not, take a step; exit 1 when it may not")
    _file(why)
    why.add_argument("--as", dest="role", required=True, metavar="ROLE")
    why.add_argument("--do", dest="step", required=True, metavar="STEP")
    why.add_argument("--in", dest="stage", required=True, metavar="STAGE")
    why.add_argument("--having", nargs="*", default=[], metavar="FACT", help="the facts that hold")
    why.add_argument("--on", default="", metavar="SUBJECT", help="for a step that is on every subject")
    for one in (check, changes, why):
        one.add_argument("--json", action="store_true", help="one JSON document on standard output")
    forms.add_argument("--json", action="store_true", help="one JSON document on standard output")


def _file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="?", metavar="FILE", help="a charter; without it the one that ships")


def main(argv: Sequence[str], out: Out, err: Out) -> int:
    """Runs the command with its own parser; never raises for bad input."""
    parser = argparse.ArgumentParser(prog="clearpath charter", description=__doc__)
    add_arguments(parser)
    try:
        options = parser.parse_args(argv)
    except SystemExit as ended:  # argparse has said what is wrong, or printed the help
        return WRONG if ended.code else YES
    return run(vars(options), out, err)


def run(options: dict[str, Any], out: Out, err: Out) -> int:
    """Does what the parsed options ask; the exit code."""
    acts: dict[str, Callable[[dict[str, Any], Out, Out], int]] = {
        "check": _check,
        "show": _show,
        "diff": _diff,
        "explain": _explain,
    }
    try:
        return acts[options["act"]](options, out, err)
    except CharterError as error:
        err.write(f"{error}\n")
        return WRONG
    except (UsedWrongly, Unknown) as error:
        err.write(f"{error}\n")
        return WRONG


def _source(path: str | None) -> str | bytes:
    """No more than one byte beyond what a charter may have is ever read."""
    if path is None:
        return default_source()
    try:
        with Path(path).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise UsedWrongly(f"{path} cannot be read: {reason}.") from None


def _charter(path: str | None) -> Charter:
    return default_charter() if path is None else read(_source(path), name=path)


def _check(options: dict[str, Any], out: Out, err: Out) -> int:
    path = options.get("file")
    source = _source(path)
    try:
        charter = read(source, name=path or "charter.yaml")
    except CharterError as error:
        if options.get("json"):
            mistakes = [asdict(mistake) for mistake in error.mistakes]
            out.write(_json({"holds": False, "mistakes": mistakes, "findings": [], "proofs": []}))
        else:
            out.write(f"{error}\n{len(error.mistakes)} mistakes: this cannot be read as a charter.\n")
        return NO
    findings = lint(charter)
    proofs = prove(charter, progress=lambda says: err.write(f"{says}\n"))
    holds = all(proof.holds for proof in proofs) and not any(one.severity == ERROR for one in findings)
    if options.get("json"):
        out.write(
            _json(
                {
                    "holds": holds,
                    "mistakes": [],
                    "findings": [asdict(finding) for finding in findings],
                    "proofs": [_proof(proof) for proof in proofs],
                }
            )
        )
    else:
        out.write(_checked(charter, findings, proofs, holds))
    return YES if holds else NO


def _proof(proof: Proof) -> dict[str, Any]:
    return {
        "subject": proof.subject,
        "form": proof.promise.form,
        "promise": proof.promise.says,
        "line": proof.promise.line,
        "holds": proof.holds,
        "says": proof.says,
        "counterexample": list(proof.counterexample),
        "states": proof.states,
    }


def _checked(charter: Charter, findings: Sequence[Finding], proofs: Sequence[Proof], holds: bool) -> str:
    lines = [str(finding) for finding in findings]
    for proof in proofs:
        lines.append(f"{'kept  ' if proof.holds else 'BROKEN'}  {proof.subject or proof.promise.role}: {proof.says}")
        lines.extend(f"          {number}. {step}" for number, step in enumerate(proof.counterexample, 1))
    errors = sum(finding.severity == ERROR for finding in findings)
    broken = sum(not proof.holds for proof in proofs)
    lines.append(
        f"{charter.title}, version {charter.version}: {errors} errors, {len(findings) - errors} warnings,"
        f" {len(proofs) - broken} of {len(proofs)} promises proved. {'It holds.' if holds else 'It does not hold.'}"
    )
    return "\n".join(lines) + "\n"


def _show(options: dict[str, Any], out: Out, _err: Out) -> int:
    charter = _charter(options.get("file"))
    if options.get("json"):
        rows = [
            {"subject": row.subject, "step": row.step, "kind": row.kind}
            | {"duties": {role: cell for role, cell in zip(charter.roles, row.cells, strict=True) if cell}}
            for row in matrix_rows(charter)
        ]
        out.write(
            _json({"charter": charter.title, "version": charter.version, "roles": [*charter.roles], "steps": rows})
        )
    elif options.get("html"):
        out.write(as_page(charter))
    elif options.get("csv"):
        out.write(as_csv(charter))
    else:
        out.write(as_text(charter))
    return YES


def _diff(options: dict[str, Any], out: Out, _err: Out) -> int:
    old, new = _charter(options["old"]), _charter(options["new"])
    sentences = diff(old, new)
    affected = sorted(roles_affected(old, new))
    if options.get("json"):
        out.write(_json({"sentences": sentences, "roles_affected": affected}))
        return YES
    out.write("\n".join(sentences or ["Nothing changes."]) + "\n")
    if affected:
        out.write(f"Roles that gain or lose a duty: {', '.join(affected)}.\n")
    return YES


def _explain(options: dict[str, Any], out: Out, _err: Out) -> int:
    tables = compile_charter(_charter(options.get("file")))
    having = [fact for given in options["having"] for fact in given.split(",") if fact]
    decision, sentences = explain(tables, options["role"], options["step"], options["stage"], having, on=options["on"])
    if options.get("json"):
        out.write(_json(asdict(decision) | {"sentences": list(sentences)}))
    else:
        out.write("\n".join(sentences) + "\n")
    return YES if decision.allowed else NO


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
