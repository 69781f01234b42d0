"""Agreements, their versions of terms, their fees and their signatures."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.turns.hooks import subject_kind
from clearpath.turns.subject import Subject, link_to_subject

ORGANISATION = "parties.Organisation"


@subject_kind("agreement")
class Agreement(Subject):
    """What two organisations owe each other, each in one role of the charter."""

    subject_ptr = link_to_subject()
    title = models.CharField(max_length=200)
    first = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    first_role = models.CharField(max_length=20)
    second = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    second_role = models.CharField(max_length=20)
    signed_at = models.DateTimeField(null=True, blank=True)
    ended_because = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="agreement_is_between_two", condition=~Q(first=F("second"))),
        ]

    def __str__(self) -> str:
        return self.title


class Terms(models.Model):
    """One version of what an agreement says. Never edited, the database refuses it: new terms are a new version.

    `text` says what each side does, `parts` the rest, in `language`, which prevails; `translations` holds the whole
    of it in other languages.
    """

    class Part(models.TextChoices):
        EXCLUSIVITY = "exclusivity", _("Whether they may work with others")
        DATA_SHARING = "data_sharing", _("Which data are exchanged, and what for")
        COMPLAINTS = "complaints", _("Where complaints go")
        AFTERCARE = "aftercare", _("Who cares after treatment")
        ENDING = "ending", _("How it ends")
        OPEN_JOURNEYS = "open_journeys", _("What happens to open journeys when it ends")

    class Exclusivity(models.TextChoices):
        NONE = "none", _("Both may work with anybody")
        FIRST = "first", _("The first party works with the second alone")
        SECOND = "second", _("The second party works with the first alone")
        BOTH = "both", _("Both work with each other alone")

    class Attribution(models.TextChoices):
        FIRST = "first", _("First touch")
        LAST = "last", _("Last touch")
        LINEAR = "linear", _("All touches alike")
        TIME_DECAY = "time_decay", _("The later, the more")
        POSITION = "position", _("First and last 40 %, between them 20 %")
        MARKOV = "markov", _("What would be lost without the channel (Markov)")
        SHAPLEY = "shapley", _("Fair share among the channels (Shapley)")

    class Purpose(models.TextChoices):
        NONE = "none", _("No data of patients is exchanged")
        COORDINATION = "coordination", _("To coordinate a journey")
        CARE = "care", _("To treat and care for a patient")
        OUTCOMES = "outcomes", _("To know how a patient fares")
        SETTLEMENT = "settlement", _("To pay what is owed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()  # from 1; the highest is what is signed
    text = models.TextField()
    parts = models.JSONField(default=dict, blank=True)  # text by Part
    exclusivity = models.CharField(max_length=10, choices=Exclusivity, blank=True)  # empty: not said
    data_purposes = models.JSONField(default=list, blank=True)  # of Purpose; empty: not said
    language = models.CharField(max_length=10, default="en")  # that of text and parts: the one that prevails
    translations = models.JSONField(default=dict, blank=True)  # the whole text by language
    note = models.TextField(blank=True)  # to the other side: why these changes
    attribution = models.CharField(max_length=10, choices=Attribution, blank=True)  # of an agency; empty: not said
    attribution_days = models.PositiveSmallIntegerField(null=True, blank=True)  # touches before that bring nobody
    governing_law = models.CharField(max_length=2, blank=True)  # ISO 3166-1 alpha-2
    starts_on = models.DateField(null=True, blank=True)  # empty: when it is signed
    ends_on = models.DateField(null=True, blank=True)  # exclusive; empty: until somebody ends it
    proposed_by = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "terms"
        constraints = [
            models.UniqueConstraint(name="terms_number_once_an_agreement", fields=["agreement", "number"]),
            models.CheckConstraint(
                name="terms_begin_before_they_end",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(starts_on__lt=F("ends_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"Terms {self.number}"


class Fee(models.Model):
    """What one party pays the other: a share of something, or an amount each time.

    `verdict` and `rule` are what the table of fee rules said when it was last asked; the steward's ruling, where
    no rule is known, stands beside them and never hides them.
    """

    class Type(models.TextChoices):
        BROKERAGE = "brokerage", _("For bringing a patient")
        SERVICE = "service", _("For a service")
        MARKETING = "marketing", _("For marketing")
        MEDICAL = "medical", _("For medical work")
        FORUM = "forum", _("For a B2B event")

    class Verdict(models.TextChoices):
        LAWFUL = "lawful", _("Lawful by a known rule")
        DISCLOSED = "allowed_with_disclosure", _("Lawful if the patient is told")
        FORBIDDEN = "forbidden", _("Forbidden")
        OVER_CAP = "over_cap", _("More than is allowed")
        UNKNOWN = "unknown", _("No rule is known")

    class Institution(models.TextChoices):
        CLINIC = "clinic", _("Clinic")
        HOSPITAL = "hospital", _("Hospital or general hospital")
        TERTIARY = "tertiary", _("Tertiary hospital")
        RECOVERY_HOME = "recovery_home", _("Recovery home")
        TREATMENT_FACILITY = "treatment_facility", _("Clinical treatment facility")
        LABORATORY = "laboratory", _("Laboratory")

    class CarePaidBy(models.TextChoices):
        FEDERAL_PROGRAMME = "federal_programme", _("A public programme, such as Medicare")
        INSURER = "insurer", _("Private insurance")
        PATIENT = "patient", _("The patient")

    class Bundled(models.TextChoices):
        INTERPRETING = "interpreting", _("Interpreting")
        VISA = "visa", _("Help with the visa")
        TRANSLATION = "translation", _("Translation")
        TRANSFER = "transfer", _("Transfers")
        LODGING = "lodging", _("Lodging")

    class Base(models.TextChoices):
        TREATMENT = "treatment", _("The treatment's cost")
        BILL = "bill", _("The whole bill, with stay and services")
        OTHER = "other", _("Something else, as the terms say")

    class Per(models.TextChoices):
        TREATED = "treated", _("Each treated patient")
        LEAD = "lead", _("Each person who asked and was taken on")
        GOOD_OUTCOME = "good_outcome", _("Each treated patient who recovered as planned")
        MONTH = "month", _("Each month in which a campaign runs")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="fees")
    number = models.PositiveSmallIntegerField()
    fee_type = models.CharField(max_length=20, choices=Type)
    payer = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    payer_role = models.CharField(max_length=20)
    payee = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    payee_role = models.CharField(max_length=20)
    rate_bps = models.PositiveIntegerField(null=True, blank=True)  # hundredths of a percent of `base`
    base = models.CharField(max_length=20, choices=Base, default=Base.TREATMENT)
    amount_minor = models.PositiveBigIntegerField(null=True, blank=True)  # each time, minor units of `currency`
    per = models.CharField(max_length=20, choices=Per, default=Per.TREATED)  # each time of what
    cap_minor = models.PositiveBigIntegerField(null=True, blank=True)  # the most that a rate comes to
    currency = models.CharField(max_length=3)  # ISO 4217
    jurisdiction = models.CharField(max_length=2)  # the country of treatment, ISO 3166-1 alpha-2
    region = models.CharField(max_length=3, blank=True)  # what ISO 3166-2 puts behind the hyphen
    institution = models.CharField(max_length=20, choices=Institution, blank=True)  # where caps depend on it
    care_paid_by = models.CharField(max_length=20, choices=CarePaidBy, blank=True)  # where the law depends on it
    bundled = models.JSONField(default=list, blank=True)  # of Bundled: what else is promised for this fee
    verdict = models.CharField(max_length=30, choices=Verdict, default=Verdict.UNKNOWN)
    rule = models.CharField(max_length=80, blank=True)  # key in data/fee_rules.yaml
    checked_at = models.DateTimeField()
    ruled_lawful_because = models.TextField(blank=True)
    ruled_source = models.CharField(max_length=300, blank=True)
    ruled_under = models.CharField(
        max_length=80, blank=True
    )  # the rule that was known then; another one ends the ruling
    ruled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    ruled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="fee_number_once_a_version", fields=["terms", "number"]),
            models.CheckConstraint(name="fee_is_between_two", condition=~Q(payer=F("payee"))),
            models.CheckConstraint(
                name="fee_is_a_rate_or_an_amount",
                condition=Q(rate_bps__isnull=False, amount_minor=None) | Q(rate_bps=None, amount_minor__isnull=False),
            ),
            models.CheckConstraint(
                name="fee_rate_is_at_most_all", condition=Q(rate_bps=None) | Q(rate_bps__lte=10_000)
            ),
            models.CheckConstraint(name="fee_rate_is_of_a_treatment", condition=Q(rate_bps=None) | Q(per="treated")),
            models.CheckConstraint(
                name="fee_ruled_on_with_a_reason", condition=Q(ruled_at=None) | ~Q(ruled_lawful_because="")
            ),
        ]

    def __str__(self) -> str:
        return f"Fee {self.number}"

    @property
    def is_ruled_lawful(self) -> bool:
        """Because the steward ruled so, knowing what is known now."""
        return self.verdict == self.Verdict.UNKNOWN and self.ruled_at is not None and self.ruled_under == self.rule

    @property
    def is_lawful(self) -> bool:
        """By a known rule, or because the steward ruled so."""
        return self.verdict in {self.Verdict.LAWFUL, self.Verdict.DISCLOSED} or self.is_ruled_lawful

    @property
    def answer(self) -> str:
        """The verdict, or that the steward ruled the fee lawful: lawful by whom, or why not."""
        return "ruled_lawful" if self.is_ruled_lawful else self.verdict


class Reopening(models.Model):
    """That a fee of a signed agreement is no longer lawful: what was known of it, and what is known since."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    fee = models.ForeignKey(Fee, on_delete=models.PROTECT, related_name="reopenings")
    was = models.CharField(max_length=30)  # a verdict, or ruled_lawful
    was_rule = models.CharField(max_length=80, blank=True)
    became = models.CharField(max_length=30)
    became_rule = models.CharField(max_length=80, blank=True)
    reopened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Reopening of {self.fee_id}"


class Signature(models.Model):
    """One party's yes to one version of the terms."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="signatures")
    position = models.CharField(max_length=20)  # first, second
    organisation = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="terms_signed_once_a_party", fields=["terms", "position"])]

    def __str__(self) -> str:
        return f"Signature of {self.organisation_id}"
