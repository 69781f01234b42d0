"""Tables of what happens on a subject, whatever its kind."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clearpath.core.identifiers import new_id
from clearpath.trust.fields import SealedTextField
from clearpath.turns.subject import Subject

PERSON = settings.AUTH_USER_MODEL
ORGANISATION = "parties.Organisation"

__all__ = [
    "Answer",
    "Appointment",
    "Document",
    "HandOff",
    "Lane",
    "Message",
    "Notice",
    "Seat",
    "Subject",
    "Taken",
    "Task",
]


class Lane(models.Model):
    """One provider asked, with its doctor; lanes of a subject do not see each other."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="lanes")
    number = models.PositiveSmallIntegerField()
    facts = models.JSONField(default=list)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="lane_number_once_a_subject", fields=["subject", "number"])]

    def __str__(self) -> str:
        return f"Lane {self.number}"


class Seat(models.Model):
    """A role's place on a subject, taken by one organisation (and, if named, one person of it) or by a person.

    Offered while `held_since` is empty; history is kept: a seat that changes hands ends, and a new one begins.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="seats")
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, null=True, blank=True, related_name="seats")
    role = models.CharField(max_length=20)
    position = models.CharField(max_length=20)  # the charter's name of the place: a role, `client`, `first`, ...
    organisation = models.ForeignKey(
        ORGANISATION, on_delete=models.PROTECT, null=True, blank=True, related_name="taken_seats"
    )
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="taken_seats")
    offered_at = models.DateTimeField()
    offered_by = models.UUIDField(null=True, blank=True)
    held_since = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    why_ended = models.CharField(max_length=200, blank=True)
    after = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="seat_is_taken_by_somebody", condition=Q(organisation__isnull=False) | Q(person__isnull=False)
            ),
        ]
        indexes = [
            models.Index(
                name="seat_held_by_organisation",
                fields=["organisation", "role", "-subject", "person", "lane"],
                condition=Q(held_since__isnull=False, ended_at=None),
            ),
            models.Index(
                name="seat_held_by_person",
                fields=["person", "role", "-subject"],
                condition=Q(held_since__isnull=False, ended_at=None, organisation=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} on {self.subject_id}"


class Task(models.Model):
    """A step that is somebody's turn now, with its clock."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="tasks")
    lane = models.ForeignKey(Lane, on_delete=models.CASCADE, null=True, blank=True, related_name="tasks")
    step = models.CharField(max_length=60)
    position = models.CharField(max_length=20)  # whose turn it is
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)  # in the business hours of the seat
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(name="task_open_by_subject", fields=["subject", "step"], condition=Q(done_at=None)),
            models.Index(name="task_open_by_clock", fields=["due_at", "id"], condition=Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.step} is {self.position}'s turn"


class HandOff(models.Model):
    """A task offered by one seat to the role whose part it is."""

    class State(models.TextChoices):
        OFFERED = "offered", _("Offered")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        LAPSED = "lapsed", _("Lapsed")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="hand_offs")
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    step = models.CharField(max_length=60)
    from_seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="hand_offs_given")
    to_position = models.CharField(max_length=20)
    note = SealedTextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    why_declined = models.CharField(max_length=300, blank=True)
    offered_at = models.DateTimeField()
    lapses_at = models.DateTimeField()  # exclusive
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hand_off_answered_at_set_exactly_when_answered",
                condition=Q(state="offered", answered_at=None) | (~Q(state="offered") & Q(answered_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="hand_off_declined_with_a_reason", condition=~Q(state="declined") | ~Q(why_declined="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} offered to {self.to_position}"


class Appointment(models.Model):
    """A written, revocable permission to take one step, or every step, for the one whose part it is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="appointments")
    by_person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="appointments_given")
    step = models.CharField(max_length=60, default="*")  # `*`: everything
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, null=True, blank=True, related_name="appointments")
    role = models.CharField(max_length=20, blank=True)  # set instead of `person`: whoever sits in that role
    wording = models.TextField()
    given_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="appointment_is_of_a_person_or_of_a_role",
                condition=Q(person__isnull=False, role="") | (Q(person=None) & ~Q(role="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} for {self.by_person_id}"


class Message(models.Model):
    """A message on a topic; only its author and the seat whose part the topic is can read it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="messages")
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    topic = models.CharField(max_length=20)
    data_class = models.CharField(max_length=20)
    author = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    author_role = models.CharField(max_length=20)
    author_organisation = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, null=True, related_name="+")
    to_seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="messages")
    text = SealedTextField()
    passes_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="passed_on")
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(name="message_by_subject", fields=["subject", "id"])]

    def __str__(self) -> str:
        return f"Message {self.pk}"


class Document(models.Model):
    """A file attached to a subject, sealed; its data class says who may open it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="documents")
    lane = models.ForeignKey(Lane, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    data_class = models.CharField(max_length=20)
    title = SealedTextField()
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    sealed = models.BinaryField()
    author = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    author_organisation = models.ForeignKey(ORGANISATION, on_delete=models.PROTECT, null=True, related_name="+")
    attached_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Document {self.pk}"


class Notice(models.Model):
    """A seat is told that a step was taken."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="notices")
    step = models.CharField(max_length=60)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(name="notice_unread_by_seat", fields=["seat", "-id"], condition=Q(read_at=None))]

    def __str__(self) -> str:
        return f"{self.step} told"


class Answer(models.Model):
    """What the network's question about a subject was last answered, so that a step is taken once a yes."""

    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="+")
    step = models.CharField(max_length=60)
    yes = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(name="answer_once_a_question", fields=["subject", "step"])]

    def __str__(self) -> str:
        return f"{self.step}: {self.yes}"


class Taken(models.Model):
    """A request that has already taken effect, so that the same request sent twice takes effect once."""

    key = models.CharField(max_length=64, primary_key=True)  # SHA-256 of the person and the key that they sent
    person_id = models.UUIDField()
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key
