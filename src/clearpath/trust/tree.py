"""Grows the Merkle tree anew from its leaves and holds it against its heads, stored or kept elsewhere."""

# ruff: noqa: S608 - statements are made of names and numbers of ours alone

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.utils.translation import gettext as _

from clearpath.trust import merkle
from clearpath.trust.fold import public_keys
from clearpath.trust.form import head_form
from clearpath.trust.heads import KeptHead, is_signed
from clearpath.trust.report import Problem, Report, Telling
from clearpath.trust.stored import HEAD, Row, UnreadableError, column, head_rows, leaf_rows, one_number, read


class Tree:
    """The tree as far as its leaves were read."""

    def __init__(self, report: Report, against: Sequence[KeptHead]) -> None:
        self.report = report
        self.size = 0
        self.frontier: list[bytes] = []
        self.torn = False  # a problem before here is named already, and spoils every later root
        self.first_new: int | None = None  # the first entry that no good head covers
        self.kept: dict[int, list[KeptHead]] = defaultdict(list)
        for head in against:
            self.kept[head.size].append(head)
        self.keys: dict[str, Ed25519PublicKey] = {head.key_id: head.public_key for head in against}
        self.keys.update(public_keys())

    def verify(self, tell: Telling) -> None:
        # Up to the last head of this moment: folding may go on while we read.
        covered = one_number(f"SELECT max({column('h', 'size')}) FROM trust_head AS h")
        heads = head_rows(covered)
        head = next(heads, None)
        for leaf in leaf_rows(covered):
            tell.row()
            self.add_leaf(leaf)
            while head is not None and head["size"] <= self.size:
                self.verify_head(head)
                head = next(heads, None)
            self.verify_kept(self.kept.pop(self.size, []))
        self.verify_end(covered)
        self.verify_leaves_after()

    def add_leaf(self, row: Row) -> None:
        """Hold one leaf against its entry and add it to the tree."""
        self.report.leaves += 1
        if row["index"] != self.size:
            says = _("Leaf %s is missing from the tree.") % self.size
            self.tear(Problem(None, None, None, says), near=row["entry_id"])
        problem = self.why_wrong_leaf(row)
        if problem:
            self.tear(problem)
        if self.first_new is None:
            self.first_new = row["entry_id"]
        if not self.torn:
            merkle.grow(self.frontier, self.size, bytes.fromhex(bytes_or_text(row["hash"])))
        self.size = row["index"] + 1

    def why_wrong_leaf(self, row: Row) -> Problem | None:
        if row["entry_hash"] is None:
            says = _("Is missing: it was folded as leaf %s.") % row["index"]
            return Problem(None, None, row["entry_id"], says)
        try:
            values = read(row, "entry_id", "hash", "entry_hash")
        except UnreadableError as error:
            says = _("Its leaf was changed: no %s is stored like this.") % error
            return Problem(None, None, row["entry_id"], says)
        if merkle.leaf_hash(bytes.fromhex(values["entry_hash"])).hex() != values["hash"]:
            return Problem(None, None, row["entry_id"], _("Is not what was folded into the tree."))
        return None

    def tear(self, problem: Problem, near: int | None = None) -> None:
        self.torn = True
        self.report.add(problem, near=near)

    def verify_head(self, row: Row) -> None:
        """Hold a stored head against its signature and against the tree at its size."""
        self.report.heads += 1
        try:
            head = read(row, *HEAD)
        except UnreadableError as error:
            self.about_head(row["size"], _("was changed: no %s is stored like this") % error)
            return
        key = self.keys.get(head["key_id"])
        form = head_form(head["size"], head["root"], datetime.fromisoformat(head["at"]))
        if key is None:
            self.about_head(head["size"], _("is signed by %s, which is not known here") % ascii(head["key_id"]))
        elif not is_signed(key, head["signature"], form):
            self.about_head(head["size"], _("was changed: it does not fit its signature"))
        if self.is_root(head["root"], head["size"]):
            if head["frontier"] != "".join(node.hex() for node in self.frontier):
                self.about_head(head["size"], _("was changed: its frontier is another one"))
            self.first_new = None

    def verify_kept(self, heads: Sequence[KeptHead]) -> None:
        for head in heads:
            self.is_root(head.root, head.size)
            stored = one_number(f"SELECT count(*) FROM trust_head WHERE size = {head.size:d}")
            if not stored:
                self.about_head(head.size, _("is missing; it was kept elsewhere"))

    def is_root(self, root: str, size: int) -> bool:
        """Whether the tree has this root now; if not, say so once, with the first entry that it may be."""
        if self.torn:
            return False
        if size == self.size and merkle.root_of(self.frontier).hex() == root:
            return True
        says = _("This entry, or one after it up to leaf %s, is not what was signed.") % (size - 1)
        self.tear(Problem(None, None, self.first_new, says))
        return False

    def verify_end(self, covered: int) -> None:
        """Heads that reach further than the leaves: the tail was cut."""
        furthest = max([covered if covered > self.size else 0, *self.kept], default=0)
        if furthest > self.size:
            says = _("The tail was cut: a head covers %(covered)s entries, %(there)s are in the tree.")
            self.report.add(Problem(None, None, None, says % {"covered": furthest, "there": self.size}))
        elif self.kept:
            missed = ", ".join(str(size) for size in sorted(self.kept))
            self.about_head(missed, _("could not be compared: leaves are missing"))

    def verify_leaves_after(self) -> None:
        """Leaves come with their head: none stands after the last one."""
        after = one_number(
            f"SELECT min({column('l', 'entry_id')}) FROM trust_leaf AS l WHERE {column('l', 'index')} >="
            f" (SELECT coalesce(max({column('h', 'size')}), 0) FROM trust_head AS h)"
        )
        if after:
            self.report.add(Problem(None, None, after, _("Its leaf is covered by no head: one was removed.")))

    def about_head(self, size: object, says: str) -> None:
        text = _("The head over %(size)s entries %(says)s.") % {"size": size, "says": says}
        self.report.add(Problem(None, None, None, text))


def bytes_or_text(value: bytes | str) -> str:
    return value if isinstance(value, str) else value.decode()
