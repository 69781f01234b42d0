"""`clearpath journeys play`: play a scenario through the real steps, on a database of its own."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clearpath.config.scenarios import report, shipped
from clearpath.config.scenarios.database import own_database
from clearpath.config.scenarios.document import read
from clearpath.config.scenarios.play import Played, play
from clearpath.config.scenarios.reader import ScenarioError
from clearpath.config.scenarios.story import Scenario
from clearpath.core.outcomes import Refused


class Command(BaseCommand):
    help = "Plays scenarios of journeys. The format is in docs/reference/scenarios.md."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
        one = acts.add_parser("play", help="play a scenario; exit 1 when something is not as it expects")
        one.add_argument(
            "scenario", metavar="SCENARIO", help=f"a YAML file, or one of those that ship: {', '.join(shipped())}"
        )
        one.add_argument("--json", action="store_true", help="one JSON document on standard output")
        one.add_argument("--keep", action="store_true", help="keep the database that it played on, and say where it is")

    def handle(self, *_args: Any, scenario: str, **options: Any) -> None:
        story = self.story(scenario)
        all_played: list[Played] = []
        as_json, keep = options["json"], options["keep"]
        if not as_json:
            self.stdout.write(report.heading_of(story))
        with own_database(keep=keep) as path:
            try:
                passed = play(story, lambda played: self.tell(story, played, all_played, quiet=as_json))
            except Refused as refusal:
                why = f"{refusal.code}: {refusal.objection.message}"
                raise CommandError(f"{story.file}: a party cannot come on the network: {why}", returncode=2) from None
        kept = str(path) if keep else None
        if as_json:
            document = report.document_of(story, all_played, database=kept)
            self.stdout.write(json.dumps(document, ensure_ascii=False, indent=2))
        else:
            self.sum_up(all_played, kept)
        if not passed:
            raise SystemExit(1)

    def story(self, name: str) -> Scenario:
        path = Path(name)
        if not path.exists() and name in shipped():
            path = shipped()[name]
        try:
            return read(path)
        except ScenarioError as error:
            raise CommandError(str(error), returncode=2) from None
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.", returncode=2) from None

    def tell(self, story: Scenario, played: Played, all_played: list[Played], *, quiet: bool) -> None:
        all_played.append(played)
        if not quiet:
            self.stdout.write(report.text_of(story, played))

    def sum_up(self, all_played: list[Played], kept: str | None) -> None:
        found = [check for played in all_played for check in played.checks]
        failed = sum(not check.holds for check in found)
        says = f"{failed} of {len(found)} expectations failed." if failed else f"All {len(found)} expectations hold."
        self.stdout.write(f"\n{says}")
        if kept:
            self.stdout.write(f"The database is kept at {kept}")
