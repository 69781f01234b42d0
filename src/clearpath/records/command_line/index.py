"""Make the search index of records anew: of those added before there was one, or after a new CLEARPATH_VAULT_KEY."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from clearpath.records.index.fill import index_again
from clearpath.records.models import Record
from clearpath.trust import vault

HELP = "make the search index anew"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--missing", action="store_true", help="only records that have none")


def run(options: Mapping[str, Any], write: Callable[[str], object], tell: Callable[[str], object]) -> int:
    records = Record.objects.order_by("pk")
    if options["missing"]:
        records = records.filter(resources=None)
    done = 0
    for record in records.iterator(chunk_size=20):
        with transaction.atomic():
            [content] = vault.open_all([(bytes(record.sealed), record.pk)])
            if content is not None:
                index_again(record, content)
                done += 1
        if done % 100 == 0 and done:
            tell(f"{done} records")
    write(json.dumps({"records": done}) if options["json"] else f"{done} records can be searched.")
    return 0
