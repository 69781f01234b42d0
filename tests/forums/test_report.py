from dataclasses import replace
from datetime import timedelta

import pytest

from clearpath.agreements import steps as agreements
from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound
from clearpath.forums import during_steps, figures, report
from clearpath.forums import steps as forums
from clearpath.forums.connections import Count
from clearpath.turns.models import Seat
from tests.agreements.factories import COMPLETE, first, make_agreement, second
from tests.factories import NOON, make_journey
from tests.forums.during import BEGUN, now_at, organizer_now, party, running

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def held(*organisations, name="Istanbul forum"):
    """A forum that is over, at which the first two met."""
    forum = running((0, 1), organisations=organisations)
    forum.name = name
    forum.save(update_fields=["name"])
    meeting = forum.meetings.get()
    during_steps.rate(forum, meeting, worth_it=True, by=now_at(organisations[0]))
    forums.finish(forum, by=organizer_now(forum))
    forum.refresh_from_db()
    return forum


def signed(provider, facilitator, *, at):
    def then(actor):
        return replace(actor, now=at)

    draft = make_agreement(provider=provider, facilitator=facilitator)
    agreements.propose_terms(draft, text="We work together.", fees=[], by=then(first(draft)), **COMPLETE)
    draft.refresh_from_db()
    agreements.check_fees(draft, by=Actor(role="network", now=at))
    agreements.sign_first(draft, by=then(first(draft)))
    agreements.sign_second(draft, by=then(second(draft)))


def of(forum, measure, *, days):
    return figures.figures_of(forum, at=NOON + days * DAY).measures[measure]


@pytest.fixture
def two(db):
    return party("provider"), party("facilitator")


def test_an_agreement_after_the_meeting_counts_from_the_day_it_is_signed(two):
    forum = held(*two)
    signed(*two, at=NOON + 40 * DAY)

    assert of(forum, "agreement", days=39) == Count(0, 1)
    assert of(forum, "agreement", days=41) == of(forum, "connections", days=41) == Count(1, 1)
    later = figures.figures_of(forum, at=NOON + 100 * DAY).by_horizon["agreement"]
    assert (later[30], later[90], later[180]) == (Count(0, 1), Count(1, 1), Count(0, 0))


def test_an_agreement_from_before_the_meeting_is_none_of_its_fruits(two):
    signed(*two, at=NOON - 10 * DAY)

    assert of(held(*two), "agreement", days=100) == Count(0, 1)


def test_a_journey_counts_from_when_both_sit_there_and_its_patient_is_no_figure_alone(two):
    forum = held(*two)
    journey = make_journey(facilitator=two[1], at=NOON + 5 * DAY)
    assert of(forum, "journey", days=30) == Count(0, 1)
    Seat.objects.create(
        subject=journey, role="provider", position="provider", organisation=two[0], offered_at=NOON,
        held_since=NOON + 20 * DAY,
    )  # fmt: skip

    assert of(forum, "journey", days=19) == Count(0, 1)
    found = figures.figures_of(forum, at=NOON + 21 * DAY)
    assert (found.measures["journey"], found.journeys) == (Count(1, 1), 1)
    assert found.measures["treated"] is None
    assert found.measures["worth_it"] is None  # one delegate's word is theirs


def test_who_met_nobody_is_told_and_trades_have_their_own_figures(two):
    alone = party("agency")
    forum = running((0, 1), organisations=[*two, alone])
    during_steps.rate(forum, forum.meetings.get(), worth_it=True, by=now_at(two[0]))
    signed(*two, at=NOON + DAY)

    found = report.report_for(organizer_now(forum, NOON + 2 * DAY), forum)

    assert found.left_out == (alone.name,)
    assert {each.role: (each.connections, each.delegates) for each in found.trades} == {
        "provider": (1, 1),
        "facilitator": (1, 1),
        "agency": (0, 1),
    }
    keys = [line.key for line in found.lines]
    assert (keys[0], keys[-1]) == ("connections", "attendance")


def test_others_are_told_together_and_only_where_they_are_three(two):
    forum = held(*two)
    for _one in range(2):
        held(party("provider"), party("facilitator"))
    assert not report.report_for(organizer_now(forum), forum).has_others

    held(party("provider"), party("facilitator"))

    found = report.report_for(organizer_now(forum), forum)
    kept = next(line for line in found.lines if line.key == "kept")
    assert (found.has_others, kept.others) == (True, 100)


def test_last_time_is_the_forum_that_this_one_follows_whatever_it_is_called(two):
    before, forum = held(*two, name="A first try"), held(*two)
    assert report.report_for(organizer_now(forum), forum).last_name == ""
    forum.follows = before

    assert report.report_for(organizer_now(forum), forum).last_name == "A first try"


def test_the_report_is_nobody_elses(two):
    forum = held(*two)

    for actor in (now_at(two[0]), replace(organizer_now(held(party(), party())), now=BEGUN)):
        with pytest.raises(NotFound, match="not_your_forum"):
            report.report_for(actor, forum)
