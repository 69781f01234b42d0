"""Reads the whole log once, in constant memory; finds what was changed, removed, inserted or reordered."""

# ruff: noqa: S608 - statements are made of names and numbers of ours alone

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from clearpath.trust.form import FIELDS, canonical_of, hash_of
from clearpath.trust.heads import KeptHead
from clearpath.trust.report import MOST_PROBLEMS, Problem, Progress, Report, Telling
from clearpath.trust.stored import Row, UnreadableError, column, entry_rows, misnumbered, one_number, read, steady
from clearpath.trust.tree import Tree

KEYS = {"trust_unfolded": "entry_id", "trust_leaf": "index", "trust_head": "size"}
GUARDS = {
    "sqlite": (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'trust@_%' ESCAPE '@'",
        ("update", "delete"),
    ),
    "postgresql": (
        "SELECT tgname FROM pg_trigger WHERE tgrelid IN ('trust_entry'::regclass, 'trust_leaf'::regclass,"
        " 'trust_head'::regclass) AND tgenabled <> 'D'",
        ("update", "delete", "truncate"),
    ),
}


def verify(progress: Progress | None = None, *, against: Sequence[KeptHead] = ()) -> Report:
    """Verify every entry, chain, leaf and head; `against` holds heads that were kept elsewhere.

    Steps and folding may go on meanwhile. Whoever owns the database can take away what was written since the
    last head that was kept elsewhere; nothing before it.
    """
    report = Report()
    with steady():
        tell = Telling(progress, rows_in_all())
        verify_chains(report, tell)
        verify_queue(report)
        Tree(report, against).verify(tell)
        verify_keys(report)
        verify_guards(report)
    return report


def rows_in_all() -> int:
    return one_number("SELECT count(*) FROM trust_entry") + one_number("SELECT count(*) FROM trust_leaf")


def verify_chains(report: Report, tell: Telling) -> None:
    """Each entry against its own hash and against the one before it in its chain."""
    chain, number, last_hash = "", 0, None
    for row in entry_rows():
        tell.row()
        report.entries += 1
        try:
            place = read(row, "chain", "number")
        except UnreadableError as error:
            report.add(Problem(None, None, row["id"], unreadable(error)))
            last_hash = None
            continue
        if place["chain"] != chain:
            chain, number, last_hash = place["chain"], 0, ""
            report.chains += 1
        missing, number = number + 1, place["number"]
        follows = number == missing
        last_hash = verify_entry(report, row, UUID(hex=chain), number, last_hash if follows else None)
        if not follows:
            says = _("Is missing from its chain, or stands elsewhere in it.")
            report.add(Problem(UUID(hex=chain), missing, None, says), near=row["id"])


def verify_entry(report: Report, row: Row, chain: UUID, number: int, last_hash: str | None) -> str | None:
    """Note what is wrong with one entry; return its hash, None when it cannot be read."""
    try:
        values = read(row, *FIELDS, "hash")
    except UnreadableError as error:
        report.add(Problem(chain, number, row["id"], unreadable(error)))
        return None
    for says in why_wrong(values, last_hash, known=row["known"]):
        report.add(Problem(chain, number, row["id"], says))
    return str(values["hash"])


def unreadable(error: UnreadableError) -> str:
    return _("Was changed: no %s is stored like this.") % error


def why_wrong(values: Row, last_hash: str | None, *, known: bool) -> Iterable[str]:
    """What is wrong with one entry; `last_hash` is None where the entry before it is not there."""
    if hash_of(canonical_of(values)) != values["hash"]:
        yield _("Was changed: it does not fit its own hash.")
    if last_hash is not None and values["previous"] != last_hash:
        yield _("Does not follow the entry before it in its chain.")
    if not known:
        yield _("Is neither in the tree nor waiting for it: it was put in around the log, or its leaf is gone.")


def verify_queue(report: Report) -> None:
    """An entry that waits for the tree must be there."""
    gone = (
        "FROM trust_unfolded AS u LEFT JOIN trust_entry AS e ON e.id = u.entry_id"
        f" WHERE {column('u', 'entry_id')} IS NOT NULL AND e.id IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM trust_leaf AS l WHERE l.entry_id = u.entry_id)"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT u.entry_id {gone} ORDER BY u.entry_id LIMIT {MOST_PROBLEMS}")
        for (entry_id,) in cursor.fetchall():
            report.add(Problem(None, None, entry_id, _("Is missing: it waited for the tree.")))


def verify_keys(report: Report) -> None:
    """Rows whose key is no number stand outside every order, so nothing above reads them."""
    for table, name in KEYS.items():
        if misnumbered(table, name):
            says = _("Was changed: a row of %(table)s has no number for its %(name)s.")
            report.add(Problem(None, None, None, says % {"table": table, "name": name}))


def verify_guards(report: Report) -> None:
    """The triggers that refuse changes must stand."""
    statement, acts = GUARDS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(statement)
        standing = {name for (name,) in cursor.fetchall()}
    needed = {f"trust_{table}_refuses_{act}" for table in ("entry", "leaf", "head") for act in acts}
    for name in sorted((needed | {"trust_entry_is_queued"}) - standing):
        report.add(Problem(None, None, None, _("The database does not guard the log: %s is missing.") % name))
