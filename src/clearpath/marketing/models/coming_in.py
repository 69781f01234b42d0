"""What comes in: files of leads that wait or were taken in, and answers to requests that may come twice."""

from django.db import models

from clearpath.core.identifiers import new_id
from clearpath.marketing.models.campaigns import Campaign

PERSON = "parties.Person"


class LeadFile(models.Model):
    """A file of leads that an agency sent: looked at first, then taken in. It binds nobody, so sending it is no step.

    Its content is sealed, and gone once it was taken in or a day has passed. What stays names lines, never people.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="lead_files")
    agency = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)  # of which product, by its columns
    sealed = models.BinaryField(null=True, blank=True)
    defaults = models.JSONField(default=dict)
    good_lines = models.PositiveIntegerField()
    bad_lines = models.PositiveIntegerField()
    faults = models.JSONField(default=list)  # the first of them: line, column, code, sentence
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)  # when it was asked to be taken in
    done_at = models.DateTimeField(null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)  # leads recorded and handed over
    there = models.PositiveIntegerField(default=0)  # lines that were taken in before

    def __str__(self) -> str:
        return self.title


class ApiAnswer(models.Model):
    """What a program was answered, so that the same request sent twice takes effect once and is answered alike."""

    client_id = models.UUIDField()
    key = models.CharField(max_length=64)  # SHA-256 of its Idempotency-Key
    digest = models.CharField(max_length=64)  # keyed hash of what was sent
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()  # tokens and counts, never a person
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="an_api_request_is_answered_once", fields=["client_id", "key"])]

    def __str__(self) -> str:
        return f"Answer to {self.client_id}"
