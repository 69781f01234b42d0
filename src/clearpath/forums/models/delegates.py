"""Who comes to a forum, what they offer and want, whom they wish to meet, and when they are there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.forums.models.forums import ORGANISATION, Forum, Hall
from clearpath.trust.fields import SealedTextField


class Delegate(models.Model):
    """A person who comes, what their organisation offers and whom it looks for.

    Who is on the network has an organisation and mostly a person. A guest from the organizer's file may have
    neither: then `guest_organisation` says whence they come. What names a guest is sealed.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="delegates")
    organisation = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=20)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    guest_organisation = models.CharField(max_length=120, blank=True)
    guest_name = SealedTextField(blank=True)
    guest_email = SealedTextField(blank=True)
    email_hash = models.CharField(max_length=64, blank=True)  # keyed: only to find the same guest again
    offers = models.TextField()
    wants = models.TextField()
    least = models.PositiveSmallIntegerField(default=0)  # meetings that they should have
    most = models.PositiveSmallIntegerField(null=True, blank=True)  # empty: as many as there are slots
    booth = models.ForeignKey(Hall, on_delete=models.PROTECT, null=True, blank=True, related_name="+")  # own table
    asks_before_moving = models.BooleanField(default=False)
    registered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="delegate_once_a_forum", fields=["forum", "person"]),
            models.UniqueConstraint(
                name="guest_once_a_forum", fields=["forum", "email_hash"], condition=~Q(email_hash="")
            ),
            models.CheckConstraint(
                name="delegate_comes_from_an_organisation", condition=~Q(organisation=None) | ~Q(guest_organisation="")
            ),
            models.CheckConstraint(
                name="delegate_on_the_network_has_an_organisation", condition=Q(person=None) | ~Q(organisation=None)
            ),
            models.CheckConstraint(
                name="delegate_wants_no_fewer_than_they_may", condition=Q(most=None) | Q(least__lte=F("most"))
            ),
        ]

    def __str__(self) -> str:
        return f"Delegate {self.pk}"


class Topic(models.Model):
    """One thing that a delegate offers or wants, in the words that all share."""

    class Side(models.TextChoices):
        OFFERS = "offers", _("Offers")
        WANTS = "wants", _("Looks for")

    class Kind(models.TextChoices):
        SPECIALITY = "speciality", _("Speciality")
        PROCEDURE = "procedure", _("Procedure")
        COUNTRY = "country", _("Country")
        LANGUAGE = "language", _("Language")
        SERVICE = "service", _("Service")
        CERTIFICATION = "certification", _("Certification")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delegate = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="topics")
    side = models.CharField(max_length=10, choices=Side)
    kind = models.CharField(max_length=20, choices=Kind)
    code = models.CharField(max_length=40)
    yearly_volume = models.PositiveIntegerField(null=True, blank=True)  # patients a year

    class Meta:
        constraints = [models.UniqueConstraint(name="topic_is_said_once", fields=["delegate", "side", "kind", "code"])]

    def __str__(self) -> str:
        return f"{self.side} {self.kind} {self.code}"


class Wish(models.Model):
    """Whom a delegate wishes to meet, and how much; or whom not. The other never learns of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delegate = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="wishes")
    other = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="wished_by")
    rank = models.PositiveSmallIntegerField(null=True, blank=True)  # from 1, the dearest; empty: not to be met

    class Meta:
        constraints = [
            models.UniqueConstraint(name="wish_once_a_pair", fields=["delegate", "other"]),
            models.CheckConstraint(name="wish_is_for_somebody_else", condition=~Q(delegate=F("other"))),
            models.CheckConstraint(name="wish_ranks_from_one", condition=Q(rank=None) | Q(rank__gt=0)),
        ]

    def __str__(self) -> str:
        return f"Wish {self.pk}"


class Absence(models.Model):
    """A stretch of the forum in which a delegate is not there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    delegate = models.ForeignKey(Delegate, on_delete=models.PROTECT, related_name="absences")
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()  # exclusive

    class Meta:
        constraints = [
            models.CheckConstraint(name="absence_begins_before_it_ends", condition=Q(begins_at__lt=F("ends_at")))
        ]

    def __str__(self) -> str:
        return f"Absence {self.pk}"
