"""What search reads: one narrow row for each service shown, and how its provider stands. Made anew, never edited."""

from django.db import models

from clearpath.core.identifiers import new_id

ORGANISATION = "parties.Organisation"


class Standing(models.Model):
    """How a provider stands for one procedure by one version of the ranking rule, and the facts it rests on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    provider = models.ForeignKey(ORGANISATION, on_delete=models.CASCADE, related_name="+")
    procedure = models.CharField(max_length=40)
    rule = models.PositiveSmallIntegerField()  # version of data/ranking.yaml
    on = models.DateField()  # on which day it was judged
    score = models.IntegerField()  # hundredths of a point
    known = models.JSONField()  # as ranking.score.as_json writes it
    usual = models.JSONField()  # the network's own figures then, by criterion
    languages = models.JSONField(default=list)  # of its doctors, BCP 47

    class Meta:
        constraints = [models.UniqueConstraint(name="standing_once", fields=["provider", "procedure"])]

    def __str__(self) -> str:
        return f"{self.score} for {self.procedure}"


class Listing(models.Model):
    """A service as search sees it: everything that is filtered and sorted by, in one row.

    Amounts are cents of a euro at the newest rate when the row was made; None: no rate, or no figure for the country.
    """

    service = models.OneToOneField("offers.Service", on_delete=models.CASCADE, primary_key=True, related_name="listing")
    provider = models.ForeignKey(ORGANISATION, on_delete=models.CASCADE, related_name="+")
    standing = models.ForeignKey(Standing, on_delete=models.CASCADE, related_name="listings")
    procedure = models.CharField(max_length=40)
    country = models.CharField(max_length=2)
    city = models.CharField(max_length=80)  # as `asking.plain` writes it
    languages = models.BigIntegerField()  # a bit for each of `bits.LANGUAGES`
    open_weeks = models.BigIntegerField()  # a bit for each week with room, as `bits.week_bit` counts them
    accredited_until = models.DateField(null=True)  # exclusive; None: no checked accreditation in force
    treatment_minor = models.BigIntegerField(null=True)  # the upper end of the price
    there_minor = models.BigIntegerField(null=True)  # that and the nights nearby
    score = models.IntegerField()  # of the standing

    class Meta:
        indexes = [
            models.Index(name="listing_by_procedure", fields=["procedure", "-score", "service"]),
            models.Index(name="listing_by_country", fields=["country", "-score", "service"]),
            # With everything that is filtered by, so that a search that hardly anything fits reads nothing else.
            models.Index(
                name="listing_by_score",
                fields=[
                    "-score",
                    "service",
                    "country",
                    "there_minor",
                    "accredited_until",
                    "languages",
                    "open_weeks",
                    "city",
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} in {self.city}"
