"""The steps that every subject has: seats, hand-offs, appointments, messages, documents."""

import hashlib
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.charter.terms import SubjectRules
from clearpath.core.outcomes import Objection, Refused, refuse_if
from clearpath.trust import vault
from clearpath.turns import charters, policies, stand
from clearpath.turns.hooks import hooks, why_not_sit
from clearpath.turns.models import Appointment, Document, HandOff, Lane, Message, Seat
from clearpath.turns.step import remember, step, tell_also
from clearpath.turns.subject import Subject
from clearpath.turns.topics import Topic, topics_of

LONGEST_MESSAGE = 10_000  # characters


def rules_of(subject: Subject) -> SubjectRules:
    """The charter's rules of this subject, in the version that it keeps."""
    return charters.rules_of(subject.charter, subject.kind)


def own_positions(subject: Subject, by: Actor) -> set[str]:
    """The positions and roles in which the actor sits there."""
    seats = [seat for seat in stand.seats_of(subject) if stand.sits(seat, by)]
    return {seat.position for seat in seats} | {seat.role for seat in seats}


@step("turns.offer_seat")
def offer_seat(
    subject: Subject,
    *,
    position: str,
    role: str,
    organisation_id: UUID | None,
    person_id: UUID | None = None,
    lane: Lane | None = None,
    by: Actor,
) -> Seat:
    """Offer a place on the subject to an organisation or a person; it is theirs once they accept.

    Refused: no_such_seat, seat_is_taken, and what the network objects to (lapsed evidence, separations).
    """
    held = Seat.objects.filter(subject=subject, position=position, lane=lane, held_since__isnull=False, ended_at=None)
    own = own_positions(subject, by)
    refuse_if(policies.why_not_offer_seat(rules_of(subject), position, role, own, vacant=not held.exists()))
    refuse_if(why_not_sit(organisation_id, person_id, role, subject, by.now))
    remember(position=position, role=role, organisation=str(organisation_id or ""), person=str(person_id or ""))
    return Seat.objects.create(
        subject_id=subject.pk,
        lane=lane,
        position=position,
        role=role,
        organisation_id=organisation_id,
        person_id=person_id,
        offered_at=by.now,
        offered_by=by.person_id,
    )


@step("turns.accept_seat")
def accept_seat(subject: Subject, seat: Seat, *, by: Actor) -> Seat:
    """Take the seat that was offered; who sat there before leaves it.

    Refused: seat_not_offered, not_offered_to_you, and what the network objects to by now.
    """
    refuse_if(policies.why_not_answer_seat(seat))
    _refuse_unless_offered_to(seat, by)
    refuse_if(why_not_sit(seat.organisation_id, seat.person_id, seat.role, subject, by.now))
    if seat.position not in rules_of(subject).many:
        former = Seat.objects.filter(
            subject_id=subject.pk, position=seat.position, lane=seat.lane, held_since__isnull=False, ended_at=None
        )
        seat.after = former.first()
        former.update(ended_at=by.now, why_ended="handed_on")
    seat.held_since = by.now
    seat.save(update_fields=["held_since", "after"])
    return seat


@step("turns.decline_seat")
def decline_seat(subject: Subject, seat: Seat, *, reason: str, by: Actor) -> Seat:
    """Decline the seat that was offered, with a reason. Refused: seat_not_offered, not_offered_to_you."""
    refuse_if(policies.why_not_answer_seat(seat))
    _refuse_unless_offered_to(seat, by)
    seat.ended_at, seat.why_ended = by.now, reason[:200] or "declined"
    seat.save(update_fields=["ended_at", "why_ended"])
    return seat


def _refuse_unless_offered_to(seat: Seat, by: Actor) -> None:
    if not stand.offered_to(seat, by):
        raise Refused(Objection("not_offered_to_you", _("This seat was offered to somebody else.")))


@step("turns.hand_off")
def hand_off(subject: Subject, *, task: str, note: str = "", lane: Lane | None = None, by: Actor) -> HandOff:
    """Hand a step to the role whose part it is. Refused: nothing_to_hand_off, your_own_part."""
    rule = rules_of(subject).steps.get(task)
    own = [seat for seat in stand.seats_of(subject) if stand.sits(seat, by)]
    waits = HandOff.objects.filter(
        subject_id=subject.pk, step=task, lane=lane, state=HandOff.State.OFFERED, lapses_at__gt=by.now
    ).exists()
    refuse_if(
        policies.why_not_hand_off(rule, {seat.position for seat in own} | {seat.role for seat in own}, waits=waits)
    )
    assert rule is not None  # noqa: S101 - the policy refuses it
    tell_also(rule.by)
    remember(task=task, to=rule.by)
    return HandOff.objects.create(
        subject_id=subject.pk,
        lane=lane,
        step=task,
        from_seat=own[0],
        to_position=rule.by,
        note=note,
        offered_at=by.now,
        lapses_at=by.now + policies.HAND_OFF_LASTS,
    )


@step("turns.answer_hand_off")
def answer_hand_off(subject: Subject, hand_off: HandOff, *, answer: str, reason: str = "", by: Actor) -> HandOff:
    """Accept, decline (with a reason) or withdraw a hand-off.

    Refused: hand_off_not_open, not_handed_to_you, not_your_hand_off, reason_needed.
    """
    refuse_if(policies.why_not_answer_hand_off(hand_off, own_positions(subject, by), answer, at=by.now))
    if answer == "declined" and not reason.strip():
        raise Refused(Objection("reason_needed", _("Say in a sentence why, so that the other one can go on.")))
    hand_off.state = HandOff.State(answer)
    hand_off.why_declined = reason.strip()[:300] if answer == "declined" else ""
    hand_off.answered_at = by.now
    hand_off.save(update_fields=["state", "why_declined", "answered_at"])
    tell_also(hand_off.from_seat.position)
    remember(task=hand_off.step, answer=answer)
    return hand_off


