"""Every way in which something about an offer is refused beyond the charter."""

from datetime import timedelta
from uuid import UUID

import pytest

from clearpath.offers import policies
from clearpath.offers.models import Offer
from tests.factories import NOON

ONE, OTHER = UUID(int=1), UUID(int=2)


def code_of(objection):
    return objection.code if objection else None


@pytest.mark.parametrize(
    ("state", "valid_until", "code"),
    [
        ("sent", NOON + timedelta(seconds=1), None),
        ("sent", NOON, "offer_expired"),
        ("withdrawn", NOON + timedelta(days=1), "offer_not_open"),
        ("superseded", NOON + timedelta(days=1), "offer_not_open"),
        ("accepted", NOON + timedelta(days=1), "offer_not_open"),
    ],
)
def test_why_not_accept(state, valid_until, code):
    assert code_of(policies.why_not_accept(Offer(state=state, valid_until=valid_until), at=NOON)) == code


def test_why_not_accept_revision_of_what_is_no_revision():
    first = Offer(state="sent", valid_until=NOON + timedelta(days=1))
    changed = Offer(state="sent", valid_until=NOON + timedelta(days=1), revises_id=ONE)

    assert code_of(policies.why_not_accept_revision(first, at=NOON)) == "not_a_changed_offer"
    assert policies.why_not_accept_revision(changed, at=NOON) is None


def test_why_not_withdraw_somebody_elses_offer():
    assert code_of(policies.why_not_withdraw(Offer(provider_id=ONE), OTHER)) == "not_your_offer"
    assert policies.why_not_withdraw(Offer(provider_id=ONE), ONE) is None
