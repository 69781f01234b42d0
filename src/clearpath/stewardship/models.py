"""Versions of the charter, what organisations say to them, and whether their promises are proved."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from clearpath.core.identifiers import new_id
from clearpath.turns.hooks import subject_kind
from clearpath.turns.subject import Subject, link_to_subject

ORGANISATION = "parties.Organisation"


@subject_kind("charter")
class CharterVersion(Subject):
    """One text of the charter. Never edited: a change is a new version. Old ones stay readable."""

    subject_ptr = link_to_subject()
    version = models.CharField(max_length=40, unique=True)
    title = models.CharField(max_length=200)
    source = models.TextField()  # the file, exactly as it was proposed
    sha256 = models.CharField(max_length=64)
    compared_with = models.CharField(max_length=40, blank=True)  # the version in force when it was proposed
    roles_asked = models.JSONField(default=list)  # roles that gain or lose a duty or sight by it
    enacted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(name="charter_by_enactment", fields=["-enacted_at"], condition=Q(enacted_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"Charter {self.version}"


class Voice(models.Model):
    """What one organisation says to a version: asked when it is proposed, yes or no when it votes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(CharterVersion, on_delete=models.PROTECT, related_name="voices")
    organisation = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    roles = models.JSONField(default=list)  # of those asked, the ones it held when it was asked
    agrees = models.BooleanField(null=True, blank=True)
    voted_at = models.DateTimeField(null=True, blank=True)
    voted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="voice_once_an_organisation", fields=["version", "organisation"]),
            models.CheckConstraint(
                name="voice_voted_at_set_exactly_when_voted",
                condition=Q(agrees=None, voted_at=None) | Q(agrees__isnull=False, voted_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Voice of {self.organisation_id}"


class Comment(models.Model):
    """What somebody seated says about a proposed version, in words."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(CharterVersion, on_delete=models.PROTECT, related_name="comments")
    organisation = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20)
    text = models.TextField()
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Comment {self.pk}"


class Proof(models.Model):
    """Whether a text keeps its promises, found once for each text, because finding it may take a minute."""

    sha256 = models.CharField(max_length=64, primary_key=True)  # of the text
    holds = models.BooleanField()
    says = models.JSONField(default=list)  # a sentence for each promise, broken ones with the way to break them
    proved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Proof of {self.sha256[:12]}"
