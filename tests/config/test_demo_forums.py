from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from clearpath.config.demo.forums import last_forum, next_forum
from clearpath.config.demo.load import Network, _found, _organisation
from clearpath.forums.models import Forum, Held, Meeting, NextStep
from clearpath.forums.report import report_for
from tests.factories import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_the_demo_has_a_forum_of_before_of_which_something_became_and_one_that_follows_it():
    network = Network(NOON)
    begun = NOON - timedelta(days=200)
    _found(network, begun)
    for name, row in network.plan["organisations"].items():
        _organisation(network, name, row, begun)

    key = last_forum(network)
    next_forum(network, NOON - timedelta(days=20), follows=key)

    before, after = Forum.objects.order_by("begins_at")
    assert (before.pk, before.stage, after.follows, after.stage) == (key, "over", before, "published")
    opens, closes = (
        at.astimezone(ZoneInfo(after.time_zone)).strftime("%d %H:%M") for at in (after.begins_at, after.ends_at)
    )
    assert (opens.split()[1], closes.split()[1]) == ("09:00", "17:00")
    assert opens.split()[0] == closes.split()[0]
    guests = set(after.delegates.filter(organisation=None))
    assert len(guests) == 2
    assert Meeting.objects.filter(forum=after, begins_at__isnull=False, first__in=guests, second__in=guests).exists()
    told = report_for(network.actor("meridian", NOON), before)
    assert told.agreements == 2
    assert NextStep.objects.exclude(done_at=None).count() == 3
    assert told.left_out  # and so is said in the report
    lines = {line.key: line for line in told.lines}
    for measure in ("connections", "agreement", "next_step", "kept"):
        share, least, most = lines[measure].share, lines[measure].least, lines[measure].most
        assert None not in {share, least, most}
        assert 0 < least <= share <= most
    assert lines["treated"].count is None  # too few, or none
    missed = set(Held.objects.filter(forum=before, state="missed").values_list("meeting", flat=True))
    assert len(missed) == 1
    assert Meeting.objects.filter(forum=before, begins_at__isnull=False).exclude(held=None).count() > len(missed)
