"""Who asks to come by the organizer's public page, and the secret addresses of guests."""

from django.db import models
from django.db.models import Q

from clearpath.core.identifiers import new_id
from clearpath.forums.models.delegates import Delegate
from clearpath.forums.models.forums import Forum
from clearpath.trust.fields import SealedTextField


class RegistrationPage(models.Model):
    """The public page of a forum on which anybody may ask to come, while it has not ended."""

    forum = models.OneToOneField(
        Forum, on_delete=models.PROTECT, primary_key=True, related_name="registration_page"
    )  # opening it again ends nothing: it is the same address
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Registration for {self.forum_id}"


class Registration(models.Model):
    """What somebody wrote who asks to come. Accepted, it becomes a delegate; declined, it is erased later."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    forum = models.ForeignKey(Forum, on_delete=models.PROTECT, related_name="registrations")
    trade = models.CharField(max_length=20)  # a role
    said = SealedTextField()  # JSON: a line of the organizer's file, by column
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the secret part of their own address
    sent_key = models.CharField(max_length=64, unique=True)  # of the form that was shown: sent twice, it is taken once
    sent_at = models.DateTimeField()
    declined_because = models.TextField(blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="registration_is_declined_with_a_reason",
                condition=Q(declined_at=None, declined_because="")
                | Q(declined_at__isnull=False) & ~Q(declined_because=""),
            ),
        ]

    def __str__(self) -> str:
        return f"Registration {self.pk}"


class GuestLink(models.Model):
    """A guest's own pages: whoever knows the secret address acts as this guest. It is told once; a new one ends it."""

    delegate = models.OneToOneField(Delegate, on_delete=models.PROTECT, primary_key=True, related_name="guest_link")
    digest = models.CharField(max_length=64, unique=True)  # SHA-256 of the secret part, so that no copy tells it
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Link of {self.delegate_id}"
