"""Brings touches in from a file: CSV or Excel with token, channel (or utm_source), country and day.

Every good line is kept; every other line is told with its column and what to do. `--preview` only looks. Exit 1 when
any line was refused, or the file cannot be read.
"""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from clearpath.core.acts import Write
from clearpath.core.faults import UnreadableSheet
from clearpath.core.sheets import read_sheet
from clearpath.marketing.command_line.import_leads import actor_for, campaign_called
from clearpath.marketing.incoming.touches import judge_touches
from clearpath.marketing.touching import keep_touches

HELP = "bring touches in from a file; exit 1 when any line was refused"


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", type=Path, help="CSV or Excel (.xlsx)")
    parser.add_argument("campaign", metavar="CAMPAIGN", help="its name or its key")
    parser.add_argument("--preview", action="store_true", help="say what is wrong and keep nothing")


def run(options: Mapping[str, Any], write: Write, tell: Write) -> int:
    campaign = campaign_called(options["campaign"])
    by = actor_for(campaign)
    try:
        found = judge_touches(read_sheet(options["file"].read_bytes()), campaign_id=campaign.pk, now=by.now)
    except UnreadableSheet as unreadable:
        tell(f"{options['file']}: {unreadable.says}\n")
        return 1
    kept = keep_touches(found.good, by=by) if found.good and not options["preview"] else 0
    faults = [
        {"line": each.line, "column": each.column, "code": each.code, "says": str(each.says)} for each in found.faults
    ]
    if options["json"]:
        write(json.dumps({"good": len(found.good), "kept": kept, "faults": faults}, ensure_ascii=False, indent=2))
    else:
        told = [f"line {each['line']}  {each['column'] or '-'}  {each['says']}" for each in faults]
        write("\n".join([*told, f"{len(found.good)} good lines, {len(faults)} faults, {kept} kept"]))
    return int(bool(faults))
