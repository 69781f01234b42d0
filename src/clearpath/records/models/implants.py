"""What stays in the patient's body."""

from django.conf import settings
from django.db import models

from clearpath.core.identifiers import new_id
from clearpath.records.models.paths import JOURNEY, LANE
from clearpath.trust.fields import SealedTextField


class Implant(models.Model):
    """An implant, by its Unique Device Identification as it stood on the label, and what could be read of that."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="implants")
    lane = models.ForeignKey(LANE, on_delete=models.PROTECT, related_name="implants")
    treatment = models.ForeignKey("records.Note", on_delete=models.PROTECT, related_name="implants")
    name = SealedTextField()
    udi = SealedTextField(blank=True, default="")  # as pasted
    device_identifier = SealedTextField(blank=True, default="")  # GS1: the GTIN
    lot = SealedTextField(blank=True, default="")
    serial = SealedTextField(blank=True, default="")
    made_on = SealedTextField(blank=True, default="")  # ISO 8601 date
    expires_on = SealedTextField(blank=True, default="")  # ISO 8601 date
    implanted_at = models.DateTimeField()  # when it was recorded
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Implant {self.pk}"
