"""The resources inside received files, and what each can be found by. Derived; see `records.index`."""

from django.db import models
from django.db.models import Q

from clearpath.core.identifiers import new_id
from clearpath.records.models.paths import JOURNEY
from clearpath.records.models.received import Record


class Resource(models.Model):
    """One version of one FHIR resource as clients get it, sealed under the key of the record that it came in."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="resources", db_index=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="resources")
    type = models.CharField(max_length=40)
    key = models.UUIDField()  # what clients call it: /fhir/R4/TYPE/KEY, the same in every version
    version = models.PositiveIntegerField(default=1)
    is_current = models.BooleanField(default=True)
    updated_at = models.DateTimeField()
    is_patients = models.BooleanField()  # about the patient, and not about a hospital or a drug
    since = models.DateField(null=True)  # first day of the one date that its type is searched by
    until = models.DateField(null=True)  # last day, included
    sealed = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="resource_version_once", fields=["key", "version"]),
            models.UniqueConstraint(name="resource_current_once", fields=["key"], condition=Q(is_current=True)),
        ]
        indexes = [
            models.Index(
                name="resource_by_journey", fields=["journey", "type", "updated_at", "id"], condition=Q(is_current=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.key} version {self.version}"


class Term(models.Model):
    """A value by which a resource is found, as a keyed hash (`index.terms`)."""

    resource = models.ForeignKey(Resource, on_delete=models.CASCADE, related_name="terms", db_index=False)
    value = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="term_once_a_resource", fields=["value", "resource"])]

    def __str__(self) -> str:
        return f"Term of {self.resource_id}"
