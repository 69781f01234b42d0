"""Files as received, and which are asked for."""

from django.db import models

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

    class Meta:
        constraints = [models.UniqueConstraint(name="record_once_a_journey", fields=["journey", "sha256"])]

    def __str__(self) -> str:
        return f"Record {self.pk}"


class PapersAsked(models.Model):
    """A facilitator's request for papers that are missing; it names papers, never findings."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="papers_asked")
    text = SealedTextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Papers asked {self.pk}"
