"""Whether a step that every subject has may be taken now, beyond the charter."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from clearpath.charter.terms import Step, SubjectRules
from clearpath.core.outcomes import Objection
from clearpath.turns.models import Appointment, HandOff, Seat
from clearpath.turns.topics import Topic

WORKS_HERE = Objection(
    "appointee_works_here",
    _("This person works for an organisation of the network, so they cannot act for a patient."),
)
HAND_OFF_LASTS = timedelta(days=3)
LARGEST_DOCUMENT = 10 * 1024 * 1024  # bytes


def roles_in(rules: SubjectRules, position: str) -> tuple[str, ...]:
    """The roles that may take a position; empty when the subject has no such place."""
    if position in rules.positions:
        return tuple(rules.positions[position])
    known = {seat for stage in rules.stages.values() for seat in stage.seats} | set(rules.may_sit)
    return (position,) if position in known else ()


def why_not_pass_on(topic: Topic, *, concerns_me: bool, already: bool, own: Collection[str]) -> Objection | None:
    """A message on the wrong topic is passed on once, by who wrote it or who got it, to somebody else's part."""
    if not concerns_me:
        return Objection("not_your_message", _("This message was neither written by you nor to you."))
    if already:
        return Objection("passed_on_already", _("This message was already handed on."))
    if topic.position in own:
        return Objection("your_own_part", _("This is your own part. You can do it yourself."))
    return None


def why_not_offer_seat(
    rules: SubjectRules, position: str, role: str, own: Collection[str], *, vacant: bool
) -> Objection | None:
    """A seat is offered by who leaves it, or by anybody seated when it is empty."""
    if role not in roles_in(rules, position):
        return Objection("no_such_seat", _("Nobody in that role takes part in this."))
    if not vacant and position not in own and position not in rules.many:
        return Objection("seat_is_taken", _("That seat is taken. Only who sits there can offer it to somebody else."))
    return None


def why_not_answer_seat(seat: Seat) -> Objection | None:
    if seat.ended_at is not None or seat.held_since is not None:
        return Objection("seat_not_offered", _("This seat is no longer offered."))
    return None


def why_not_hand_off(step: Step | None, own: Collection[str], *, waits: bool = False) -> Objection | None:
    """A task is handed to the role whose part it is, never kept and never to the network or to nobody."""
    if step is None or step.by in {"network", "seated"} or step.starts:
        return Objection("nothing_to_hand_off", _("This is nobody's task here, so it cannot be handed over."))
    if step.by in own:
        return Objection("your_own_part", _("This is your own part. Nobody else can do it for you."))
    if waits:
        return Objection("already_handed_over", _("This is handed over already and waits for an answer."))
    return None


def why_not_answer_hand_off(hand_off: HandOff, own: Collection[str], answer: str, *, at: datetime) -> Objection | None:
    if answer not in {"accepted", "declined", "withdrawn"}:
        return Objection("no_such_answer", _("Accept it, decline it or withdraw it."))
    if hand_off.state != HandOff.State.OFFERED or hand_off.lapses_at <= at:
        return Objection("hand_off_not_open", _("This was already answered, or it waited too long."))
    if answer == "withdrawn":
        if hand_off.from_seat.position not in own:
            return Objection("not_your_hand_off", _("Only who offered it can withdraw it."))
    elif hand_off.to_position not in own:
        return Objection("not_handed_to_you", _("This was handed to somebody else."))
    return None


def why_not_appoint(step: Step | None, name: str, role: str, own: Collection[str]) -> Objection | None:
    """Everything can be given to a relative by the patient; one step to a role only as the charter allows."""
    if name == "*":
        if role or "patient" not in own:
            return Objection(
                "cannot_appoint", _("Only the patient can appoint somebody for everything, and only a person.")
            )
        return None
    if step is None or step.by not in own:
        return Objection("cannot_appoint", _("You can only appoint somebody for your own part."))
    if role and role not in step.may_appoint:
        return Objection("cannot_appoint", _("The charter does not let that role do this for you."))
    return None


def why_not_trust(*, is_self: bool, works_here: bool, acts_for_another: bool) -> Objection | None:
    """For everything, only a private person is appointed, and only by the patient in person.

    Whoever works for an organisation of the network would hold a second role beside their own.
    """
    if acts_for_another:
        return Objection("appoint_in_person", _("Only the patient in person can appoint somebody."))
    if is_self:
        return Objection("cannot_appoint", _("You can already do everything here yourself."))
    if works_here:
        return WORKS_HERE
    return None


def why_not_revoke(appointment: Appointment, person: object) -> Objection | None:
    if appointment.revoked_at is not None:
        return Objection("already_revoked", _("This was already taken back."))
    if appointment.by_person_id != person:
        return Objection("not_your_appointment", _("Only who gave it can take it back."))
    return None


def why_not_attach(data_class: str, allowed: Collection[str], size: int) -> Objection | None:
    if data_class not in allowed:
        return Objection("class_not_yours", _("Your role does not handle this kind of data."))
    if size == 0:
        return Objection("empty_file", _("The file is empty. Choose another one."))
    if size > LARGEST_DOCUMENT:
        return Objection("file_too_large", _("The file is larger than 10 MB. Make it smaller or split it."))
    return None
