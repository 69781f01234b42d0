"""Forums: when and where one meets, and who is invited."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.turns.hooks import subject_kind
from clearpath.turns.subject import Subject, link_to_subject

ORGANISATION = "parties.Organisation"
ENDED = ("after", "over")  # stages in which no meeting takes place any more


@subject_kind("forum")
class Forum(Subject):
    """A B2B event: where and when. Meetings lie in its sessions, at the tables of its halls."""

    class Acceptance(models.TextChoices):
        BOTH = "both", _("A meeting takes place when both say yes")
        AUTOMATIC = "automatic", _("A wish of one is enough where the other does not say no")

    subject_ptr = link_to_subject()
    name = models.CharField(max_length=120)
    organizer = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    country = models.CharField(max_length=2)  # ISO 3166-1 alpha-2
    city = models.CharField(max_length=80)
    time_zone = models.CharField(max_length=40, default="UTC")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # exclusive
    slot_minutes = models.PositiveSmallIntegerField(default=20)
    acceptance = models.CharField(max_length=10, choices=Acceptance, default=Acceptance.BOTH)
    agendas_published_at = models.DateTimeField(null=True, blank=True)
    follows = models.ForeignKey(  # the same organizer's earlier forum, with which the report compares this one
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(name="forum_begins_before_it_ends", condition=Q(begins_at__lt=F("ends_at"))),
            models.CheckConstraint(name="forum_has_slots", condition=Q(slot_minutes__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def dated(self) -> str:
        """Its name and month, since the name is often the same every year."""
        return f"{self.name} ({self.begins_at:%Y-%m})"

    @property
    def has_ended(self) -> bool:
        """No meeting takes place any more."""
        return self.stage in ENDED

    @property
    def tables(self) -> int:
        """Meetings that fit into one slot, those online left out."""
        return sum(hall.tables for hall in self.halls.all() if not hall.is_online)


class Session(models.Model):
    """A stretch of a forum in which slots lie one after another; breaks and lunch are what lies between sessions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="sessions")
    title = models.CharField(max_length=80, blank=True)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # exclusive

    class Meta:
        constraints = [
            models.UniqueConstraint(name="sessions_begin_one_after_another", fields=["forum", "begins_at"]),
            models.CheckConstraint(name="session_begins_before_it_ends", condition=Q(begins_at__lt=F("ends_at"))),
        ]

    def __str__(self) -> str:
        return self.title or f"Session {self.pk}"


class Hall(models.Model):
    """Tables that stand together. Halls lie in a row, and the way from one to another leads past those between.

    Online, there are as many tables as are needed, and no way.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="halls")
    number = models.PositiveSmallIntegerField()  # in the row, from 1
    name = models.CharField(max_length=80, blank=True)  # empty where there is one alone
    tables = models.PositiveSmallIntegerField(default=1)
    minutes_to_next = models.PositiveSmallIntegerField(default=0)
    is_online = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="halls_are_in_a_row", fields=["forum", "number"]),
            models.CheckConstraint(name="hall_has_tables", condition=Q(tables__gt=0)),
        ]

    def __str__(self) -> str:
        return self.name or f"Hall {self.number}"


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


class Place(models.Model):
    """How many delegates of a trade may come: the organizer's plan."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="places")
    trade = models.CharField(max_length=20)  # a role
    most = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(name="places_once_a_trade", fields=["forum", "trade"])]

    def __str__(self) -> str:
        return f"{self.most} {self.trade}"


class Quota(models.Model):
    """How many of their meetings each delegate of a trade has with another trade."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="quotas")
    trade = models.CharField(max_length=20)  # a role
    others = models.CharField(max_length=20)  # a role
    least = models.PositiveSmallIntegerField(default=0)
    most = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="quota_once_a_pair_of_trades", fields=["forum", "trade", "others"]),
            models.CheckConstraint(name="quota_has_room", condition=Q(least__lte=F("most"))),
        ]

    def __str__(self) -> str:
        return f"{self.trade} with {self.others}"
