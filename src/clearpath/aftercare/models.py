"""What the patient told after the treatment, the warnings that followed, and how it ended."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.trust.fields import SealedTextField

PERSON = settings.AUTH_USER_MODEL
JOURNEY = "journeys.Journey"


class Report(models.Model):
    """How the patient says they are."""

    class Wound(models.TextChoices):
        NONE = "none", _("I have no wound")
        FINE = "fine", _("Dry and closed")
        RED = "red", _("Red, warm or swollen")
        OPEN = "open", _("Open, wet or smelling")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="reports")
    pain = models.PositiveSmallIntegerField()  # numeric rating scale, 0 none to 10 worst
    temperature_c = models.DecimalField(max_digits=3, decimal_places=1, null=True, blank=True)  # degrees Celsius
    wound = models.CharField(max_length=10, choices=Wound)
    is_bleeding = models.BooleanField(default=False)
    is_short_of_breath = models.BooleanField(default=False)
    text = SealedTextField(blank=True)
    alarms = models.JSONField(default=list)  # codes of what in it needs a doctor, by the rule of that day
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    reported_as = models.CharField(max_length=20)  # the patient, or a role whom they appointed

    class Meta:
        constraints = [models.CheckConstraint(name="pain_is_from_0_to_10", condition=Q(pain__lte=10))]

    def __str__(self) -> str:
        return f"Report {self.pk}"


class DoctorWarning(models.Model):
    """A report that needs a doctor, until the doctor has answered."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="warnings")
    report = models.OneToOneField(Report, on_delete=models.PROTECT, related_name="warning")
    raised_at = models.DateTimeField()
    answer = SealedTextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="warning_answered_by_somebody",
                condition=Q(answered_at=None, answered_by=None)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Warning {self.pk}"


class Ending(models.Model):
    """How the aftercare ended, in the patient's own view. After a readmission it can end anew; the newest counts."""

    class PatientSays(models.TextChoices):
        RECOVERED = "recovered", _("Recovered")
        BETTER = "better", _("Better than before")
        SAME = "same", _("As before")
        WORSE = "worse", _("Worse than before")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="aftercare_endings")
    patient_says = models.CharField(max_length=20, choices=PatientSays)
    note = SealedTextField(blank=True)
    ended_at = models.DateTimeField()
    ended_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Ending {self.pk}"
