"""Invitation letters, travel plans, arrivals and journeys home. Plans are never edited: a new one replaces the old."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from clearpath.core.identifiers import new_id
from clearpath.trust.fields import SealedTextField

PERSON = settings.AUTH_USER_MODEL
JOURNEY = "journeys.Journey"


class Invitation(models.Model):
    """A provider's letter for the visa. It says that the patient is expected and when, never why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="invitations")
    lane = models.ForeignKey("turns.Lane", on_delete=models.PROTECT, related_name="invitations")
    provider = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, related_name="+")
    expected_from = models.DateField()
    expected_until = models.DateField()
    companions = models.PositiveSmallIntegerField(default=0)
    text = SealedTextField(blank=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="invitation_ends_after_it_begins", condition=Q(expected_from__lte=F("expected_until"))
            )
        ]

    def __str__(self) -> str:
        return f"Invitation {self.pk}"


class TravelPlan(models.Model):
    """When and where the patient arrives, stays and leaves. The newest plan counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="travel_plans")
    arrives_on = models.DateField()
    leaves_on = models.DateField()
    airport = models.CharField(max_length=3, blank=True)  # IATA location code
    stay = SealedTextField(blank=True)  # where the patient sleeps outside the hospital
    contact = SealedTextField()  # whom to call on arrival, day and night
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="travel_leaves_after_it_arrives", condition=Q(arrives_on__lte=F("leaves_on")))
        ]

    def __str__(self) -> str:
        return f"Travel plan {self.pk}"


class Arrival(models.Model):
    """The patient has arrived."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="arrivals")
    arrived_on = models.DateField()
    note = SealedTextField(blank=True)
    confirmed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Arrival {self.pk}"


class HomeTravel(models.Model):
    """The patient is on the way home."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="home_travels")
    leaves_on = models.DateField()
    transport = SealedTextField(blank=True)  # flight number, train, car
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Home travel {self.pk}"
