"""The running forum is repaired: worked out, asked of whom it moves, published."""

from dataclasses import replace
from datetime import datetime

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.forums import policies, queries, repairs
from clearpath.forums.guest_mail import tell_guests
from clearpath.forums.models import Delegate, Forum, Move, Plan
from clearpath.forums.repairs import Trouble
from clearpath.turns.step import remember, step, tell_also


@step("forums.repair_agendas")
def repair_agendas(forum: Forum, trouble: Trouble, *, reason: str, by: Actor) -> Plan:
    """Work out what changes when people are away or tables cannot be used, and ask whom it moves. Nothing moves yet.

    Who has said no to an earlier repair of this forum is not moved. What has been stays: a beginning that has passed
    means now.
    Without trouble it is for those who registered since.
    Refused: reason_needed, nobody_called_so, no_such_slot, nothing_happened.
    """
    refuse_if(
        policies.why_not_repair_agendas(
            reason=reason,
            all_known=repairs.delegates_among(forum, trouble.away),
            is_slot=trouble.from_at in queries.times_of(forum),
        )
    )
    trouble = replace(trouble, from_at=max(trouble.from_at, by.now))
    plan = repairs.plan_repair(forum, trouble, reason.strip(), at=by.now)
    refuse_if(policies.why_not_keep_repair(happened=bool(trouble.away or trouble.broken) or repairs.changes(plan)))
    tell_also(*{each.delegate.role for each in plan.moves.select_related("delegate")})
    remember(away=[str(key) for key in trouble.away], from_at=trouble.from_at, reason=reason, plan=str(plan.pk))
    return plan


@step("forums.answer_move")
def answer_move(forum: Forum, move: Move, *, answer: str, by: Actor) -> Move:
    """Say `yes` or `no` to a change of one's own agenda, while it is not out.

    Refused: not_your_agenda, move_is_over, no_such_answer.
    """
    move = note_move(forum, queries.delegate_of(forum, by), move, answer, at=by.now)
    tell_also("organizer")
    remember(move=str(move.pk), answer=answer)
    return move


def note_move(forum: Forum, me: Delegate | None, move: Move, answer: str, *, at: datetime) -> Move:
    """The same, whoever carries it."""
    refuse_if(
        policies.why_not_answer_move(
            answer, is_mine=me is not None and move.delegate_id == me.pk, is_over=repairs.to_apply(forum) != move.plan
        )
    )
    move.says, move.answered_at = answer, at
    move.save(update_fields=["says", "answered_at"])
    return move


@step("forums.apply_repair")
def apply_repair(forum: Forum, *, by: Actor) -> Plan:
    """Give out the repaired agendas.

    Refused: no_repair, said_no, waits_for_answer, agendas_changed.
    """
    plan = repairs.to_apply(forum)
    refuse_if(repairs.why_not_apply(plan, at=by.now))
    assert plan is not None  # noqa: S101 - refused above
    tell_guests(plan, repairs.write(plan, at=by.now))
    remember(plan=str(plan.pk), moved=plan.score)
    return plan
