"""Ties: found from statements, declared by the parties, told to everybody whom they touch."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from clearpath import jobs
from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.offers import steps as offers
from clearpath.offers.models import Interest
from clearpath.parties import connections, queries, statements, steps
from clearpath.parties import ties as network_ties
from clearpath.parties.models import Organisation, OwnershipStatement, Tie
from clearpath.trust import log
from clearpath.turns.models import Notice, Seat
from tests.factories import NOON, actor_at, make_organisation, steward
from tests.parties.statements import company, entity, holds, kept, person, registered
from tests.walk import choose, walk_to

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(days=1)


def refresh(at=NOON):
    return network_ties.refresh_ties(at)


def told(organisation, role=""):
    """The steps of which the seats on an organisation's file were told by the network, in order."""
    found = Notice.objects.filter(seat__subject=organisation, step__startswith="parties.tie")
    return list((found.filter(seat__role=role) if role else found).order_by("pk").values_list("step", flat=True))


def run_jobs(now=NOON):
    while jobs.run_due(now=now, strict=True):
        pass


# What is found


def test_a_common_owner_is_found_by_register_numbers(tmp_path):
    hospital, guide = registered("provider", "DE"), registered("facilitator", "AE")
    kept(
        tmp_path, company("isar", hospital, "DE-CR"), company("compass", guide, "AE-DMCC"), entity("oak", "Oakmoor"),
        holds("oak", "isar", 60), holds("oak", "compass", 55),
    )  # fmt: skip

    changes = refresh()

    [tie] = changes.found
    assert (tie.kind, tie.share_bps, tie.declared_at, tie.found_at) == ("common_owner", 5500, None, NOON)
    assert {tie.first_id, tie.second_id} == {hospital.pk, guide.pk}
    assert sorted(tie.path) == sorted([["Oakmoor", hospital.name, 0.6], ["Oakmoor", guide.name, 0.55]])
    assert queries.connected_to(hospital.pk, at_share=0.25) == {guide.pk}
    assert queries.connected_to(hospital.pk, at_share=0.56) == set()


def test_nobody_is_recognised_by_name(tmp_path):
    hospital, guide = registered("provider"), registered("facilitator")
    kept(
        tmp_path, entity("h", hospital.name), entity("g", guide.name), company("other", hospital, "DE-CR"),
        holds("h", "g", 100), holds("other", "g", 100),
    )  # fmt: skip

    assert (refresh().found, Tie.objects.count()) == ([], 0)


def test_a_record_is_linked_by_hand(tmp_path):
    hospital, guide = make_organisation("provider"), make_organisation("facilitator")
    said = [entity("h"), entity("g"), holds("h", "g", 30)]
    kept(tmp_path, *said, links={"h": hospital.pk, "g": guide.pk})

    [tie] = refresh().found

    assert (tie.first, tie.second, tie.kind, tie.share_bps) == (hospital, guide, "ownership", 3000)
    with pytest.raises(statements.UnknownRecordError):
        kept(tmp_path, *said, links={"nobody": hospital.pk})


def test_a_number_in_two_lists_is_nobodys_until_the_list_is_named(tmp_path):
    hospital, guide = registered("provider", "GB", "00123456"), registered("facilitator", "GB", "GB-COH-777777")
    kept(
        tmp_path, company("firm", hospital, "GB-COH"), company("charity", hospital, "GB-CHC", "123456"),
        company("g", scheme="GB-COH", number="777777"), company("not g", scheme="GB-CHC", number="777777"),
        holds("firm", "g", 40), holds("charity", "not g", 90),
    )  # fmt: skip

    first = refresh()
    Organisation.objects.filter(pk=hospital.pk).update(register_number="GB-COH-00123456")
    second = refresh()

    assert first.found == []
    assert [(each.organisation, each.schemes) for each in first.ambiguous] == [(hospital.name, ("GB-CHC", "GB-COH"))]
    assert [(tie.first_id, tie.second_id, tie.share_bps) for tie in second.found] == [(hospital.pk, guide.pk, 4000)]


def test_the_smallest_share_is_a_tie_and_does_not_count_as_one(tmp_path):
    hospital, doctor = registered("provider"), registered("doctor")
    kept(tmp_path, company("h", hospital), company("d", doctor), holds("d", "h", 0.5))

    [tie] = refresh().found

    assert (tie.first_id, tie.share_bps) == (doctor.pk, 50)
    assert queries.connected_to(hospital.pk, at_share=0.25) == set()


