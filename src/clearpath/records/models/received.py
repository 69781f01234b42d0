"""Files as received, and which are asked for."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.records.models.paths import JOURNEY, PERSON
from clearpath.trust.fields import SealedTextField


class Record(models.Model):
    """A file of health data, kept exactly as received and sealed; what is shown of it is derived each time."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="records")
    title = SealedTextField()
    media_type = models.CharField(max_length=60)  # found in the bytes, not as claimed
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)  # of the bytes as received
    sealed = models.BinaryField()
    received_at = models.DateTimeField()
    received_from = SealedTextField(blank=True)  # who made it, as the sender says
    added_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    added_as = models.CharField(max_length=20)  # the role in which it was added
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="parts")  # the archive
    version_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="versions")
    told = SealedTextField(blank=True)  # JSON: what can be understood in it, see `received.told`
    findings = SealedTextField(blank=True)  # JSON: the defects that the gates found
    defects = models.PositiveIntegerField(null=True)  # how many; null where no gate looked
    left_out = SealedTextField(blank=True)  # JSON: path and reason of what could not be kept of an archive
    is_scanned = models.BooleanField(default=False)
    is_confirmed = models.BooleanField(default=False)  # whose it is was not certain, and the sender said so

    class Meta:
        constraints = [models.UniqueConstraint(name="record_once_a_journey", fields=["journey", "sha256"])]

    def __str__(self) -> str:
        return f"Record {self.pk}"


class RecordNumber(models.Model):
    """A number that a record bears, as keyed hashes: of the document (in all its versions), or of its patient."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("Document")
        PATIENT = "patient", _("Patient")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="numbers")
    kind = models.CharField(max_length=10, choices=Kind)
    giver_hash = models.CharField(max_length=64)  # of the system that gives such numbers
    number_hash = models.CharField(max_length=64)  # of system and number

    class Meta:
        indexes = [models.Index(name="record_by_number", fields=["number_hash"])]

    def __str__(self) -> str:
        return f"{self.kind} number of {self.record_id}"


class SetAside(models.Model):
    """A file that was refused, kept for its sender alone until they take it in, delete it, or forget it.

    Nobody else sees it: it may be about somebody else. It binds nobody, so setting aside is no step.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="set_aside")
    title = SealedTextField(blank=True)
    received_from = SealedTextField(blank=True)
    media_type = models.CharField(max_length=60, blank=True)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)  # of the bytes as received
    sealed = models.BinaryField()
    reason = models.CharField(max_length=60)  # the code of the refusal
    says = SealedTextField()  # the refusal, in the sender's language
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="set_aside_once", fields=["journey", "sent_by", "sha256"]),
        ]

    def __str__(self) -> str:
        return f"Set aside {self.pk}"


class PapersAsked(models.Model):
    """A facilitator's request for papers that are missing; it names papers, never findings."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="papers_asked")
    text = SealedTextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Papers asked {self.pk}"
