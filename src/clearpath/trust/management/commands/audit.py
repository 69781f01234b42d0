"""`clearpath audit`: verify the log, keep its heads elsewhere, read it, prove an entry."""

import json
import re
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max

from clearpath.trust import log, merkle
from clearpath.trust.fold import BrokenTreeError, fold, public_keys, subtree
from clearpath.trust.form import moment
from clearpath.trust.heads import HeadError, KeptHead, exported, read_heads
from clearpath.trust.models import Entry, Head, Leaf


def wrong(says: str) -> CommandError:
    return CommandError(says, returncode=2)


class Command(BaseCommand):
    help = "Verifies, shows and proves the append-only log of who did and who read what."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        verify = acts.add_parser("verify", help="read the whole log; exit 1 when anything was done to it")
        verify.add_argument("--heads", metavar="FILE", help="heads that `export-heads` wrote and you kept elsewhere")
        export = acts.add_parser("export-heads", help="append the new signed heads to a file, to be kept elsewhere")
        export.add_argument("file", metavar="FILE")
        show = acts.add_parser("show", help="everything that happened on one subject")
        show.add_argument("subject", metavar="SUBJECT", help="its key")
        prove = acts.add_parser("prove", help="the proof that an entry is in the signed tree")
        prove.add_argument("entry", metavar="ENTRY", help="its number, as `show` prints it")
        for act in (verify, export, show, prove):
            act.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *_args: Any, act: str, **options: Any) -> None:
        self.as_json: bool = options["json"]
        if act == "verify":
            self.verify(options["heads"])
        elif act == "export-heads":
            self.export_heads(Path(options["file"]))
        elif act == "show":
            self.show(options["subject"])
        else:
            self.prove(options["entry"])

    def verify(self, heads: str | None) -> None:
        against = heads_in(Path(heads)) if heads else []
        report = log.verify(self.tell_progress, against=against)
        if self.as_json:
            self.print_json(asdict_of(report))
        else:
            self.stdout.write(
                f"{report.entries} entries in {report.chains} chains, {report.leaves} of them under {report.heads}"
                f" signed heads{f', held against {len(against)} kept heads' if against else ''}."
            )
            self.print_problems(report)
        if report.problem_count:
            raise SystemExit(1)

    def print_problems(self, report: log.Report) -> None:
        if not report.problem_count:
            self.stdout.write("Nothing was changed, removed, inserted or reordered.")
            return
        for problem in report.problems:
            place = [f"entry {problem.entry_id}"] if problem.entry_id else []
            place += [f"number {problem.number} of {problem.chain}"] if problem.chain else []
            self.stdout.write(": ".join(filter(None, [", ".join(place), problem.says])))
        if report.problem_count > len(report.problems):
            self.stdout.write(f"... {report.problem_count} problems in all.")

    def export_heads(self, path: Path) -> None:
        kept = heads_in(path) if path.exists() else []
        try:
            fold()
        except BrokenTreeError as error:
            raise CommandError(f"Nothing was exported: {error}.") from None
        last = kept[-1].size if kept else 0
        if last > (Head.objects.aggregate(last=Max("size"))["last"] or 0):
            raise CommandError(f"Nothing was exported: {path} knows more entries than the log; the tail was cut.")
        count = 0
        try:
            with path.open("a", encoding="utf-8") as file:
                for line in exported(after=last):
                    file.write(line + "\n")
                    count += 1
        except OSError as error:
            raise wrong(f"{path} cannot be written: {error.strerror}.") from None
        if self.as_json:
            self.print_json({"file": str(path), "added": count, "heads": len(kept) + count})
        else:
            self.stdout.write(f"{count} new heads in {path}. Keep it where the database's owner cannot write.")

    def show(self, subject: str) -> None:
        try:
            chain = UUID(subject)
        except ValueError:
            raise wrong(f"{subject!r} is not the key of a subject.") from None
        entries = [fields_of(entry) for entry in log.entries_of(chain).iterator()]
        if self.as_json:
            self.print_json({"subject": str(chain), "entries": entries})
        elif entries:
            columns = ("number", "id", "at", "role", "person_id", "step", "decision", "reason")
            self.print_table(columns, [[str(each[column] or "") for column in columns] for each in entries])
        else:
            self.stdout.write("There is no entry on that subject.")
        if not entries:
            raise SystemExit(1)

    def prove(self, number: str) -> None:
        entry = entry_at(number)
        leaf = Leaf.objects.filter(entry_id=entry.pk).first()
        head = Head.objects.order_by("-size").first()
        if leaf is None or head is None:
            raise CommandError("That entry is not in the tree yet: it waits for `clearpath work`.")
        path = merkle.inclusion(leaf.index, head.size, subtree)
        proof = {
            "entry": fields_of(entry),
            "canonical": log.canonical(entry).decode(),
            "leaf": {"index": leaf.index, "hash": leaf.hash},
            "path": [node.hex() for node in path],
            "head": {
                "size": head.size, "root": head.root, "at": moment(head.at), "signature": head.signature,
                "key_id": head.key_id, "key": key_named(head.key_id),
            },
        }  # fmt: skip
        holds = merkle.includes(
            path,
            leaf=merkle.leaf_hash(bytes.fromhex(log.hash_of(log.canonical(entry)))),
            index=leaf.index,
            size=head.size,
            root=bytes.fromhex(head.root),
        )
        self.print_json({**proof, "holds": holds})
        if not holds:
            raise CommandError("The proof does not hold: run `clearpath audit verify`.")

    def tell_progress(self, done: int, whole: int) -> None:
        end = "\n" if done == whole else "\r"
        self.stderr.write(f"{done} of {whole} rows", str, end)

    def print_json(self, document: Any) -> None:
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str))

    def print_table(self, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
        for row in (columns, *rows):
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def heads_in(path: Path) -> list[KeptHead]:
    try:
        return read_heads(path.read_text(encoding="utf-8").splitlines())
    except OSError as error:
        raise wrong(f"{path} cannot be read: {error.strerror}.") from None
    except HeadError as error:
        raise wrong(f"{path}: {error}.") from None
    except UnicodeDecodeError:
        raise wrong(f"{path} holds no heads: it is no text.") from None


def entry_at(number: str) -> Entry:
    entry = Entry.objects.filter(pk=int(number)).first() if re.fullmatch("[0-9]{1,18}", number) else None
    if entry is None:
        raise wrong(f"There is no entry {number[:20]!r}.")
    return entry


def fields_of(entry: Entry) -> dict[str, Any]:
    """An entry as JSON holds it."""
    names = [field.attname for field in Entry._meta.concrete_fields]
    values = {name: getattr(entry, name) for name in names}
    return {name: value if value is None or type(value) is int else str(value) for name, value in values.items()}


def asdict_of(report: log.Report) -> dict[str, Any]:
    counts = {name: getattr(report, name) for name in ("entries", "chains", "leaves", "heads", "problem_count")}
    return {**counts, "problems": [asdict(problem) for problem in report.problems]}


def key_named(name: str) -> str | None:
    key = public_keys().get(name)
    return key.public_bytes_raw().hex() if key else None
