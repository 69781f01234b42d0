"""The steward sees which agencies drift, and why; nobody else, and never what was written."""

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from clearpath.core.outcomes import NotFound, NotYourPart
from clearpath.marketing import drift, steps
from clearpath.turns import steps as turns
from tests.factories import NOON, actor_at, make_organisation, steward
from tests.marketing.factories import agency_of, client_of, make_campaign, make_lead
from tests.marketing.test_pages import sign_in


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Reach her at +965 5550 9876.", ["phone"]),
        ("0532 555 98 76", ["phone"]),
        ("Budget 12 000 EUR for 2026-05-04", []),
        ("write to layla@example.org", ["email"]),
        ("Please send me the patient's number", ["asking"]),
        ("Bana hastanın numarasını yollayın", ["asking"]),
        ("أرسل لي رقم الهاتف", ["asking"]),
        ("The picture is ready for approval.", []),
        ("WhatsApp me: +90 532 555 98 76 or a@b.co", ["phone", "email", "asking"]),
    ],
)
def test_what_an_agency_has_no_use_for_is_found_in_a_text(text, kinds):
    assert drift.kinds_in(text) == kinds


@given(st.text(max_size=300))
def test_no_text_breaks_the_search(text):
    assert set(drift.kinds_in(text)) <= set(drift.KINDS)


@pytest.mark.django_db
def test_the_steward_sees_attempts_and_messages_of_one_agency_and_nothing_of_another(client):
    keeper = steward()
    campaign, other = make_campaign(), make_campaign()
    agency = agency_of(campaign)
    lead = make_lead(campaign)
    with pytest.raises(NotYourPart):
        steps.take_lead(lead, by=agency)
    with pytest.raises(NotYourPart):
        steps.accept_campaign(campaign, by=agency)
    turns.write(campaign, topic="client", text="Canary says: call me at +965 5550 9876", by=agency)
    turns.write(campaign, topic="agency", text="Her number is +965 5550 9876", by=client_of(campaign))
    turns.write(other, topic="client", text="The text is ready.", by=agency_of(other))

    [row] = drift.drifting_for(keeper)

    assert row.organisation_id == campaign.agency_id
    assert sorted(sign.kind for sign in row.signs) == ["attempt", "attempt", "phone"]
    sign_in(client, keeper)
    with time_machine.travel(NOON, tick=False):
        page = client.get(reverse("marketing:drift")).content.decode()
    assert row.name in page
    assert "Canary" not in page
    assert "5550" not in page


@pytest.mark.django_db
def test_nobody_but_the_steward_opens_the_page(client):
    for role in ("agency", "provider", "facilitator", "doctor", "organizer"):
        actor = actor_at(make_organisation(role), role)
        with pytest.raises(NotFound):
            drift.drifting_for(actor)
        sign_in(client, actor)
        assert client.get(reverse("marketing:drift")).status_code == 404
