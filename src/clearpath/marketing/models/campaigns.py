"""Campaigns, advertisements and leads."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.trust.fields import SealedTextField
from clearpath.turns.hooks import subject_kind
from clearpath.turns.subject import Subject, link_to_subject

ORGANISATION = "parties.Organisation"


@subject_kind("campaign")
class Campaign(Subject):
    """An agency's work for a provider or facilitator; a brief until an agency answers it."""

    subject_ptr = link_to_subject()
    name = models.CharField(max_length=80)
    client = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    client_role = models.CharField(max_length=20)
    agency = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    claims_doctor = models.ForeignKey(
        ORGANISATION, on_delete=models.PROTECT, related_name="+"
    )  # checks what is claimed
    under_agreement = models.ForeignKey(
        "agreements.Agreement", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    brief = models.UUIDField(null=True, blank=True, db_index=True)  # the first campaign that was asked the same
    services = models.TextField()  # what patients are sought for
    countries = models.JSONField(default=list)  # where they live, ISO 3166-1 alpha-2
    languages = models.JSONField(default=list)  # BCP 47
    may_claim = models.TextField(blank=True)
    plan = models.TextField(blank=True)  # the agency's answer
    budget_minor = models.PositiveBigIntegerField(null=True, blank=True)  # minor units of `currency`
    currency = models.CharField(max_length=3, blank=True)  # ISO 4217
    ended_because = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="campaign_budget_has_a_currency", condition=Q(budget_minor=None) | ~Q(currency="")
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Dispute(models.Model):
    """What an agency holds to be wrong in what it is told or paid, and the answer."""

    class About(models.TextChoices):
        LINE = "line", _("A line of the earnings")
        RESULT = "result", _("A result that is missing")
        KNOWN = "known", _("A lead that is called known")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="disputes")
    about = models.CharField(max_length=10, choices=About)
    text = SealedTextField()
    before_steward = models.BooleanField(default=False)
    raised_at = models.DateTimeField()
    answer = SealedTextField(blank=True)
    answered_by = models.CharField(max_length=20, blank=True)  # role
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_open_dispute_a_campaign", fields=["campaign"], condition=Q(answered_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"Dispute {self.pk}"


@subject_kind("creative")
class Creative(Subject):
    """One advertisement of a campaign. Never edited: a change is a new one, checked again."""

    subject_ptr = link_to_subject()
    part_of = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="creatives")
    client = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    doctor = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    text = models.TextField()
    landing_page = models.URLField(max_length=300)
    countries = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    first_day = models.DateField()
    last_day = models.DateField()  # inclusive: the last day on which people see it
    picture_key = models.CharField(max_length=64, blank=True)  # SHA-256 of the picture as drawn; empty: there is none
    picture_alt = models.CharField(max_length=300, blank=True)  # what is to be seen on it, for who does not see it
    claims_note = models.TextField(blank=True)
    claims_checked_at = models.DateTimeField(null=True, blank=True)
    reviewed = models.JSONField(default=dict)  # position -> rule that marked it -> why it is right
    stopped_because = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="creative_begins_before_it_ends", condition=Q(first_day__lte=F("last_day"))),
            models.CheckConstraint(
                name="creative_picture_is_described", condition=Q(picture_key="") | ~Q(picture_alt="")
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CreativePicture(models.Model):
    """The picture of an advertisement as it was drawn anew; apart, so that lists do not carry it."""

    creative = models.OneToOneField(Creative, on_delete=models.CASCADE, primary_key=True, related_name="picture")
    content = models.BinaryField()  # JPEG

    def __str__(self) -> str:
        return f"Picture of {self.creative_id}"


@subject_kind("lead")
class Lead(Subject):
    """A person who asked for help and agreed to be contacted. Without that agreement there is no lead.

    What names the person is sealed, and is not in the agency's sight. The link from the token to a journey stands
    on the journey alone.
    """

    subject_ptr = link_to_subject()
    token = models.UUIDField(
        default=uuid4, unique=True, editable=False
    )  # random: not even the time can be read from it
    agency = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    came_by = models.ForeignKey(Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="leads")
    channel = models.CharField(max_length=40)  # search, social, telephone, ...
    name = SealedTextField()
    email = SealedTextField(blank=True)
    phone = SealedTextField(blank=True)
    asks = SealedTextField()  # what they want, in their words
    country = models.CharField(max_length=2)  # where they live, ISO 3166-1 alpha-2
    language = models.CharField(max_length=10)  # in which they want to be spoken to
    consent_wording = models.TextField()
    consent_language = models.CharField(max_length=10)
    consented_at = models.DateTimeField()
    measuring_wording = models.TextField(blank=True)  # the words in which they agreed to be counted by token; or none
    handed_over_at = models.DateTimeField(null=True, blank=True)
    rejected_because = models.TextField(blank=True)
    link = models.ForeignKey("TrackedLink", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Keyed hashes of the normalised number and address (`people`): only to find the same person again.
    phone_hash = models.CharField(max_length=64, blank=True, db_index=True)
    email_hash = models.CharField(max_length=64, blank=True, db_index=True)
    known_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signs = models.JSONField(default=list)  # codes of what a person should look at (`signs`)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="lead_has_consent_to_be_contacted", condition=~Q(consent_wording="") & ~Q(consent_language="")
            ),
        ]

    def __str__(self) -> str:
        return f"Lead {self.pk}"
