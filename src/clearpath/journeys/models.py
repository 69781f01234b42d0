"""One patient's path, and what the patient agreed to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.trust.fields import SealedTextField
from clearpath.turns.hooks import subject_kind
from clearpath.turns.subject import Subject, link_to_subject


@subject_kind("journey")
class Journey(Subject):
    """One patient's path from inquiry to aftercare; `about` is the patient.

    What names the patient or tells their story is sealed at rest.
    """

    subject_ptr = link_to_subject()
    reference = models.CharField(max_length=12, unique=True)  # what people call it on the phone
    patient_name = SealedTextField()
    born_on = models.DateField(null=True, blank=True)
    country = models.CharField(max_length=2)  # where the patient lives, ISO 3166-1 alpha-2
    language = models.CharField(max_length=10, default="en")  # in which the patient is spoken to
    email = SealedTextField(blank=True)
    phone = SealedTextField(blank=True)
    procedure = SealedTextField()  # what the patient asks for, in their words
    story = SealedTextField(blank=True)
    wishes = SealedTextField(blank=True)  # dates, places, budget
    source_reference = models.UUIDField(null=True, blank=True)  # opaque, given by who opened the journey
    came_from = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.reference


class Consent(models.Model):
    """The patient's agreement that one recipient uses one class of data for one purpose.

    In force from `given_at` until `withdrawn_at`; the wording is kept exactly as it was shown.
    """

    class Purpose(models.TextChoices):
        CARE = "care", _("Medical opinion and treatment")
        COORDINATION = "coordination", _("Organising the journey")
        AFTERCARE = "aftercare", _("Care after the return home")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="consents")
    recipient_key = models.UUIDField()  # the organisation's key, or that of a person such as the home doctor
    purpose = models.CharField(max_length=20, choices=Purpose)
    data_class = models.CharField(max_length=20)
    wording = models.TextField()
    language = models.CharField(max_length=10)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey("parties.Person", on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="consent_once_at_a_time",
                fields=["journey", "recipient_key", "data_class", "purpose"],
                condition=Q(withdrawn_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.data_class} for {self.recipient_key}"


class HandedOver(models.Model):
    """What of the patient's data went to whom, so that a withdrawal can name it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="handed_over")
    recipient_key = models.UUIDField()
    data_class = models.CharField(max_length=20)
    step = models.CharField(max_length=60)
    what = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="handed_over_by_journey", fields=["journey", "recipient_key"])]

    def __str__(self) -> str:
        return self.what


class Sending(models.Model):
    """Whom the facilitator asked for the patient at one moment, and why these: kept, and shown to the patient."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="sendings")
    asked = models.JSONField()  # pairs of keys: provider, and the organisation of its doctor
    why = SealedTextField(blank=True)
    why_fewer = SealedTextField(blank=True)  # than three
    sent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Sending {self.pk}"