@step("turns.appoint")
def appoint(
    subject: Subject, *, task: str = "*", person_id: UUID | None = None, role: str = "", wording: str, by: Actor
) -> Appointment:
    """Let a relative do everything, or a role named by the charter one step, in writing.

    Refused: cannot_appoint.
    """
    rule = rules_of(subject).steps.get(task)
    refuse_if(policies.why_not_appoint(rule, task, role, own_positions(subject, by)))
    acts_for_another = by.for_person_id is not None
    refuse_if(
        policies.why_not_trust(
            is_self=person_id == by.person_id,
            works_here=person_id is not None and hooks.works_somewhere(person_id),
            acts_for_another=acts_for_another,
        )
    )
    remember(task=task, person=str(person_id or ""), role=role, wording=wording)
    return Appointment.objects.create(
        subject_id=subject.pk,
        by_person_id=by.stands_for or by.somebody,
        step=task,
        person_id=person_id,
        role=role,
        wording=wording,
        given_at=by.now,
    )


@step("turns.revoke")
def revoke(subject: Subject, appointment: Appointment, *, by: Actor) -> Appointment:
    """Take an appointment back, at once. Refused: already_revoked, not_your_appointment."""
    refuse_if(policies.why_not_revoke(appointment, by.stands_for))
    appointment.revoked_at = by.now
    appointment.save(update_fields=["revoked_at"])
    return appointment


@step("turns.write")
def write(
    subject: Subject,
    *,
    topic: str,
    text: str = "",
    reply_to: Message | None = None,
    passes_on: Message | None = None,
    lane: Lane | None = None,
    by: Actor,
) -> Message:
    """Write to the seat whose part the topic is; an answer goes back to who asked.

    `passes_on` is a message that was on the wrong topic: its words go to whose part `topic` is, and an answer to
    them goes back to who wrote them.
    Refused: message_too_long, no_such_topic, nobody_sits_there, not_your_message, passed_on_already, your_own_part.
    """
    if len(text) > LONGEST_MESSAGE:
        raise Refused(
            Objection("message_too_long", _("The message is too long. Send it in parts, or attach a document."))
        )
    seats = stand.seats_of(subject)
    positions = sorted({seat.position for seat in seats})
    found = topics_of(subject.kind, positions).get(topic)
    if found is None:
        raise Refused(Objection("no_such_topic", _("Choose what your message is about.")))
    own = [seat for seat in seats if stand.sits(seat, by)]
    lane_id = lane.pk if lane else next((seat.lane_id for seat in own if seat.lane_id), None)
    if reply_to is not None and reply_to.passes_on is not None:
        reply_to = reply_to.passes_on
    if passes_on is not None:
        _refuse_to_pass_on(passes_on, found, own, by)
        text = passes_on.text or ""
    if reply_to is not None:
        lane_id = lane_id or reply_to.lane_id
        candidates = [seat for seat in seats if seat.held_since and _wrote(seat, reply_to)]
    else:
        to = "patient" if found.position in {seat.position for seat in own} else found.position
        candidates = [seat for seat in seats if seat.held_since and seat.position == to]
    here = [seat for seat in candidates if seat.lane_id in {None, lane_id}] or (candidates if lane_id is None else [])
    if not here:
        raise Refused(Objection("nobody_sits_there", _("Nobody has this part yet. Write to your facilitator.")))
    seat = here[0]
    tell_also(seat.position)
    return Message.objects.create(
        subject_id=subject.pk,
        lane_id=seat.lane_id or lane_id,
        topic=topic,
        data_class=found.data_class,
        author_id=by.somebody,
        author_role=by.role,
        author_organisation_id=by.organisation_id,
        to_seat=seat,
        text=text,
        passes_on=passes_on,
        written_at=by.now,
    )


def _refuse_to_pass_on(message: Message, topic: Topic, own: list[Seat], by: Actor) -> None:
    concerns_me = message.author_id == by.person_id or message.to_seat_id in {seat.pk for seat in own}
    already = Message.objects.filter(passes_on=message).exists()
    positions = {seat.position for seat in own}
    refuse_if(policies.why_not_pass_on(topic, concerns_me=concerns_me, already=already, own=positions))


def _wrote(seat: Seat, message: Message) -> bool:
    if message.author_organisation_id is None:
        return seat.role == message.author_role and seat.organisation_id is None
    return seat.organisation_id == message.author_organisation_id and seat.role == message.author_role


@step("turns.attach")
def attach(
    subject: Subject,
    *,
    title: str,
    data_class: str,
    media_type: str,
    content: bytes,
    lane: Lane | None = None,
    by: Actor,
) -> Document:
    """Attach a file, kept exactly as received and sealed. Refused: class_not_yours, empty_file, file_too_large."""
    charter = charters.charter(subject.charter)
    allowed = [name for name, sight in charter.data.items() if sight.get(by.role) in {"own", "seat", "consent"}]
    refuse_if(policies.why_not_attach(data_class, allowed, len(content)))
    document = Document(
        subject_id=subject.pk,
        lane=lane,
        data_class=data_class,
        title=title,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        author_id=by.somebody,
        author_organisation_id=by.organisation_id,
        attached_at=by.now,
    )
    document.sealed = vault.seal(content, about=document.pk)
    document.save(force_insert=True)
    remember(sha256=document.sha256, data_class=data_class)
    return document
