"""How people are reached: links that can be told apart, and touches that name nobody."""

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.marketing.models.campaigns import Campaign, Creative
from clearpath.trust.fields import SealedTextField

PERSON = "parties.Person"


class TrackedLink(models.Model):
    """The address of a landing page for one campaign, advertisement and channel.

    What comes by it comes through the agency; who made it answers for that, like for a program of the agency.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=12, unique=True)  # what stands in the address
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="links")
    creative = models.ForeignKey(Creative, on_delete=models.PROTECT, null=True, blank=True, related_name="links")
    channel = models.CharField(max_length=40)
    country = models.CharField(max_length=2, blank=True)  # for whom the link is, ISO 3166-1 alpha-2
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code


class Touch(models.Model):
    """One contact with somebody, by token: no address, no program, no time of day, nothing that names a person."""

    token = models.UUIDField(default=uuid4, db_index=True)  # random; the same for what one visitor meets on their way
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="touches")
    creative = models.ForeignKey(Creative, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    channel = models.CharField(max_length=40)
    country = models.CharField(max_length=2, blank=True)  # ISO 3166-1 alpha-2
    day = models.DateField()

    class Meta:
        constraints = [models.CheckConstraint(name="touch_has_a_channel", condition=~Q(channel=""))]
        indexes = [models.Index(fields=["campaign", "day"], name="touches_of_a_campaign_by_day")]

    def __str__(self) -> str:
        return f"Touch {self.pk}"


class Result(models.Model):
    """What became of one lead at one stage, once it is certain. Never changed: what agencies are told rests on it.

    The key is the order in which results became known, and says nothing of the time within a day.
    """

    class Stage(models.TextChoices):
        JOURNEY = "journey", _("Became a journey")
        TREATED = "treated", _("Was treated")
        GOOD_OUTCOME = "good_outcome", _("Recovered as planned")

    id = models.BigAutoField(primary_key=True)
    lead = models.ForeignKey("marketing.Lead", on_delete=models.PROTECT, related_name="results")
    stage = models.CharField(max_length=20, choices=Stage)
    is_yes = models.BooleanField()
    path = models.CharField(max_length=400)  # the channels on the way to the lead, search>social; as it was then
    country = models.CharField(max_length=2, blank=True)  # that of the touch; what the person said stays with them
    noted_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(name="result_once_a_stage", fields=["lead", "stage"])]

    def __str__(self) -> str:
        return f"{self.stage} of {self.lead_id}"


class Conversion(models.Model):
    """What an agency's tools are told by token: the average of the token's cell, the same for all who are in it.

    Never changed once told. It says nothing of the person, since it follows from figures that were released.
    """

    id = models.BigAutoField(primary_key=True)
    lead = models.ForeignKey("marketing.Lead", on_delete=models.PROTECT, related_name="conversions")
    stage = models.CharField(max_length=20, choices=Result.Stage)
    share_bps = models.PositiveSmallIntegerField()  # of the cell's people, hundredths of a percent
    value_minor = models.PositiveBigIntegerField(null=True, blank=True)  # that share of the agency's fee, if it has one
    currency = models.CharField(max_length=3, blank=True)  # ISO 4217
    told_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(name="conversion_once_a_stage", fields=["lead", "stage"])]

    def __str__(self) -> str:
        return f"{self.stage} of {self.lead_id}"


class Webhook(models.Model):
    """Where an agency's tools are told of conversions: a setting of its own, which binds nobody."""

    organisation = models.OneToOneField(
        "parties.Organisation", on_delete=models.PROTECT, primary_key=True, related_name="+"
    )
    url = models.URLField(max_length=500)
    secret = SealedTextField()  # as Standard Webhooks writes it: whsec_ and base64
    made_at = models.DateTimeField()
    answered = models.CharField(max_length=40, blank=True)  # what came back last: a status, or why nothing did
    answered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Webhook of {self.organisation_id}"
