"""Who sees what of clinical records, and that whoever looks is noted."""

import pytest

from clearpath.core.outcomes import NotFound
from clearpath.journeys import steps as journeys
from clearpath.journeys.models import Consent
from clearpath.records import queries, steps
from clearpath.records.models import Record
from clearpath.trust import log
from tests.factories import actor_at, make_organisation
from tests.walk import PDF, consent_to, opine, walk_to

pytestmark = pytest.mark.django_db


def reads(walk):
    return [(entry.step, entry.person_id) for entry in log.reads_of(walk.journey.pk)]


def kinds(written):
    return [each.kind for each in written]


def test_record_for_hands_out_the_very_bytes_and_notes_who_looked():
    walk = walk_to("offers.make")
    record = Record.objects.get()

    opened = queries.record_for(walk.doctor, record.pk)

    assert (opened.content, opened.row.title) == (PDF, "Letter")
    assert reads(walk) == [("records.open_record", walk.doctor.person_id)]


def test_record_for_needs_the_consent_that_is_in_force():
    walk = walk_to("offers.make")
    record = Record.objects.get()
    for stranger in (walk.facilitator, walk.provider, actor_at(make_organisation("agency"), "agency")):
        with pytest.raises(NotFound, match="no_such_record"):
            queries.record_for(stranger, record.pk)
    consent = Consent.objects.get(recipient_key=walk.doctor.organisation_id, data_class="clinical")

    journeys.withdraw_consent(walk.journey, consent, by=walk.patient)

    with pytest.raises(NotFound, match="no_such_record"):
        queries.record_for(walk.doctor, record.pk)
    assert reads(walk) == []


def test_headlines_tell_no_content_and_only_who_may_read_it():
    walk = walk_to("offers.present")

    assert kinds(queries.headlines_for(walk.doctor, walk.journey)) == ["opinion"]
    assert [each.parts for each in queries.headlines_for(walk.doctor, walk.journey)] == [()]
    assert queries.headlines_for(walk.facilitator, walk.journey) == []
    assert queries.headlines_for(walk.provider, walk.journey) == []
    consent_to(walk, walk.facilitator.organisation_id, "clinical")
    assert kinds(queries.headlines_for(walk.facilitator, walk.journey)) == ["opinion"]


def test_file_for_notes_each_reading_and_the_patients_own_eyes_need_none():
    walk = walk_to("offers.present")

    [opinion] = queries.file_for(walk.doctor, walk.journey)
    [own] = queries.own_file_for(walk.patient, walk.journey)

    assert [str(part.text) for part in opinion.parts] == [str(part.text) for part in own.parts]
    assert "Replace the knee" in [part.text for part in opinion.parts]
    assert reads(walk) == [("records.read_file", walk.doctor.person_id)]
    assert queries.file_for(walk.facilitator, walk.journey) == []
    assert len(reads(walk)) == 1


def test_a_doctor_does_not_see_what_another_lane_wrote():
    walk = walk_to("records.give_opinion", lanes=2)
    opine(walk)
    _provider, other = walk.others[0]

    assert queries.headlines_for(other, walk.journey) == []
    steps.ask_question(walk.journey, text="Which pills?", by=other)
    assert kinds(queries.headlines_for(other, walk.journey)) == ["question"]
    assert kinds(queries.headlines_for(walk.doctor, walk.journey)) == ["opinion"]


def test_the_days_of_flying_are_for_who_plans_the_travel_and_their_text_is_medicine():
    walk = walk_to("travel.send_home")

    assert queries.flight_days_for(walk.facilitator, walk.journey) is not None
    assert "fit_to_fly" not in kinds(queries.headlines_for(walk.facilitator, walk.journey))
    assert queries.flight_days_for(walk.doctor, walk.journey) is None
    assert "fit_to_fly" in kinds(queries.headlines_for(walk.doctor, walk.journey))


@pytest.mark.parametrize("count", [1, 3])
def test_record_rows_take_the_same_queries_for_any_number(count, django_assert_num_queries):
    walk = walk_to("records.add")
    for number in range(count):
        steps.add(walk.journey, content=PDF + bytes([number]), by=walk.patient)

    with django_assert_num_queries(2):  # the charter in force, the records
        rows = queries.record_rows_for(walk.patient, walk.journey)

    assert len(rows) == count