def test_two_reasons_are_two_ties_and_the_weaker_hides_nothing(tmp_path):
    hospital, guide = registered("provider"), registered("facilitator")
    kept(
        tmp_path, company("h", hospital), company("g", guide), person("owner"),
        holds("h", "g", 5), holds("owner", "h", 60), holds("owner", "g", 50),
    )  # fmt: skip

    found = {(tie.kind, tie.share_bps) for tie in refresh().found}

    assert found == {("ownership", 500), ("common_owner", 5300)}
    assert queries.connected_to(hospital.pk, at_share=0.25) == {guide.pk}


def test_a_majority_of_votes_is_control_and_fewer_votes_are_a_tie_like_shares(tmp_path):
    hospital, guide, doctor = registered("provider"), registered("facilitator"), registered("doctor")
    votes = {"type": "votingRights", "directOrIndirect": "direct", "share": {"exact": 60}}
    fewer = votes | {"share": {"exact": 30}}
    said = [company("h", hospital), company("g", guide), company("d", doctor)]
    for owner, owned, interest in (("h", "g", votes), ("d", "h", fewer)):
        holding = holds(owner, owned, 1)
        holding["recordDetails"]["interests"] = [interest]
        said.append(holding)
    kept(tmp_path, *said)

    kinds = {(tie.first_id, tie.second_id): tie.kind for tie in refresh().found}

    assert kinds[hospital.pk, guide.pk] == "control"
    assert kinds[doctor.pk, hospital.pk] == "ownership"


def test_to_look_again_changes_nothing(tmp_path):
    hospital, guide = registered("provider"), registered("facilitator")
    kept(tmp_path, company("h", hospital), company("g", guide), holds("h", "g", 100))
    refresh()
    before = (Tie.objects.count(), Notice.objects.count(), log.entries_of(hospital.pk).count())

    again = refresh(LATER)

    assert (again.found, again.declared, again.ended, again.subjects) == ([], [], [], set())
    assert before == (Tie.objects.count(), Notice.objects.count(), log.entries_of(hospital.pk).count())


def test_a_tie_ends_with_its_statement_and_a_new_share_is_a_new_tie(tmp_path):
    hospital, guide = registered("provider"), registered("facilitator")
    kept(tmp_path, company("h", hospital), company("g", guide), holds("h", "g", 100))
    [first] = refresh().found
    kept(tmp_path, holds("h", "g", 40, number=2))
    changed = refresh(LATER)
    kept(tmp_path, holds("h", "g", 40, number=3, recordStatus="closed"))
    over = refresh(LATER + timedelta(days=1))

    first.refresh_from_db()
    assert (first.ended_at, changed.ended, [tie.share_bps for tie in changed.found]) == (LATER, [first], [4000])
    assert ([tie.share_bps for tie in over.ended], over.found) == ([4000], [])
    assert told(hospital, "steward") == [
        "parties.tie_found", "parties.tie_ended", "parties.tie_found", "parties.tie_ended"
    ]  # fmt: skip


def test_both_sides_and_the_steward_are_told_and_the_log_says_so(tmp_path):
    hospital, guide = registered("provider"), registered("facilitator")
    kept(tmp_path, company("h", hospital), company("g", guide), holds("h", "g", 100))

    [tie] = refresh().found

    for organisation, role in ((hospital, "provider"), (guide, "facilitator")):
        assert told(organisation, role) == ["parties.tie_found"]
        assert told(organisation, "steward") == ["parties.tie_found"]
        entry = log.entries_of(organisation.pk).last()
        assert (entry.step, entry.about_id, entry.role) == ("parties.tie_found", tie.pk, "network")
    assert log.verify().problem_count == 0


def test_a_statement_that_comes_while_the_network_looks_is_seen(tmp_path, monkeypatch):
    hospital, guide = registered("provider"), registered("facilitator")
    kept(tmp_path, company("h", hospital), company("g", guide))
    look = network_ties._look
    late = [holds("h", "g", 30)]

    def slow(at):
        seen = look(at)
        if late:
            kept(tmp_path, late.pop())
        return seen

    monkeypatch.setattr(network_ties, "_look", slow)

    assert [tie.share_bps for tie in refresh().found] == [3000]


# What is declared


def test_what_both_declare_is_declared_though_neither_knows_the_other(tmp_path):
    hospital, guide = make_organisation("provider"), make_organisation("facilitator")
    owner = {"what": "owner", "name": "Oakmoor Holding", "country": "ch", "register_number": "CHE-112.233.445"}
    steps.declare_ownership(hospital, **owner, share=Decimal("0.6"), by=actor_at(hospital, "provider"))
    run_jobs()
    assert not Tie.objects.exists()

    steps.declare_ownership(guide, **owner, share=Decimal("0.55"), by=actor_at(guide, "facilitator"))
    run_jobs()

    tie = Tie.objects.get()
    assert (tie.kind, tie.share_bps) == ("common_owner", 5500)
    assert tie.declared_at is not None
    assert told(hospital, "steward") == ["parties.tie_declared"]


