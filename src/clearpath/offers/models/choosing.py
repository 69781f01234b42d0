"""How a patient chooses: what was compared and asked, what was told, and the choice with its contract."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.offers.models.choice import JOURNEY, LANE, ORGANISATION, PERSON, Disclosure, Offer
from clearpath.trust.fields import SealedTextField


class ComparisonSeen(models.Model):
    """The patient saw this offer beside the others for the first time: the time to think begins here."""

    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, primary_key=True, related_name="seen")
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="comparisons_seen")
    seen_at = models.DateTimeField()
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Offer {self.offer_id} compared"


class QuestionAsked(models.Model):
    """One question of the patient as it reached one provider, and this provider's answer.

    The same question to several has the same `question`; a provider sees its own row alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    question = models.UUIDField()  # the same for everybody who was asked it
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="questions_asked")
    lane = models.ForeignKey(LANE, on_delete=models.PROTECT, related_name="questions_asked")
    provider = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    text = SealedTextField()
    asked_at = models.DateTimeField()
    answer = SealedTextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="question_reaches_a_lane_once", fields=["question", "lane"])]

    def __str__(self) -> str:
        return f"Question {self.pk}"


class Acknowledgement(models.Model):
    """The patient confirmed to know who earns what; `shown` is what stood there, word for word."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="acknowledgements")
    shown = SealedTextField()
    language = models.CharField(max_length=10)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Acknowledgement {self.pk}"


class Choice(models.Model):
    """The patient's yes to one offer: what was said about insurance, and the contract as it was made then."""

    class Insurance(models.TextChoices):
        TAKEN = "taken", _("I want insurance for complications. My guide helps me to find one.")
        OWN = "own", _("I have my own insurance that pays for complications abroad.")
        REFUSED = "refused", _("I do not want insurance. I know that complications can cost me a lot.")
        NOT_ASKED = "not_asked", _("Nobody asked about insurance when the first offer was accepted.")

    offer = models.OneToOneField(Offer, on_delete=models.PROTECT, primary_key=True, related_name="choice")
    insurance = models.CharField(max_length=10, choices=Insurance)
    contract = SealedTextField()  # the contract's parts as JSON, in `language`
    contract_sha256 = models.CharField(max_length=64)  # of `contract`, printed on it and kept with the signature
    language = models.CharField(max_length=10)  # in which the contract is made; it prevails
    chosen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Choice of {self.offer_id}"
