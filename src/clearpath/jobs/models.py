"""The lease table."""

from django.db import models
from django.db.models import Q


class Job(models.Model):
    """One piece of work: waiting, leased, done, or given up (`failed_at`, a dead letter).

    A periodic job is one row that is never done: it is armed again for its next time.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=120)
    payload = models.JSONField(default=dict)  # keys, never content
    key = models.CharField(max_length=200, null=True, unique=True)  # noqa: DJ001 - many jobs have no key
    made_at = models.DateTimeField(auto_now_add=True)
    run_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    owner = models.UUIDField(null=True, blank=True)  # fencing token, new at every claim
    done_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="job_is_not_both_done_and_given_up",
                condition=Q(done_at__isnull=True) | Q(failed_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(
                name="job_waiting",
                fields=["run_at", "id"],
                condition=Q(done_at__isnull=True, failed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"Job {self.pk}: {self.kind}"
