"""What the organizer says of when two delegates meet, and the plan has to keep."""

from django.db import models
from django.db.models import F, Q

from clearpath.core.identifiers import new_id
from clearpath.forums.models.delegates import Delegate
from clearpath.forums.models.forums import Forum, Session


class Arranged(models.Model):
    """A meeting with a time of its own, or with a session in which alone it may be. `first` has the smaller key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="arranged")
    first = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="+")
    begins_at = models.DateTimeField(null=True, blank=True)
    session = models.ForeignKey(Session, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(name="arranged_once_a_pair", fields=["forum", "first", "second"]),
            models.CheckConstraint(name="arranged_is_of_two", condition=Q(first__lt=F("second"))),
            models.CheckConstraint(
                name="arranged_at_a_time_or_in_a_session",
                condition=Q(begins_at__isnull=False, session=None) | Q(begins_at=None, session__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Arranged {self.pk}"


class Precedence(models.Model):
    """Where both take place, the meeting of `first` and `second` is before that of `then_first` and `then_second`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="precedences")
    first = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="+")
    then_first = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="+")
    then_second = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="precedence_is_said_once", fields=["forum", "first", "second", "then_first", "then_second"]
            ),
            models.CheckConstraint(
                name="precedence_is_of_two_and_two", condition=Q(first__lt=F("second"), then_first__lt=F("then_second"))
            ),
            models.CheckConstraint(
                name="meeting_is_not_before_itself", condition=~Q(first=F("then_first"), second=F("then_second"))
            ),
        ]

    def __str__(self) -> str:
        return f"Precedence {self.pk}"
