"""Who is on the network: people, organisations, what they hold, and the evidence for it."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.turns.hooks import Hours, subject_kind
from clearpath.turns.subject import Subject, link_to_subject


class People(BaseUserManager["Person"]):
    """Makes people who can sign in."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who signs in, or whom somebody acts for. There is no superuser."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=10, default="en")
    time_zone = models.CharField(max_length=40, default="UTC")
    is_active = models.BooleanField(default=True)
    is_invented = models.BooleanField(default=False)  # lives on the demo network only
    persona = models.CharField(max_length=40, blank=True)  # sorts the sign-in page of the demo; empty: not on it
    persona_about = models.CharField(max_length=120, blank=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects = People()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    def __str__(self) -> str:
        return self.name


@subject_kind("organisation")
class Organisation(Subject):
    """A legal party on the network: applied, verified, suspended or left."""

    subject_ptr = link_to_subject()
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)  # ISO 3166-1 alpha-2
    city = models.CharField(max_length=80, blank=True)
    register_number = models.CharField(max_length=80, blank=True)  # in the trade register of its country
    time_zone = models.CharField(max_length=40, default="UTC")
    opens_at = models.TimeField(default="09:00")
    closes_at = models.TimeField(default="18:00")
    workdays = models.CharField(max_length=7, default="12345")  # ISO weekdays

    class Meta:
        indexes = [models.Index(name="organisation_by_name", fields=["name"])]

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> Hours:
        """When its people work."""
        return Hours(self.time_zone, self.opens_at, self.closes_at, frozenset(int(day) for day in self.workdays))


class HeldRole(models.Model):
    """A role of the charter that an organisation holds."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="held_roles")
    role = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)  # exclusive

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="role_held_once_at_a_time", fields=["organisation", "role"], condition=Q(until=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.organisation_id}"


class Membership(models.Model):
    """A person working for an organisation in one of its roles."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)  # exclusive

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="membership_once_at_a_time",
                fields=["person", "organisation", "role"],
                condition=Q(until=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.organisation_id}"


class Evidence(models.Model):
    """A licence, accreditation or insurance that an organisation shows."""

    class Kind(models.TextChoices):
        LICENCE = "licence", _("Licence")
        REGISTRATION = "registration", _("Registration")
        ACCREDITATION = "accreditation", _("Accreditation")
        INSURANCE = "insurance", _("Insurance")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="evidence")
    role = models.CharField(max_length=20)  # the role that it speaks for
    kind = models.CharField(max_length=20, choices=Kind)
    body = models.CharField(max_length=200)  # who issued it
    number = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField()  # exclusive
    source = models.CharField(max_length=300)  # where it was checked
    added_at = models.DateTimeField()
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="evidence_begins_before_it_ends", condition=Q(valid_from__lt=models.F("valid_to"))
            )
        ]
        indexes = [models.Index(name="evidence_by_end", fields=["valid_to"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class EvidenceWarning(models.Model):
    """That an organisation and the steward were warned of the end of a piece of evidence, so many days before."""

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="warnings")
    days = models.PositiveSmallIntegerField()  # 90, 30 or 0
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="warning_once_for_each_day", fields=["evidence", "days"])]

    def __str__(self) -> str:
        return f"{self.days} days before the end of {self.evidence_id}"


class OwnershipStatement(models.Model):
    """One statement about ownership or control, as it was received (Beneficial Ownership Data Standard 0.4).

    Each source keeps its own names of records: those of an organisation's own declaration begin with its key,
    so that nobody's declaration replaces what a register says. `subject` and `owner` are the two records of a
    relationship, `name` what a party is called.
    """

    statement_id = models.CharField(max_length=300)
    record_id = models.CharField(max_length=300)
    record_type = models.CharField(max_length=20)  # entity, person, relationship
    subject = models.CharField(max_length=300, blank=True)
    owner = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=200, blank=True)
    body = models.JSONField()
    organisation = models.ForeignKey(  # who the record is, when somebody said that it is one of the network
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="statements"
    )
    declared_by = models.ForeignKey(  # empty: imported
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="declarations"
    )
    received_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="statement_once", fields=["statement_id"])]
        indexes = [
            models.Index(name="statement_by_record", fields=["record_id"]),
            models.Index(name="statement_by_subject", fields=["subject"]),
            models.Index(name="statement_by_owner", fields=["owner"]),
        ]

    def __str__(self) -> str:
        return self.statement_id


class StatedIdentifier(models.Model):
    """A number under which a statement says that a party is registered; by it parties are recognised."""

    record_id = models.CharField(max_length=300)
    key = models.CharField(max_length=300)  # see `identity`
    scheme = models.CharField(max_length=100)  # the list's code at org-id.guide

    class Meta:
        constraints = [models.UniqueConstraint(name="identifier_once_a_record", fields=["record_id", "key", "scheme"])]
        indexes = [models.Index(name="identifier_by_key", fields=["key"])]

    def __str__(self) -> str:
        return f"{self.key} of {self.record_id}"


class Tie(models.Model):
    """Ownership, control, family, payment or gifts between two organisations of the network.

    `declared_at` is empty when the network found the tie and nobody had told it.
    """

    class Kind(models.TextChoices):
        OWNERSHIP = "ownership", _("Ownership")
        CONTROL = "control", _("Control")
        COMMON_OWNER = "common_owner", _("The same owner")
        FAMILY = "family", _("Family")
        PAYMENT = "payment", _("Payment")
        GIFT = "gift", _("Gift")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    first = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ties_from")
    second = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="ties_to")
    kind = models.CharField(max_length=20, choices=Kind)
    share_bps = models.PositiveIntegerField(default=0)  # integrated share in hundredths of a percent
    path = models.JSONField(default=list)  # names from one to the other, with the share of each link
    found_at = models.DateTimeField()
    declared_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="tie_is_between_two", condition=~Q(first=models.F("second"))),
            models.UniqueConstraint(
                name="tie_once_at_a_time", fields=["first", "second", "kind"], condition=Q(ended_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} between {self.first_id} and {self.second_id}"
