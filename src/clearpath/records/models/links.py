"""Links by which patients hand their records to whom they like, who opened them, and what was answered."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.records.models.paths import JOURNEY, PERSON
from clearpath.records.models.received import Record
from clearpath.trust.fields import SealedTextField

ATTEMPTS = 10  # wrong passcodes in the whole life of a link


class Link(models.Model):
    """A SMART Health Link: whoever holds it opens what the patient chose, until it ends.

    Whose address and key it is stands sealed, and is thrown away when the patient stops it; its passcode is hashed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="links")
    label = SealedTextField(blank=True)
    handle = SealedTextField(blank=True)  # the part of its address that nobody can guess: 256 bits in base64url
    handle_hash = models.CharField(max_length=64, unique=True)  # keyed, to find it by
    key = SealedTextField(blank=True)  # of its files: 256 bits in base64url
    passcode = models.CharField(max_length=256, blank=True)  # hashed; empty: it needs none
    attempts_left = models.PositiveSmallIntegerField(default=ATTEMPTS)
    is_long_term = models.BooleanField(default=False)  # hands out what is newest, not what was there when it was made
    is_single_file = models.BooleanField(default=False)
    with_summary = models.BooleanField(default=True)
    records = models.ManyToManyField(Record, related_name="+")
    kept = models.BinaryField(default=b"")  # the summary as it was when the link was made, sealed; empty if long-term
    expires_at = models.DateTimeField()  # exclusive
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="link_single_file_has_no_passcode", condition=Q(is_single_file=False) | Q(passcode="")
            ),
            models.CheckConstraint(name="link_ends_after_it_is_made", condition=Q(made_at__lt=F("expires_at"))),
        ]

    def __str__(self) -> str:
        return f"Link {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("records:link", args=[self.pk])

    @property
    def flags(self) -> str:
        """As the specification writes them, in alphabetical order."""
        said = {"L": self.is_long_term, "P": bool(self.passcode), "U": self.is_single_file}
        return "".join(flag for flag, holds in said.items() if holds)


class LinkOpening(models.Model):
    """That somebody opened a link, or tried with a wrong passcode. Who it was is what they said."""

    class Outcome(models.TextChoices):
        OPENED = "opened", _("Opened")
        WRONG_PASSCODE = "wrong_passcode", _("Wrong passcode")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="openings")
    recipient = SealedTextField()
    at = models.DateTimeField()
    outcome = models.CharField(max_length=20, choices=Outcome)

    class Meta:
        indexes = [models.Index(name="link_opening_by_time", fields=["link", "-at"])]

    def __str__(self) -> str:
        return f"{self.outcome} {self.pk}"


class LinkAnswer(models.Model):
    """What a doctor without an account wrote back after opening a link: that it arrived, or a question."""

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Received")
        QUESTION = "question", _("Question")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="link_answers")
    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=20, choices=Kind)
    name = SealedTextField()  # as they said
    reach = SealedTextField(blank=True)  # where they want to be answered
    text = SealedTextField(blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
