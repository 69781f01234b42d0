"""What happens at a forum and what two delegates agree to do after it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.forums.models.delegates import Delegate
from clearpath.forums.models.forums import ORGANISATION, Forum, Hall
from clearpath.forums.models.meetings import Meeting
from clearpath.turns.hooks import subject_kind
from clearpath.turns.subject import Subject, link_to_subject


class Feed(models.Model):
    """A delegate's calendar feed: whoever knows its secret address may read the agenda. The address is told once."""

    delegate = models.OneToOneField(
        Delegate, on_delete=models.PROTECT, primary_key=True, related_name="feed"
    )  # making a new address ends the old one
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the secret part, so that no copy tells it
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Feed of {self.delegate_id}"


class CheckIn(models.Model):
    """A delegate came, on one day of the forum."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="check_ins")
    delegate = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="check_ins")
    day = models.DateField()  # in the forum's own time zone
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="delegate_checks_in_once_a_day", fields=["delegate", "day"])]

    def __str__(self) -> str:
        return f"{self.delegate_id} on {self.day}"


class Held(models.Model):
    """How a meeting went: kept, late or missed. Its time is kept here too, since a missed one gives it to others."""

    class State(models.TextChoices):
        KEPT = "kept", _("It took place")
        LATE = "late", _("It took place and began late")
        MISSED = "missed", _("It did not take place")

    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, primary_key=True, related_name="held")
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="held")
    state = models.CharField(max_length=10, choices=State)
    absent = models.ForeignKey(  # who did not come, where it was one of the two
        Delegate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    begins_at = models.DateTimeField()
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, related_name="+")
    table = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="nobody_was_absent_from_a_meeting_that_took_place", condition=Q(state="missed") | Q(absent=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} was {self.state}"


class Rating(models.Model):
    """What one delegate says of a meeting, in private: of the two, only what both want becomes known to both."""

    class Next(models.TextChoices):
        NONE = "none", _("No")
        LATER = "later", _("Yes, some time later")
        DATED = "dated", _("Yes, by a day")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="ratings")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="ratings")
    delegate = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="ratings")
    worth_it = models.BooleanField()
    next_step = models.CharField(max_length=10, choices=Next)
    what = models.CharField(max_length=200, blank=True)
    due_on = models.DateField(null=True, blank=True)
    shares_contact = models.BooleanField(default=False)
    rated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="meeting_is_rated_once_by_each", fields=["meeting", "delegate"]),
            models.CheckConstraint(
                name="next_step_has_a_day_exactly_when_dated",
                condition=Q(next_step="dated", due_on__isnull=False) | (~Q(next_step="dated") & Q(due_on=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"Rating {self.pk}"


@subject_kind("next_step")
class NextStep(Subject):
    """What two delegates agreed to do after their meeting, by a day: a task for both."""

    subject_ptr = link_to_subject()
    meeting = models.OneToOneField(Meeting, on_delete=models.PROTECT, related_name="next_step")
    first = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    second = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=410)
    due_on = models.DateField()
    done_at = models.DateTimeField(null=True, blank=True)  # when both had done it
    dropped_because = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.title