def test_a_tie_that_one_side_hid_is_found_and_not_declared(tmp_path):
    hospital, guide = registered("provider"), registered("facilitator", "CH", "CHE-999.999.999")
    steps.declare_ownership(
        hospital, what="owner", name="Oakmoor", country="CH", register_number="CHE-112.233.445",
        share=Decimal("0.6"), by=actor_at(hospital, "provider"),
    )  # fmt: skip
    kept(
        tmp_path, company("g", guide, "CH-FDJP"), company("oak", scheme="CH-FDJP", number="CHE112233445"),
        holds("oak", "g", 55),
    )  # fmt: skip

    [tie] = refresh().found

    assert (tie.share_bps, tie.declared_at) == (5500, None)


def test_a_found_tie_becomes_declared_once_it_is_told_and_stays_the_same_tie(tmp_path):
    hospital, guide = registered("provider"), registered("facilitator")
    kept(tmp_path, company("h", hospital), company("g", guide), holds("h", "g", 80))
    [tie] = refresh().found

    steps.declare_ownership(
        hospital, what="owned", other_id=guide.pk, share=Decimal("0.1"), by=actor_at(hospital, "provider")
    )
    too_little = refresh(LATER)
    steps.declare_ownership(
        hospital, what="owned", other_id=guide.pk, share=Decimal("0.8"), by=actor_at(hospital, "provider")
    )
    enough = refresh(LATER)

    assert (too_little.declared, enough.declared) == ([], [tie])
    tie.refresh_from_db()
    assert (tie.declared_at, tie.ended_at) == (LATER, None)


def test_what_is_declared_again_replaces_what_was_and_can_end():
    hospital, guide = make_organisation("provider"), make_organisation("facilitator")
    by = actor_at(hospital, "provider")

    def declare(**words):
        steps.declare_ownership(hospital, what="owned", other_id=guide.pk, by=by, **words)
        refresh()
        return list(Tie.objects.filter(ended_at=None).values_list("share_bps", flat=True))

    assert declare(share=Decimal("0.8")) == [8000]
    assert declare(share=Decimal("0.3")) == [3000]
    assert declare() == [10000]  # how much is not known, which counts in full
    assert declare(ended=True) == []


def test_a_declaration_replaces_no_statement_of_a_register(tmp_path):
    hospital, guide = registered("provider"), registered("facilitator")
    said = [company("h", hospital), company("g", guide), holds("h", "g", 100)]
    kept(tmp_path, *said)
    closed = [*said[:2], holds("h", "g", 100, number=2, recordStatus="closed")]
    file = json.dumps([each | {"declarationSubject": "h"} for each in closed]).encode()

    steps.declare_ownership(hospital, what="file", file=file, by=actor_at(hospital, "provider"))

    assert [tie.share_bps for tie in refresh().found] == [10000]


def test_a_file_is_declared_whole_or_not_at_all():
    hospital, guide = registered("provider"), registered("facilitator")
    good = [company("h", hospital), company("g", guide), holds("h", "g", 100)]
    good = [each | {"declarationSubject": "h"} for each in good]
    by = actor_at(hospital, "provider")

    bad = json.dumps([*good, holds("h", "nobody", 3)]).encode()
    with pytest.raises(Refused, match="statements_refused"):
        steps.declare_ownership(hospital, what="file", file=bad, by=by)
    with pytest.raises(Refused, match="statements_refused"):
        steps.declare_ownership(hospital, what="file", file=b"no statement", by=by)
    assert not OwnershipStatement.objects.exists()

    steps.declare_ownership(hospital, what="file", file=json.dumps(good).encode(), by=by)
    [tie] = refresh().declared
    assert (tie.first_id, tie.second_id) == (hospital.pk, guide.pk)
    assert set(OwnershipStatement.objects.values_list("declared_by", flat=True)) == {hospital.pk}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"what": "gossip"}, "nothing_declared"),
        ({"what": "owner"}, "nobody_named"),
        ({"what": "family", "name": "Aunt"}, "not_on_the_network"),
        ({"what": "owner", "name": "Oak", "share": Decimal("1.1")}, "share_not_a_part"),
        ({"what": "owner", "name": "Oak", "share": Decimal(0)}, "share_not_a_part"),
        ({"what": "file", "file": b"[]"}, "not_about_you"),
    ],
)
def test_a_declaration_that_says_too_little_is_refused(words, code):
    hospital = make_organisation("provider")

    with pytest.raises(Refused, match=code):
        steps.declare_ownership(hospital, **words, by=actor_at(hospital, "provider"))

    assert not OwnershipStatement.objects.exists()
    assert log.entries_of(hospital.pk).last().decision == "refused"


