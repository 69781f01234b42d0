"""Where everything in the document came from: one Provenance for each file, for each author here, for the whole."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from clearpath.records import fhir
from clearpath.records.fhir.elements import Resource
from clearpath.records.fhir.facts import Author, Filed
from clearpath.records.fhir.origin import agent
from clearpath.records.fhir.people import who
from clearpath.records.going_home.desk import Desk
from clearpath.records.going_home.received import Found

ASSEMBLER = uuid5(NAMESPACE_URL, "clearpath")


def assembler(desk: Desk) -> Resource:
    """A reference to this software, which put the document together."""
    return {"reference": desk.name(f"Device/{ASSEMBLER}"), "display": "Clearpath"}


def origins_of(desk: Desk, composition: str, at: datetime) -> list[Found]:
    made = [fhir.assembler_to_fhir(ASSEMBLER), *_of_files(desk), *_of_authors(desk)]
    whole = uuid5(ASSEMBLER, str(desk.parcel.patient.id))
    made.append(fhir.written_to_fhir(whole, at, [{"reference": composition}], [agent("assembler", assembler(desk))]))
    return [*map(desk.mine, made), *_as_sent(desk)]


def _of_files(desk: Desk) -> list[Resource]:
    """For each file: what was carried over from it, who wrote it as it says itself, or as its sender said."""
    by_file: dict[str, tuple[Filed, list[Resource]]] = {}
    for found in desk.reached:
        for file in found.files:
            by_file.setdefault(file.sha256, (file, []))[1].append({"reference": found.name})
    there = {each.name for each in desk.reached} | {desk.patient}
    senders = {bundle.file.sha256: bundle.authors for bundle in desk.bundles}
    made = []
    for file, targets in by_file.values():
        authors = [each for each in senders.get(file.sha256, ()) if each.get("reference") in there]
        authors = authors or ([{"display": file.made_by}] if file.made_by else [])
        agents = [*(agent("author", each) for each in authors), agent("assembler", assembler(desk))]
        made.append(fhir.received_to_fhir(uuid5(desk.parcel.patient.id, file.sha256), file, targets, agents))
    return made


def _of_authors(desk: Desk) -> list[Resource]:
    by_author: dict[Author, list[Resource]] = {}
    for found in desk.reached:
        if found.by:
            by_author.setdefault(found.by, []).append({"reference": found.name})
    newest = {each.by: each.at for each in sorted(desk.parcel.written(), key=lambda each: each.at)}
    return [
        fhir.written_to_fhir(
            uuid5(desk.parcel.patient.id, who(author)["reference"]),
            newest[author],
            targets,
            [agent("author", who(author)), agent("assembler", assembler(desk))],
        )
        for author, targets in by_author.items()
    ]


def _as_sent(desk: Desk) -> list[Found]:
    """What senders themselves said of where something came from, where that is in the document."""
    there = {each.name for each in desk.reached} | {desk.patient}
    sent = [each for each in desk.known.values() if each.kind == "Provenance" and each.files]
    return [each for each in sent if _targets(each) and _targets(each) <= there]


def _targets(found: Found) -> set[str]:
    targets = found.resource.get("target")
    given = targets if isinstance(targets, list) else []
    return {str(each.get("reference")) for each in given if isinstance(each, dict)}
