"""`clearpath trust`: change the secret under which documents and texts are sealed."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clearpath.trust import vault
from clearpath.trust.fields import SealError, reseal


class Command(BaseCommand):
    help = "Seals everything anew under the first secret of CLEARPATH_VAULT_KEY, so that the others can go."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        rewrap = acts.add_parser("rewrap", help="wrap the keys of documents and seal texts under the first secret")
        rewrap.add_argument("--json", action="store_true", help="one JSON document on standard output")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            keys, texts = vault.rewrap(), reseal()
        except SealError as error:
            raise CommandError(f"Not everything was sealed anew: {error}.") from None
        if options["json"]:
            self.stdout.write(json.dumps({"keys": keys, "texts": texts}))
        else:
            self.stdout.write(f"{keys} keys of documents and {texts} texts are sealed under the first secret now.")
