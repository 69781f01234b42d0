"""What became of those who were treated, and what they say of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id

ORGANISATION = "parties.Organisation"
JOURNEY = "journeys.Journey"
BEST = 5


class Outcome(models.Model):
    """What became of one treated patient, as aftercare tells it: the denominator holds everybody treated."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Not known yet")
        WELL = "well", _("Recovered as planned")
        NOT_BETTER = "not_better", _("No better than before")
        COMPLICATION = "complication", _("Needed a doctor again")
        LOST = "lost", _("Lost to follow-up")
        DIED = "died", _("Died")

    journey = models.OneToOneField(JOURNEY, on_delete=models.PROTECT, primary_key=True, related_name="outcome_of_care")
    provider = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    procedure = models.CharField(max_length=40, blank=True)  # key in data/procedures.yaml; empty: not said
    state = models.CharField(max_length=20, choices=State, default=State.WAITING)
    treated_on = models.DateField()
    noted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="outcome_by_provider", fields=["provider", "procedure"])]

    def __str__(self) -> str:
        return f"Outcome of {self.journey_id}"


class Review(models.Model):
    """What a treated patient says of a provider: once a journey, whole, never edited; the provider answers beneath."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.OneToOneField(JOURNEY, on_delete=models.PROTECT, related_name="review")
    provider = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    stars = models.PositiveSmallIntegerField()  # 1 to 5
    text = models.TextField()  # public: its author knows and confirms so
    language = models.CharField(max_length=10)
    written_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="review_has_one_to_five_stars", condition=Q(stars__range=(1, BEST)))]
        indexes = [models.Index(name="review_by_provider", fields=["provider", "written_at"])]

    def __str__(self) -> str:
        return f"Review {self.pk}"
