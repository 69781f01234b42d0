"""Forums, who comes, and whom they meet."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.turns.hooks import subject_kind
from clearpath.turns.subject import Subject, link_to_subject

ORGANISATION = "parties.Organisation"


@subject_kind("forum")
class Forum(Subject):
    """A B2B event: where, when, and how many can meet at once."""

    subject_ptr = link_to_subject()
    name = models.CharField(max_length=120)
    organizer = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=2)  # ISO 3166-1 alpha-2
    city = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=40, default="UTC")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # exclusive
    slot_minutes = models.PositiveSmallIntegerField(default=20)
    tables = models.PositiveSmallIntegerField(default=1)  # meetings that fit into one slot
    agendas_published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="forum_begins_before_it_ends", condition=Q(begins_at__lt=F("ends_at"))),
            models.CheckConstraint(name="forum_has_slots_and_tables", condition=Q(slot_minutes__gt=0, tables__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name


class Participant(models.Model):
    """An organisation that may register delegates."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="participants")
    organisation = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="participant_once_a_forum", fields=["forum", "organisation"]),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} at {self.forum_id}"


class Delegate(models.Model):
    """A person who comes, what their organisation offers and whom it looks for."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="delegates")
    organisation = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    offers = models.TextField()
    wants = models.TextField()
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="delegate_once_a_forum", fields=["forum", "person"])]

    def __str__(self) -> str:
        return f"Delegate {self.pk}"


class Meeting(models.Model):
    """Two delegates who may meet: proposed by the first yes, accepted by the second, declined by a no.

    `first` is the delegate with the smaller key, so that a pair has one row whoever asked.
    """

    class Says(models.TextChoices):
        NOTHING = "", _("No answer yet")
        YES = "yes", _("Yes")
        NO = "no", _("No")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="meetings")
    first = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="meetings_as_first")
    second = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="meetings_as_second")
    first_says = models.CharField(max_length=3, choices=Says, default=Says.NOTHING, blank=True)
    second_says = models.CharField(max_length=3, choices=Says, default=Says.NOTHING, blank=True)
    begins_at = models.DateTimeField(null=True, blank=True)  # set when agendas are published
    table = models.PositiveSmallIntegerField(null=True, blank=True)  # from 1
    changed_because = models.TextField(blank=True)  # by the organizer, while agendas are out

    class Meta:
        constraints = [
            models.UniqueConstraint(name="meeting_once_a_pair", fields=["forum", "first", "second"]),
            models.CheckConstraint(name="meeting_is_of_two", condition=Q(first__lt=F("second"))),
            models.UniqueConstraint(
                name="table_holds_one_meeting_at_a_time",
                fields=["forum", "begins_at", "table"],
                condition=Q(begins_at__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_has_a_time_exactly_with_a_table",
                condition=Q(begins_at=None, table=None) | Q(begins_at__isnull=False, table__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Meeting {self.pk}"

    @property
    def state(self) -> str:
        """proposed, accepted or declined."""
        if self.Says.NO in {self.first_says, self.second_says}:
            return "declined"
        return "accepted" if self.first_says == self.second_says == self.Says.YES else "proposed"


from clearpath.forums.outcomes_models import CheckIn, Feed, Held, NextStep, Rating  # noqa: E402 - they point back here

__all__ = ["CheckIn", "Delegate", "Feed", "Forum", "Held", "Meeting", "NextStep", "Participant", "Rating"]
