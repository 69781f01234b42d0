"""`clearpath parties`: who owns whom, whose evidence ends, who works where."""

import json
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.utils import timezone

from clearpath.core.outcomes import Refused
from clearpath.parties import connections, evidence, founding, statements, ties
from clearpath.parties.bods_fields import Problem
from clearpath.parties.models import Tie
from clearpath.parties.wording import CONNECTED_BY, path_words, percent
from clearpath.turns import charters


def wrong(says: str) -> CommandError:
    return CommandError(says, returncode=2)


def share(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1:
        raise ArgumentTypeError(f"{text!r} is not a share: write a number from 0 to 1, such as 0.25")
    return found


class Command(BaseCommand):
    help = "Who owns whom, whose evidence ends, who works where. Exit 0 done, 1 the answer is no, 2 used wrongly."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        read = acts.add_parser(
            "import-ownership",
            help="keep the ownership statements of a file; exit 1 when any was refused",
            description="Reads Beneficial Ownership Data Standard 0.4, as a JSON array or JSON Lines. Each bad "
            "statement is named with what is wrong; the good ones are kept. A statement that is kept already changes "
            "nothing. An organisation of the network is recognised by country and register number, never by name.",
        )
        read.add_argument("file", metavar="FILE")
        read.add_argument("--all-or-nothing", action="store_true", help="keep nothing when any statement is refused")
        read.add_argument(
            "--link",
            metavar="RECORD=NAME",
            action="append",
            default=[],
            help="this record is that organisation of the network; may be given several times",
        )
        connected = acts.add_parser("connected", help="with whom somebody counts as one, how much, by which path")
        connected.add_argument("name", metavar="NAME", help="an organisation of the network, a record, or a name")
        connected.add_argument(
            "--at", type=share, metavar="SHARE", help="from which share on; a fraction of one (default: the charter's)"
        )
        ending = acts.add_parser("evidence", help="which evidence ends within 90 days or has ended")
        person = acts.add_parser("add-person", help="let somebody work for an organisation in one of its roles")
        person.add_argument("email", metavar="EMAIL")
        person.add_argument("name", metavar="NAME")
        person.add_argument("organisation", metavar="ORGANISATION")
        person.add_argument("role", metavar="ROLE")
        person.add_argument("--language", default="en", help="in which the person reads (default: en)")
        for act in (read, connected, ending, person):
            act.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *_args: Any, act: str, **options: Any) -> None:
        self.as_json: bool = options["json"]
        if act == "import-ownership":
            self.import_ownership(Path(options["file"]), options["link"], all_or_nothing=options["all_or_nothing"])
        elif act == "connected":
            self.connected(options["name"], options["at"])
        elif act == "evidence":
            self.evidence()
        else:
            self.add_person(
                options["email"], options["name"], options["organisation"], options["role"], options["language"]
            )

    # Ownership

    def import_ownership(self, path: Path, links: list[str], *, all_or_nothing: bool) -> None:
        now = timezone.now()
        try:
            kept = statements.keep(
                path,
                at=now,
                links=dict(self.link(text) for text in links),
                all_or_nothing=all_or_nothing,
                tell=self.tell,
            )
        except OSError as error:
            raise wrong(f"{path} cannot be read: {error.strerror}.") from None
        except statements.UnknownRecordError as error:
            raise wrong(f"No statement speaks of the record {error.args[0]!r}.") from None
        self.tell("looking for ties", 0)
        changes = ties.refresh_ties(now)
        if self.as_json:
            self.print_json(
                {
                    "read": kept.read, "kept": kept.kept, "known": kept.known, "refused": kept.refused,
                    "problems": [problem_of(problem) for problem in kept.problems],
                    "found": [tie_of(tie) for tie in changes.found],
                    "declared": [tie_of(tie) for tie in changes.declared],
                    "ended": [tie_of(tie) for tie in changes.ended],
                    "ambiguous": [
                        {"organisation": each.organisation, "schemes": each.schemes} for each in changes.ambiguous
                    ],
                }
            )  # fmt: skip
        else:
            self.print_kept(kept, changes)
        if kept.refused:
            raise SystemExit(1)

    def link(self, text: str) -> tuple[str, UUID]:
        record, _equals, name = text.rpartition("=")
        if not record or not name:
            raise wrong(f"{text!r} is no link: write RECORD=NAME.")
        return record, self.organisation(name).pk

    def organisation(self, name: str) -> Any:
        try:
            found = connections.organisation_named(name)
        except connections.UnclearError:
            raise wrong(f"Several organisations of the network are called {name!r}.") from None
        if found is None:
            raise wrong(f"No organisation of the network is called {name!r}.")
        return found

    def print_kept(self, kept: statements.Kept, changes: ties.Changes) -> None:
        for problem in kept.problems:
            self.stdout.write(f"{'kept' if problem.kept else 'refused'}  {problem}")
        self.stdout.write(
            f"{kept.read} statements read, {kept.kept} kept, {kept.known} known before, {len(kept.refused)} refused."
        )
        for each in changes.ambiguous:
            self.stdout.write(
                f"{each.organisation}: its number stands in {', '.join(each.schemes)}. Say which record it is: --link"
            )
        for says, some in (
            ("found, declared by nobody", changes.found), ("declared", changes.declared), ("ended", changes.ended)
        ):  # fmt: skip
            for tie in some:
                kind = tie.get_kind_display().lower()
                much = percent(tie.share_bps / 10_000)
                self.stdout.write(f"tie {says}: {tie.first.name} - {tie.second.name}, {kind}, {much}")
        if changes.subjects:
            self.stdout.write(f"The network looks again at {len(changes.subjects)} journeys and other subjects.")

    def connected(self, name: str, at: float | None) -> None:
        at_share = float(charters.charter(charters.in_force()).connected_at) if at is None else at
        try:
            asked = connections.asked_for(name)
        except connections.UnclearError as error:
            raise wrong(self.unclear(error)) from None
        found = connections.connected(asked, at_share=at_share, now=timezone.now(), tell=self.tell)
        if self.as_json:
            rows = [
                {
                    "name": each.name, "record": each.record,
                    "organisation": str(each.organisation_id) if each.organisation_id else None,
                    "share": round(each.share, 6), "by": each.by,
                    "path": [
                        {"owner": owner, "owned": owned, "share": round(part, 6)} for owner, owned, part in each.path
                    ],
                    "words": path_words(each.path),
                }
                for each in found
            ]  # fmt: skip
            self.print_json({"name": asked.name, "at": at_share, "known": bool(asked.records), "connected": rows})
            return
        if not asked.records:
            self.stdout.write(f"No statement speaks of {asked.name}.")
        elif not found:
            self.stdout.write(f"{asked.name} is connected with nobody at {percent(at_share)} or more.")
        for each in found:
            here = ", on the network" if each.organisation_id else ""
            self.stdout.write(f"{each.name}{here}: {percent(each.share)} by {CONNECTED_BY[each.by]}")
            self.stdout.write(f"    {path_words(each.path)}.")

    def unclear(self, error: connections.UnclearError) -> str:
        if not error.records:
            return f"Nobody is called {error.name!r}, on the network or in a statement."
        records = ", ".join(error.records[:10])
        return f"Several are called {error.name!r}. Name the record instead: {records}"

    # Evidence and people

    def evidence(self) -> None:
        rows = evidence.ending_rows(timezone.now().date())
        if self.as_json:
            self.print_json(
                [
                    {
                        "organisation": row.organisation, "role": row.role, "kind": row.kind, "body": row.body,
                        "number": row.number, "valid_to": row.valid_to.isoformat(), "days_left": row.days_left,
                    }
                    for row in rows
                ]
            )  # fmt: skip
            return
        for row in rows:
            left = f"ends in {row.days_left} days" if row.days_left > 0 else "has ended"
            self.stdout.write(
                "  ".join([row.valid_to.isoformat(), row.organisation, row.role, row.kind, row.body, row.number, left])
            )
        if not rows:
            self.stdout.write("No evidence ends within 90 days.")

    def add_person(self, email: str, name: str, organisation: str, role: str, language: str) -> None:
        try:
            validate_email(email)
        except ValidationError:
            raise wrong(f"{email!r} is no e-mail address.") from None
        found = self.organisation(organisation)
        try:
            membership = founding.add_person(
                found, email=email, name=name, role=role, language=language, at=timezone.now()
            )
        except Refused as refusal:
            raise CommandError(str(refusal.objection.message)) from None
        if self.as_json:
            self.print_json({"person": str(membership.person_id), "organisation": str(found.pk), "role": role})
        else:
            self.stdout.write(
                f"{membership.person.name} works for {found.name} as {role} now. "
                "A new account has no password yet: it is chosen through 'forgotten password'."
            )

    def tell(self, doing: str, count: int) -> None:
        self.stderr.write(f"{doing} {count or ''}".rstrip(), str)

    def print_json(self, document: Any) -> None:
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))


def problem_of(problem: Problem) -> dict[str, Any]:
    return {
        "statement": problem.statement, "field": problem.field, "code": problem.code, "wrong": problem.wrong,
        "right": problem.right, "kept": problem.kept,
    }  # fmt: skip


def tie_of(tie: Tie) -> dict[str, Any]:
    return {
        "first": tie.first.name, "second": tie.second.name, "kind": tie.kind, "share": tie.share_bps / 10_000,
        "path": tie.path,
    }  # fmt: skip