def test_a_tie_with_oneself_is_refused():
    hospital = make_organisation("provider")
    with pytest.raises(Refused, match="tie_with_oneself"):
        steps.declare_ownership(hospital, what="family", other_id=hospital.pk, by=actor_at(hospital, "provider"))


def test_only_who_works_there_declares():
    hospital, guide = make_organisation("provider"), make_organisation("facilitator")
    for stranger in (actor_at(guide, "facilitator"), steward()):
        with pytest.raises(NotYourPart):
            steps.declare_ownership(hospital, what="nothing", by=stranger)


def test_family_and_payment_are_declared_ended_and_told():
    hospital, guide = make_organisation("provider"), make_organisation("facilitator")
    by = actor_at(guide, "facilitator")
    steps.declare_ownership(guide, what="family", other_id=hospital.pk, by=by)
    steps.declare_ownership(guide, what="family", other_id=hospital.pk, by=by)
    run_jobs()
    tie = Tie.objects.get()
    refresh(LATER)
    assert (tie.kind, tie.declared_at, Tie.objects.get().ended_at) == ("family", NOON, None)

    steps.declare_ownership(guide, what="family", other_id=hospital.pk, ended=True, by=replace(by, now=LATER))
    run_jobs(LATER)

    tie.refresh_from_db()
    assert tie.ended_at == LATER
    assert told(hospital) == ["parties.tie_declared"] * 2 + ["parties.tie_ended"] * 2
    with pytest.raises(Refused, match="no_such_tie"):
        steps.declare_ownership(guide, what="payment", other_id=hospital.pk, ended=True, by=by)


# What follows for roles and seats


def test_two_roles_kept_apart_are_refused_to_one_party():
    with pytest.raises(Refused, match="roles_kept_apart"):
        make_organisation("agency", "facilitator")


def test_two_roles_kept_apart_are_refused_to_connected_parties(tmp_path):
    agency = registered("agency")
    guide = registered("facilitator", verified=False)
    kept(tmp_path, company("a", agency), company("g", guide), holds("a", "g", 25))
    refresh()

    with pytest.raises(Refused, match="roles_kept_apart"):
        steps.verify(guide, by=steward())

    kept(tmp_path, holds("a", "g", 24.9, number=2))
    refresh()
    steps.verify(guide, by=steward())
    guide.refresh_from_db()
    assert guide.stage == "verified"


def test_an_applicant_is_recognised_by_the_number_that_it_gives(tmp_path):
    agency = registered("agency")
    kept(tmp_path, company("a", agency), company("g", number="424242"), holds("a", "g", 100))
    person_of_guide = replace(actor_at(agency, "agency"), role="facilitator", organisation_id=None)

    steps.apply(name="Guide", country="TR", roles=["facilitator"], register_number="424242", by=person_of_guide)
    run_jobs()

    assert Tie.objects.get().second.name == "Guide"


def test_connected_parties_kept_apart_get_no_new_seat(tmp_path):
    agency, guide = registered("agency"), registered("facilitator")
    journey = walk_to("journeys.send_for_review").journey
    assert queries.why_not_seat(guide.pk, "facilitator", journey, NOON) is None

    kept(tmp_path, company("a", agency), company("g", guide), holds("a", "g", 51))
    refresh()

    assert queries.why_not_seat(guide.pk, "facilitator", journey, NOON).code == "roles_kept_apart"


def test_connected_parties_that_must_be_told_are_told_to_the_patient(tmp_path):
    hospital, guide = registered("provider"), registered("facilitator")
    kept(tmp_path, company("h", hospital), company("g", guide), holds("h", "g", 100))
    refresh()

    walk = walk_to("offers.acknowledge_interests", provider=hospital, facilitator=guide)

    lines = set(Interest.objects.filter(disclosure__journey=walk.journey).values_list("kind", "first", "detail"))
    assert ("ownership", hospital.pk, "") in lines
    assert ("roles", guide.pk, "facilitator provider") in lines
    assert ("roles", hospital.pk, "provider facilitator") in lines


# A declaration that turns out untrue


