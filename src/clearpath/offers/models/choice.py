"""Offers, what was told about who earns what, and what became of both."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.offers import lines
from clearpath.trust.fields import SealedTextField

PERSON = settings.AUTH_USER_MODEL
ORGANISATION = "parties.Organisation"
JOURNEY = "journeys.Journey"
LANE = "turns.Lane"


class Disclosure(models.Model):
    """What the network told the patient about interests at one moment; none found is told as well."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="disclosures")
    at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reopened_at = models.DateTimeField(null=True, blank=True)  # something new was found: it no longer holds

    def __str__(self) -> str:
        return f"Disclosure {self.pk}"


class Interest(models.Model):
    """One line of a disclosure: what `first` owns in, earns from, or is beside being what it is here."""

    class Kind(models.TextChoices):
        OWNERSHIP = "ownership", _("Ownership")
        CONTROL = "control", _("Control")
        COMMON_OWNER = "common_owner", _("The same owner")
        FAMILY = "family", _("Family")
        PAYMENT = "payment", _("Payment")
        GIFT = "gift", _("Gift")
        ROLES = "roles", _("Two roles")
        FEE = "fee", _("Fee")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.CASCADE, related_name="interests")
    kind = models.CharField(max_length=20, choices=Kind)
    first = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")  # owns or earns
    second = models.ForeignKey(  # is owned or pays
        ORGANISATION, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    share_bps = models.PositiveIntegerField(default=0)  # of ownership
    rate_bps = models.PositiveIntegerField(default=0)  # of a fee that is a share of the price
    amount_minor = models.PositiveBigIntegerField(default=0)  # of a fixed fee
    cap_minor = models.PositiveBigIntegerField(default=0)  # the most that a rate comes to; 0: no such limit
    currency = models.CharField(max_length=3, blank=True)  # ISO 4217
    detail = models.CharField(max_length=60, blank=True)  # the fee's type, or the two roles

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="interest_told_once_a_disclosure",
                fields=[
                    "disclosure",
                    "kind",
                    "first",
                    "second",
                    "share_bps",
                    "rate_bps",
                    "amount_minor",
                    "cap_minor",
                    "currency",
                    "detail",
                ],
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.first_id}"


class Offer(models.Model):
    """A provider's price and plan for one journey. Never edited once sent: a new price is a new offer."""

    class State(models.TextChoices):
        SENT = "sent", _("Waiting for an answer")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        DECLINED = "declined", _("Not chosen")
        SUPERSEDED = "superseded", _("Replaced by a newer one")
        ACCEPTED = "accepted", _("Accepted")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="offers")
    lane = models.ForeignKey(LANE, on_delete=models.PROTECT, related_name="offers")
    provider = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    revises = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="revisions")
    state = models.CharField(max_length=20, choices=State, default=State.SENT)
    total_minor = models.PositiveBigIntegerField()  # the sum of the items, minor units of `currency`
    currency = models.CharField(max_length=3)  # ISO 4217
    stay_nights = models.PositiveSmallIntegerField()  # in the hospital, included in the price
    includes = SealedTextField(blank=True)
    excludes = SealedTextField(blank=True)
    why_changed = SealedTextField(blank=True)  # of a revision
    valid_until = models.DateTimeField()  # exclusive
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    presented_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)  # withdrawn, declined or superseded
    why_ended = SealedTextField(blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    package = models.ForeignKey(  # from which it was built
        "offers.TreatmentPackage", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    site = models.ForeignKey("offers.Site", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    surgeon = SealedTextField(blank=True)
    anaesthetist = SealedTextField(blank=True)
    starts_on = models.DateField(null=True, blank=True)  # admission
    ends_on = models.DateField(null=True, blank=True)  # the first day on which the patient may fly home
    deposit_minor = models.PositiveBigIntegerField(default=0)  # of the total, minor units of `currency`
    refunds = models.JSONField(default=list)  # rows of the refund table: who cancels, days before, share in bps
    complications_paid_by = models.CharField(max_length=20, blank=True)  # provider, patient, insurance; empty: not said
    complications_note = SealedTextField(blank=True)
    aftercare = models.JSONField(default=list)  # what is promised: day after discharge, how, by whom
    disclosure = models.ForeignKey(  # the newest that was told after it was made; empty: not told yet
        Disclosure, on_delete=models.PROTECT, null=True, blank=True, related_name="offers"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(name="lane_has_at_most_one_open_offer", fields=["lane"], condition=Q(state="sent")),
            models.UniqueConstraint(
                name="journey_has_at_most_one_accepted_offer", fields=["journey"], condition=Q(state="accepted")
            ),
            models.CheckConstraint(
                name="offer_accepted_has_a_moment", condition=~Q(state="accepted") | Q(accepted_at__isnull=False)
            ),
            models.CheckConstraint(
                name="offer_ended_has_a_moment",
                condition=Q(state__in=["sent", "accepted"], ended_at=None)
                | (~Q(state__in=["sent", "accepted"]) & Q(ended_at__isnull=False)),
            ),
        ]
        indexes = [models.Index(name="offer_by_journey", fields=["journey", "state"])]

    def __str__(self) -> str:
        return f"Offer {self.pk}"


class OfferItem(models.Model):
    """One line of an offer's price. What is optional or excluded is not in the total."""

    Kind = lines.Kind
    Standing = lines.Standing

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="items")
    number = models.PositiveSmallIntegerField()  # place in the list, from 1
    label = SealedTextField()
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.OTHER)
    standing = models.CharField(max_length=10, choices=Standing, default=Standing.INCLUDED)
    amount_minor = models.PositiveBigIntegerField()  # minor units of the offer's currency, tax included
    tax_bps = models.PositiveIntegerField(default=0)  # of the amount before tax
    maker = SealedTextField(blank=True)  # of an implant

    class Meta:
        constraints = [models.UniqueConstraint(name="offer_item_number_once", fields=["offer", "number"])]

    def __str__(self) -> str:
        return f"Item {self.number} of {self.offer_id}"


class RequestDeclined(models.Model):
    """A provider's no to a request, with the reason."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="requests_declined")
    lane = models.OneToOneField(LANE, on_delete=models.PROTECT, related_name="declined")
    provider = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    reason = SealedTextField()
    declined_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Request on {self.lane_id} declined"


class AskedAgain(models.Model):
    """The patient's wish for another offer, kept for each provider whom it reached."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="asked_again")
    lane = models.ForeignKey(LANE, on_delete=models.PROTECT, related_name="asked_again")
    provider = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    wish = SealedTextField()
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Asked again {self.pk}"


class Admission(models.Model):
    """The patient is in the hospital."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="admissions")
    lane = models.ForeignKey(LANE, on_delete=models.PROTECT, related_name="admissions")
    admitted_at = models.DateTimeField()
    hospital_number = SealedTextField(blank=True)  # by which the hospital knows the patient

    def __str__(self) -> str:
        return f"Admission {self.pk}"
