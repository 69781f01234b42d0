"""The log's append-only tables, what still has to be folded, and the wrapped keys of sealed documents.

No foreign keys: the log outlives what it speaks of. The database itself refuses UPDATE, DELETE and TRUNCATE
on `Entry`, `Leaf` and `Head` (migration 0002); docs/explanation/trust.md says how tests reset them.
"""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Entry(models.Model):
    """One line of the log: who did, was refused or read what, for whom, in which role, and when.

    `hash` covers every other field but `id` (see `log.canonical`); `previous` is the hash of the chain's
    entry before, empty for its first. Hashes, digests and salts are lower-case hexadecimal.
    """

    class Decision(models.TextChoices):
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        READ = "read", _("read")

    id = models.BigAutoField(primary_key=True)
    chain = models.UUIDField()  # the subject's key; the person's own where there is no subject
    number = models.PositiveBigIntegerField()  # within the chain, from 1 without gaps
    at = models.DateTimeField()
    person_id = models.UUIDField(null=True)  # null: the network itself, or somebody without an account
    for_person_id = models.UUIDField(null=True)  # the patient who appointed this person
    organisation_id = models.UUIDField(null=True)
    role = models.CharField(max_length=60)
    step = models.CharField(max_length=120)
    decision = models.CharField(max_length=10, choices=Decision)
    reason = models.CharField(max_length=120, blank=True)  # the code of the refusal
    charter = models.CharField(max_length=120)  # the version that decided
    about_kind = models.CharField(max_length=120, blank=True)
    about_id = models.UUIDField(null=True)
    salt = models.CharField(max_length=32)
    digest = models.CharField(max_length=64)
    previous = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(name="a_chain_has_each_number_once", fields=["chain", "number"]),
        ]
        indexes = [models.Index(name="entry_about", fields=["about_id"])]

    def __str__(self) -> str:
        return f"Entry {self.pk}: {self.step} {self.decision}"


class Unfolded(models.Model):
    """An entry that is not in the tree yet; a trigger adds it with the entry, the fold takes it out.

    A queue and not a watermark, because PostgreSQL commits out of the order of its sequence: whoever
    remembers only the highest number misses what commits late.
    """

    entry_id = models.BigIntegerField(primary_key=True)

    class Meta:
        verbose_name_plural = "unfolded"

    def __str__(self) -> str:
        return f"Unfolded {self.entry_id}"


class Leaf(models.Model):
    """One entry's place in the tree; `hash` is RFC 9162's leaf hash of the entry's hash."""

    index = models.BigIntegerField(primary_key=True)  # from 0
    entry_id = models.BigIntegerField(unique=True)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name_plural = "leaves"

    def __str__(self) -> str:
        return f"Leaf {self.index} of entry {self.entry_id}"


class Head(models.Model):
    """The signed root of the first `size` leaves.

    `frontier` holds the roots of the whole subtrees on the tree's right edge, largest first, so that the next
    fold reads no leaf again.
    """

    size = models.BigIntegerField(primary_key=True)
    root = models.CharField(max_length=64)
    frontier = models.TextField()
    at = models.DateTimeField()
    signature = models.CharField(max_length=128)  # Ed25519 over `fold.signed_bytes`
    key_id = models.CharField(max_length=16)

    def __str__(self) -> str:
        return f"Head at {self.size}"


class Key(models.Model):
    """The data key of everything sealed about one thing, wrapped (RFC 3394). Thrown away, it is erased."""

    about = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    wrapped = models.BinaryField()  # empty once erased
    wrapped_by = models.CharField(max_length=16)  # identifies the key of CLEARPATH_VAULT_KEY
    made_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="key_is_kept_or_erased",
                condition=(models.Q(erased_at__isnull=True) & ~models.Q(wrapped_by=""))
                | models.Q(erased_at__isnull=False, wrapped_by=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Key about {self.about}"
