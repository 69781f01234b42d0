"""What people work on together: one row for every journey, lead, agreement, ... whatever its kind."""

from django.conf import settings
from django.db import models

from clearpath.core.identifiers import new_id


def link_to_subject() -> "models.OneToOneField[Subject, Subject]":
    """The key that a kind of subject shares with its row here, without a name back to it.

    By default each kind would put its own name on every subject, where it clashes with fields of other kinds.
    """
    return models.OneToOneField(
        "turns.Subject", on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="+"
    )


class Subject(models.Model):
    """Where one subject stands under the charter version it was opened under.

    Packages inherit from it (`class Journey(Subject)`), so that a journey *is* a subject and shares its key.
    `stage` and `facts` are changed by `@step` alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20)
    charter = models.CharField(max_length=40)  # version of the charter that it keeps for life
    stage = models.CharField(max_length=30)
    facts = models.JSONField(default=list)  # names of the facts that hold, sorted
    about = models.ForeignKey(  # the person whom it is about, if any
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revision = models.PositiveIntegerField(default=0)  # how many steps it has seen
    opened_at = models.DateTimeField()
    stage_since = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "turns"
        indexes = [models.Index(name="subject_open_by_kind", fields=["kind", "stage", "id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
