"""Contracts, deposits, invoices, refunds and settlements. All amounts are minor units of their currency."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from clearpath.core.identifiers import new_id
from clearpath.trust.fields import SealedTextField

PERSON = settings.AUTH_USER_MODEL
ORGANISATION = "parties.Organisation"
JOURNEY = "journeys.Journey"


class Contract(models.Model):
    """What the patient signed, for one accepted offer, in these very words."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="contracts")
    offer = models.OneToOneField("offers.Offer", on_delete=models.PROTECT, related_name="contract")
    provider = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    total_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)  # ISO 4217
    wording = SealedTextField()
    document_sha256 = models.CharField(max_length=64, blank=True)  # of the contract that was made with the offer
    language = models.CharField(max_length=10)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"Contract {self.pk}"


class Deposit(models.Model):
    """Money held for a treatment until it is invoiced or given back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="deposits")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="deposits")
    provider = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=80, blank=True)  # of the payment
    held_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)  # used for an invoice, or refunded

    class Meta:
        constraints = [models.CheckConstraint(name="deposit_is_more_than_zero", condition=Q(amount_minor__gt=0))]

    def __str__(self) -> str:
        return f"Deposit {self.pk}"


class Settlement(models.Model):
    """The fees of a journey, computed once its invoices are out and the records are home."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="settlements")
    settled_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Settlement {self.pk}"


class Invoice(models.Model):
    """What the patient owes for the treatment; deposits held until then are set off against it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="invoices")
    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="invoices")
    provider = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=80, blank=True)  # as the provider counts
    total_minor = models.PositiveBigIntegerField()
    deposit_minor = models.PositiveBigIntegerField(default=0)  # already paid
    currency = models.CharField(max_length=3)
    issued_at = models.DateTimeField()
    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, null=True, blank=True, related_name="invoices")

    class Meta:
        constraints = [models.CheckConstraint(name="invoice_is_more_than_zero", condition=Q(total_minor__gt=0))]

    def __str__(self) -> str:
        return f"Invoice {self.pk}"

    @property
    def due_minor(self) -> int:
        """What is still to be paid; below zero is what the patient gets back."""
        return self.total_minor - self.deposit_minor


class Refund(models.Model):
    """What of a deposit goes back, and why if it is not all of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(JOURNEY, on_delete=models.PROTECT, related_name="refunds")
    provider = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    held_minor = models.PositiveBigIntegerField()
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)
    reason = SealedTextField(blank=True)
    refunded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="refund_is_at_most_what_is_held", condition=Q(amount_minor__lte=F("held_minor"))
            )
        ]

    def __str__(self) -> str:
        return f"Refund {self.pk}"


class SettledFee(models.Model):
    """One fee of a settlement: who earns how much from whom, under which agreement."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    settlement = models.ForeignKey(Settlement, on_delete=models.CASCADE, related_name="fees")
    agreement_id = models.UUIDField()  # opaque: the agreement may end, what was owed stays
    payer = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    payee = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    fee_type = models.CharField(max_length=20)
    amount_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)

    def __str__(self) -> str:
        return f"{self.fee_type} fee {self.pk}"
