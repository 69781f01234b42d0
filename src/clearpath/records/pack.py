"""What a patient takes home from the hospital, and what of it is missing. Pure functions over plain values.

Contents: the operation record as patients are told to demand it (verifiedsurgeons.org, patient records and aftercare),
complete records before going home (American College of Surgeons, statement 65), a written record and a copy of it
(EU Directive 2011/24, article 4(2)(f)); all read 2026-11-23.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from clearpath.records.lines import FollowUp, Medicine, WarningSign

OPERATION = {
    "approach": _("Approach"),
    "findings": _("Findings"),
    "complications": _("Complications"),
    "closure": _("Closure"),
    "drains": _("Drains"),
    "operator": _("Who operated"),
    "anaesthesia": _("Anaesthesia"),
    "drugs": _("Medicines given"),
    "materials": _("Materials"),
}  # beside the procedure itself, implants and follow-up, which stand elsewhere in the pack


@dataclass(frozen=True, slots=True)
class Pack:
    """What there is. `operation` is None where nothing was recorded; `added` are texts for what was missing, by key."""

    operation: Mapping[str, str] | None = None
    implants_stated: bool = False
    summary: str = ""
    medicines: tuple[Medicine, ...] = ()
    no_medicines: bool = False
    warning_signs: tuple[WarningSign, ...] = ()
    follow_up: tuple[FollowUp, ...] = ()
    images: str = ""
    letter: str = ""
    added: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is missing: `key` for whoever adds it, `words` for people."""

    key: str
    words: Any


def missing_in_pack(pack: Pack) -> list[Missing]:
    """Everything that is missing, in the order of the pack; empty when it is complete.

    What was not stated is missing: "none" must be written.
    """
    return [each for each in _all_missing(pack) if not pack.added.get(each.key, "").strip()]


def _all_missing(pack: Pack) -> list[Missing]:
    found = _missing_in_operation(pack.operation)
    if not pack.implants_stated:
        found.append(Missing("implants", _("Implants: which, or that there are none")))
    if not pack.summary.strip():
        found.append(Missing("summary", _("Summary")))
    return [*found, *_missing_in_medicines(pack), *_missing_in_lines(pack)]


def _missing_in_operation(operation: Mapping[str, str] | None) -> list[Missing]:
    if operation is None:
        return [Missing("operation", _("Operation record"))]
    return [
        Missing(f"operation-{key}", _("Operation record: %(part)s") % {"part": words})
        for key, words in OPERATION.items()
        if not operation.get(key, "").strip()
    ]


def _missing_in_medicines(pack: Pack) -> list[Missing]:
    if not pack.medicines:
        none_stated = pack.no_medicines
        return [] if none_stated else [Missing("medicines", _("Medicines: which, or that there are none"))]
    vague = [each.name for each in pack.medicines if not (each.dose and each.how_often)]
    words = _("Dose and how often, of: %(names)s") % {"names": "; ".join(vague)}
    return [Missing("doses", words)] if vague else []


def _missing_in_lines(pack: Pack) -> list[Missing]:
    found = []
    if not pack.warning_signs:
        found.append(Missing("warning_signs", _("Warning signs")))
    elif not all(each.call for each in pack.warning_signs):
        found.append(Missing("whom_to_call", _("Whom to call at a warning sign")))
    if not pack.follow_up:
        found.append(Missing("follow_up", _("What follows")))
    elif not all(each.on_day for each in pack.follow_up):
        found.append(Missing("follow_up_days", _("The days of what follows")))
    if not pack.images.strip():
        found.append(Missing("images", _("Images given to the patient, or that there are none")))
    if not pack.letter.strip():
        found.append(Missing("letter", _("Letter to the doctor at home")))
    return found