def test_a_tie_found_later_reopens_what_was_told_and_tells_patient_and_steward(tmp_path):
    hospital, guide = registered("provider"), registered("facilitator")
    for organisation, role in ((hospital, "provider"), (guide, "facilitator")):
        steps.declare_ownership(organisation, what="nothing", by=actor_at(organisation, role))
    walk = walk_to("offers.accept", provider=hospital, facilitator=guide)
    other = walk_to("offers.accept")
    assert {"interests_disclosed", "interests_acknowledged"} <= walk.facts() & other.facts()
    kept(
        tmp_path, company("h", hospital), company("g", guide), entity("oak"), holds("oak", "h", 60),
        holds("oak", "g", 55),
    )  # fmt: skip

    changes = refresh()
    run_jobs()

    assert changes.subjects == {walk.journey.pk}
    assert "interests_acknowledged" not in walk.facts()
    assert "interests_disclosed" in walk.facts()  # told anew
    assert {"interests_disclosed", "interests_acknowledged"} <= other.facts()
    with pytest.raises(NotYourPart):
        choose(walk)
    patient = Notice.objects.filter(seat__subject=walk.journey, seat__role="patient")
    assert patient.filter(step="offers.reopen_interests").count() == 1
    for organisation in (hospital, guide):
        assert told(organisation, "steward") == ["parties.tie_found"]
    newest = Interest.objects.filter(disclosure__journey=walk.journey).latest("pk").disclosure
    assert newest.interests.filter(kind="common_owner", share_bps=5500).exists()
    offers.acknowledge_interests(walk.journey, by=walk.patient)
    choose(walk)


def test_a_small_tie_reopens_only_where_both_sit_and_a_large_one_where_either_does(tmp_path):
    hospital, guide = registered("provider"), registered("facilitator")
    with_hospital = walk_to("offers.accept", provider=hospital)
    with_guide = walk_to("offers.accept", facilitator=guide)
    kept(tmp_path, company("h", hospital), company("g", guide), holds("h", "g", 10))
    assert refresh().subjects == set()

    kept(tmp_path, holds("h", "g", 90, number=2))
    assert refresh(LATER).subjects == {with_hospital.journey.pk, with_guide.journey.pk}
    run_jobs(LATER)

    for walk, organisation in ((with_hospital, hospital), (with_guide, guide)):
        assert "interests_acknowledged" not in walk.facts()
        newest = Interest.objects.filter(disclosure__journey=walk.journey).latest("pk").disclosure
        assert newest.interests.filter(kind="roles", first=organisation).exists()


def test_a_closed_journey_is_left_alone(tmp_path):
    hospital, guide = registered("provider"), registered("facilitator")
    walk = walk_to("journeys.open", provider=hospital, facilitator=guide)
    Seat.objects.filter(subject=walk.journey, role="facilitator").update(ended_at=NOON)
    kept(tmp_path, company("h", hospital), company("g", guide), holds("h", "g", 100))

    assert refresh().subjects == set()


# With whom somebody is connected


def test_connected_names_everybody_with_share_and_path(tmp_path):
    hospital, guide = registered("provider"), registered("facilitator")
    kept(
        tmp_path, company("h", hospital), company("g", guide), entity("mid", "Middle"), entity("lab", "Lab"),
        person("p", "Ayla"), person("q", "Bora"),
        holds("p", "mid", 80), holds("mid", "h", 50), holds("mid", "g", 40), holds("h", "lab", 30), holds("q", "h", 5),
    )  # fmt: skip

    found = connections.connected(connections.asked_for(hospital.name), at_share=0.25, now=NOON)

    assert {(each.name, each.by, round(each.share, 6)) for each in found} == {
        ("Middle", "ownership", 0.5), ("Ayla", "ownership", 0.4), ("Lab", "ownership", 0.3),
        (guide.name, "common_owner", 0.4),
    }  # fmt: skip
    [ayla] = [each for each in found if each.name == "Ayla"]
    assert ayla.path == (("Ayla", "Middle", 0.8), ("Middle", hospital.name, 0.5))


def test_connected_is_asked_by_record_or_by_a_name_that_one_party_has(tmp_path):
    kept(tmp_path, entity("one", "Twin"), entity("two", "Twin"), entity("three", "Single"), holds("one", "three", 70))

    by_record = connections.connected(connections.asked_for("one"), at_share=0.25, now=NOON)
    by_name = connections.connected(connections.asked_for("single"), at_share=0.25, now=NOON)

    assert [(each.name, each.record) for each in by_record] == [("Single", "three")]
    assert [each.record for each in by_name] == ["one"]
    with pytest.raises(connections.UnclearError) as unclear:
        connections.asked_for("Twin")
    assert unclear.value.records == ["one", "two"]
    with pytest.raises(connections.UnclearError):
        connections.asked_for("Nobody")
