"""Complaints, and what was said on them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.trust.fields import SealedTextField
from clearpath.turns.hooks import subject_kind
from clearpath.turns.subject import Subject, link_to_subject


@subject_kind("complaint")
class Complaint(Subject):
    """A patient's complaint; `about` is the patient. What it says is sealed."""

    subject_ptr = link_to_subject()

    class Category(models.TextChoices):
        CLINICAL = "clinical", _("The treatment")
        SERVICE = "service", _("How I was served")
        MONEY = "money", _("Money")
        PRIVACY = "privacy", _("My data")

    about_journey = models.ForeignKey(
        "journeys.Journey", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    category = models.CharField(max_length=20, choices=Category)
    text = SealedTextField()
    settled = models.BooleanField(null=True, blank=True)  # what the patient said when closing it; empty: nothing

    def __str__(self) -> str:
        return f"Complaint {self.pk}"


class Post(models.Model):
    """What the steward answered, or the patient said to that."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = SealedTextField()
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Post {self.pk}"
