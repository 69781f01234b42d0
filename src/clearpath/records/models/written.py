"""What doctors and the patient wrote about the treatment."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.records.models.paths import JOURNEY, LANE, PERSON
from clearpath.trust.fields import SealedTextField


class Opinion(models.Model):
    """A doctor's structured answer on a journey. A new opinion stands beside the old one; the newest counts."""

    class Suitability(models.TextChoices):
        SUITABLE = "suitable", _("Suitable")
        SUITABLE_IF = "suitable_if", _("Suitable, if")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="opinions")
    lane = models.ForeignKey(LANE, on_delete=models.PROTECT, related_name="opinions")
    suitability = models.CharField(max_length=20, choices=Suitability)
    conditions = SealedTextField(blank=True)  # what must hold first
    plan = SealedTextField()
    risks = SealedTextField()
    risk_lines = SealedTextField(blank=True, default="")  # the same as `lines.Risk`
    alternatives = SealedTextField()  # including to do nothing
    stay_days = models.PositiveSmallIntegerField()  # from arrival to the flight home
    event = models.CharField(max_length=40, blank=True, default="")  # of the fit-to-fly table; empty: it has none
    flight_days = models.PositiveSmallIntegerField(null=True, blank=True)  # from the treatment to the flight home
    why_flight_days = SealedTextField(blank=True, default="")  # where the doctor and not the table says so
    surgeon = SealedTextField(blank=True, default="")
    surgeon_registration = SealedTextField(blank=True, default="")
    anaesthetist = SealedTextField(blank=True, default="")
    anaesthetist_registration = SealedTextField(blank=True, default="")
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"Opinion {self.pk}"


class Note(models.Model):
    """What a doctor wrote at a step, or a word of the patient about their own treatment."""

    class Kind(models.TextChoices):
        QUESTION = "question", _("Question")
        SECOND_OPINION = "second_opinion", _("Second opinion")
        ADVICE_AGAINST = "advice_against", _("Advice against treatment")
        ADVICE_WITHDRAWN = "advice_withdrawn", _("Advice against treatment taken back")
        CLEARANCE = "clearance", _("Cleared to come")
        EXPLANATION = "explanation", _("Explanation of the treatment")
        TREATMENT = "treatment", _("Treatment")
        READMISSION = "readmission", _("Admitted again")
        HAND_OVER = "hand_over", _("Records handed over")
        ACKNOWLEDGED = "acknowledged", _("Records received at home")
        ASKED_BACK = "asked_back", _("Question from the doctor at home")
        DEATH = "death", _("Death")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="notes")
    lane = models.ForeignKey(LANE, on_delete=models.PROTECT, null=True, blank=True, related_name="notes")
    kind = models.CharField(max_length=20, choices=Kind)
    text = SealedTextField(blank=True)
    details = SealedTextField(blank=True, default="")  # further texts by key, as JSON: see `details`
    language = models.CharField(max_length=10, blank=True)  # set where the exact words count
    happened_on = models.DateField(null=True, blank=True)  # of the treatment or death, which precedes the note
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey("parties.Organisation", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(name="note_by_journey", fields=["journey", "kind", "id"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class InformedConsent(models.Model):
    """The patient's yes to a treatment that was explained, in these very words."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="informed_consents")
    explanation = models.ForeignKey(Note, on_delete=models.PROTECT, related_name="+")
    wording = SealedTextField()
    language = models.CharField(max_length=10)
    given_at = models.DateTimeField()
    given_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    why_withdrawn = SealedTextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="informed_consent_once_at_a_time", fields=["journey"], condition=Q(withdrawn_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"Informed consent {self.pk}"


class Discharge(models.Model):
    """What the patient takes along from the hospital: what was done, medicines, warning signs, what follows."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="discharges")
    lane = models.ForeignKey(LANE, on_delete=models.PROTECT, related_name="discharges")
    discharged_on = models.DateField()
    summary = SealedTextField()
    medicines = SealedTextField()
    medicine_lines = SealedTextField(blank=True, default="")  # the same as `lines.Medicine`
    no_medicines = models.BooleanField(default=False)  # stated: there are none
    warning_signs = SealedTextField()
    warning_lines = SealedTextField(blank=True, default="")  # the same as `lines.WarningSign`
    follow_up = SealedTextField()
    follow_up_lines = SealedTextField(blank=True, default="")  # the same as `lines.FollowUp`
    letter = SealedTextField(blank=True, default="")  # to the doctor at home
    images = SealedTextField(blank=True, default="")  # which the patient was given, or none
    is_early = models.BooleanField(default=False)  # after the patient left the journey
    written_at = models.DateTimeField()
    written_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Discharge {self.pk}"


class FitToFly(models.Model):
    """A doctor's certificate that the patient may fly, on the days from `fit_from` to `fit_until`, both included."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="fit_to_fly")
    lane = models.ForeignKey(LANE, on_delete=models.PROTECT, related_name="fit_to_fly")
    fit_from = models.DateField()
    fit_until = models.DateField()
    text = SealedTextField()  # the certificate, and what is needed on board
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="fit_to_fly_ends_after_it_begins", condition=Q(fit_from__lte=F("fit_until")))
        ]

    def __str__(self) -> str:
        return f"Fit to fly {self.pk}"
