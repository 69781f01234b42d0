"""Meetings, and the plans that give them their time."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.forums.models.delegates import Delegate
from clearpath.forums.models.forums import Forum, Hall


class Meeting(models.Model):
    """Two delegates who may meet: proposed by the first yes, accepted by the second, declined by a no.

    `first` is the delegate with the smaller key, so that a pair has one row whoever asked.
    """

    class Says(models.TextChoices):
        NOTHING = "", _("No answer yet")
        YES = "yes", _("Yes")
        RULE = "rule", _("Yes, by the forum's rule")
        NO = "no", _("No")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="meetings")
    first = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="meetings_as_first")
    second = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="meetings_as_second")
    first_says = models.CharField(max_length=4, choices=Says, default=Says.NOTHING, blank=True)
    second_says = models.CharField(max_length=4, choices=Says, default=Says.NOTHING, blank=True)
    begins_at = models.DateTimeField(null=True, blank=True)  # set when agendas are published
    hall = models.ForeignKey(Hall, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    table = models.PositiveSmallIntegerField(null=True, blank=True)  # from 1, in its hall
    changed_because = models.TextField(blank=True)  # by the organizer, while agendas are out

    class Meta:
        constraints = [
            models.UniqueConstraint(name="meeting_once_a_pair", fields=["forum", "first", "second"]),
            models.CheckConstraint(name="meeting_is_of_two", condition=Q(first__lt=F("second"))),
            models.UniqueConstraint(
                name="table_holds_one_meeting_at_a_time",
                fields=["forum", "begins_at", "hall", "table"],
                condition=Q(begins_at__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_has_a_time_exactly_with_a_table",
                condition=Q(begins_at=None, hall=None, table=None)
                | Q(begins_at__isnull=False, hall__isnull=False, table__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Meeting {self.pk}"

    @property
    def state(self) -> str:
        """proposed, accepted or declined."""
        if self.Says.NO in {self.first_says, self.second_says}:
            return "declined"
        return "accepted" if {self.first_says, self.second_says} <= {self.Says.YES, self.Says.RULE} else "proposed"


class Plan(models.Model):
    """A plan of a forum's meetings, or a repair of the one that is out: looked at first, then published."""

    class Kind(models.TextChoices):
        WHOLE = "whole", _("Plan")
        REPAIR = "repair", _("Repair")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="plans")
    kind = models.CharField(max_length=10, choices=Kind)
    asks = models.JSONField(default=dict)  # of a repair: who is gone from when on, which tables, from when
    status = models.CharField(max_length=12, blank=True)  # of the planner's answer; empty while it plans
    score = models.PositiveBigIntegerField(null=True, blank=True)  # the value; of a repair, agendas touched
    bound = models.PositiveBigIntegerField(null=True, blank=True)  # proved: no plan passes it
    says = models.JSONField(default=list)  # sentences for the organizer
    meetings = models.JSONField(default=list)  # [key of first, of second, beginning, key of hall, table]
    progress = models.TextField(blank=True)  # the planner's last line
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Plan {self.pk}"


class Move(models.Model):
    """What a repair changes in one delegate's agenda, why, and whether they agree. Who says no is not moved."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="moves")
    delegate = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="+")
    because = models.TextField()
    says = models.CharField(max_length=3, choices=[("", ""), ("yes", _("Yes")), ("no", _("No"))], blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="move_once_a_delegate", fields=["plan", "delegate"])]

    def __str__(self) -> str:
        return f"Move {self.pk}"
