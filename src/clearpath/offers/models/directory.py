"""What a provider shows of itself: where it treats, who treats, what it does, in which packages, with room when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id

PERSON = settings.AUTH_USER_MODEL
ORGANISATION = "parties.Organisation"


class Site(models.Model):
    """A place where a provider treats."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="sites")
    reference = models.CharField(max_length=60)  # the provider's own, by which a file finds it again
    name = models.CharField(max_length=200)
    country = models.CharField(max_length=2)  # ISO 3166-1 alpha-2
    city = models.CharField(max_length=80)
    address = models.CharField(max_length=300, blank=True)
    airport = models.CharField(max_length=3, blank=True)  # IATA, the nearest
    airport_km = models.PositiveSmallIntegerField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="site_reference_once", fields=["provider", "reference"])]

    def __str__(self) -> str:
        return self.name


class Practitioner(models.Model):
    """A doctor as the directory shows them."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="practitioners")
    reference = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    specialities = models.JSONField(default=list)  # words of the provider
    languages = models.JSONField(default=list)  # BCP 47
    licence = models.CharField(max_length=120, blank=True)  # number and who gave it
    licence_ends_on = models.DateField(null=True, blank=True)  # exclusive
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="practitioner_reference_once", fields=["provider", "reference"])]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """A procedure that a provider does at one site, and what it usually costs and takes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="services")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="services")
    reference = models.CharField(max_length=60)
    procedure = models.CharField(max_length=40)  # key in data/procedures.yaml, which holds its code in an open system
    title = models.CharField(max_length=200)  # the provider's words
    includes = models.TextField(blank=True)
    stay_nights = models.PositiveSmallIntegerField()  # in the hospital, usual
    recovery_days = models.PositiveSmallIntegerField()  # there after the treatment before flying, usual
    languages = models.JSONField(default=list)  # BCP 47, in which patients are spoken to
    price_from_minor = models.PositiveBigIntegerField()  # minor units of `currency`
    price_to_minor = models.PositiveBigIntegerField()
    currency = models.CharField(max_length=3)  # ISO 4217
    priced_on = models.DateField()
    retired_at = models.DateTimeField(null=True, blank=True)  # no longer shown; never deleted, offers name it

    class Meta:
        constraints = [
            models.UniqueConstraint(name="service_reference_once", fields=["provider", "reference"]),
            models.CheckConstraint(
                name="service_price_is_a_range", condition=Q(price_from_minor__lte=F("price_to_minor"))
            ),
        ]
        indexes = [models.Index(name="service_by_procedure", fields=["procedure", "provider"])]

    def __str__(self) -> str:
        return self.title


class TreatmentPackage(models.Model):
    """Lines that a provider offers again and again for a service; an offer begins as its copy."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="packages")
    reference = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)  # ISO 4217
    terms = models.JSONField(default=dict)  # as the form of an offer writes them: lines, deposit, refunds, aftercare
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="package_reference_once", fields=["service", "reference"])]

    def __str__(self) -> str:
        return self.title


class Capacity(models.Model):
    """How many patients from abroad a site can begin to treat in one week."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="capacity")
    week = models.DateField()  # its Monday
    places = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name_plural = "capacity"
        constraints = [models.UniqueConstraint(name="capacity_once_a_week", fields=["site", "week"])]

    def __str__(self) -> str:
        return f"{self.places} in the week of {self.week}"


class DirectoryFile(models.Model):
    """A file that a provider laid beside its directory: looked at, repaired, then taken by one step, or dropped.

    A draft of one's own: it binds nobody until it is taken.
    """

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        READY = "ready", _("Waits for your yes")
        WRITING = "writing", _("Being written")
        DONE = "done", _("Taken")
        UNREADABLE = "unreadable", _("Cannot be read")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    laid_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    laid_at = models.DateTimeField()
    name = models.CharField(max_length=200)
    content = models.BinaryField()  # emptied once it is taken
    language = models.CharField(max_length=10)  # of whoever laid it: what is wrong is said in it
    retires_absent = models.BooleanField(default=False)
    repairs = models.JSONField(default=dict)  # what was typed into bad cells, by "kind:row:column"
    state = models.CharField(max_length=20, choices=State, default=State.READING)
    part = models.CharField(max_length=20, blank=True)  # of the work, for long files: reading, comparing, writing
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    preview = models.JSONField(default=dict)  # what would change, and what is wrong
    says = models.TextField(blank=True)  # why it cannot be read or taken

    class Meta:
        indexes = [models.Index(name="directory_file_by_provider", fields=["provider", "laid_at"])]

    def __str__(self) -> str:
        return self.name
