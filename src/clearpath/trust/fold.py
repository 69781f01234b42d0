"""Folds committed entries into the one Merkle tree and signs its head.

No step waits for it: chains grow under the locks of their subjects, the tree grows behind them, one folder at
a time. What is older than the last head kept elsewhere cannot be changed unnoticed by anybody.
"""

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from clearpath.trust import merkle
from clearpath.trust.form import head_form
from clearpath.trust.keys import public_name, signing_keys
from clearpath.trust.models import Entry, Head, Leaf, Unfolded

BATCH = 2_000
FOLDER_LOCK = 0x636C_6561_7266_6F6C  # "clearfol": an arbitrary number, the same in every process


class BrokenTreeError(Exception):
    """The last head does not fit its own frontier or signature: nothing is built on it."""


def fold(*, now: datetime | None = None) -> int:
    """Fold everything that is committed and not in the tree yet; return how many entries that was.

    Returns 0 at once when another process is folding. Raises BrokenTreeError.
    """
    count = 0
    while folded := fold_batch(now or timezone.now()):
        count += folded
    return count


@transaction.atomic
def fold_batch(now: datetime) -> int:
    if not alone():
        return 0
    waiting = Unfolded.objects.order_by("entry_id").values("entry_id")[:BATCH]
    is_leaf = Exists(Leaf.objects.filter(entry_id=OuterRef("pk")))
    found = Entry.objects.filter(pk__in=waiting).order_by("pk").values_list("pk", "hash", is_leaf)
    entries = [(key, digest) for key, digest, known in found if not known]  # known: a copy was loaded
    if entries:
        add_leaves(entries, now)
    # By key, not up to the last one: a lower number may have been committed since we looked.
    return Unfolded.objects.filter(pk__in=[key for key, _, _ in found]).delete()[0]


def add_leaves(entries: list[tuple[int, str]], now: datetime) -> None:
    """Append leaves and the head over them."""
    last = Head.objects.order_by("-size").first()
    size, frontier = (last.size, frontier_of(last)) if last else (0, [])
    leaves = []
    for key, digest in entries:
        leaf = merkle.leaf_hash(bytes.fromhex(digest))
        merkle.grow(frontier, size, leaf)
        leaves.append(Leaf(index=size, entry_id=key, hash=leaf.hex()))
        size += 1
    Leaf.objects.bulk_create(leaves)
    sign(size, frontier, now).save(force_insert=True)


def sign(size: int, frontier: list[bytes], now: datetime) -> Head:
    """The head of the tree with this frontier, signed by the key in use."""
    root = merkle.root_of(frontier).hex()
    key = signing_keys()[0]
    return Head(
        size=size,
        root=root,
        frontier="".join(node.hex() for node in frontier),
        at=now,
        signature=key.sign(head_form(size, root, now)).hex(),
        key_id=public_name(key.public_key()),
    )


def frontier_of(head: Head) -> list[bytes]:
    """Raises BrokenTreeError when it is not the frontier of the head's root."""
    try:
        nodes = bytes.fromhex(head.frontier)
    except ValueError:
        nodes = b""
    frontier = [nodes[i : i + 32] for i in range(0, len(nodes), 32)]
    if len(frontier) != head.size.bit_count() or merkle.root_of(frontier).hex() != head.root:
        raise BrokenTreeError(f"the head at {head.size} was changed: run `clearpath audit verify`")
    return frontier


def alone() -> bool:
    """Whether this transaction is the only folder until it ends. On SQLite it is: it holds the write lock."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FOLDER_LOCK])
        return bool(cursor.fetchone()[0])


def subtree(start: int, stop: int) -> bytes:
    """The root of the leaves from `start` to `stop`, for `merkle.inclusion` and `merkle.consistency`."""
    leaves = Leaf.objects.filter(index__gte=start, index__lt=stop).order_by("index").values_list("hash", flat=True)
    return merkle.root(bytes.fromhex(leaf) for leaf in leaves.iterator())


def public_keys() -> dict[str, Ed25519PublicKey]:
    """The keys that verify heads signed here, by name."""
    keys = [key.public_key() for key in signing_keys()]
    return {public_name(key): key for key in keys}
