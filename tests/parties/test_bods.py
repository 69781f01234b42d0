"""Reading the Beneficial Ownership Data Standard 0.4: what counts, what is refused, and that nothing hides the rest."""

import io
import json
from datetime import date

import pytest

from clearpath.parties.bods import Party, read
from clearpath.parties.holdings import Holding
from clearpath.parties.ownership import Graph

UNSET = object()


def statement(record: str, kind: str, details: object, *, number: int = 1, **other) -> dict:
    said = {
        "statementId": f"{record}-{number}".ljust(32, "x"),
        "declarationSubject": "clinic",
        "statementDate": f"2026-01-{number:02}",
        "publicationDetails": {"publicationDate": "2026-02-01", "bodsVersion": "0.4", "publisher": {"name": "R"}},
        "recordId": record,
        "recordType": kind,
        "recordStatus": "new" if number == 1 else "updated",
        "recordDetails": details,
    } | other
    return {name: value for name, value in said.items() if value is not UNSET}


def entity(record: str, name: str = "", **other) -> dict:
    details = {"isComponent": False, "entityType": {"type": "registeredEntity"}, "name": name or record}
    return statement(record, "entity", details | other.pop("details", {}), **other)


def person(record: str, name: str = "", **other) -> dict:
    names = [{"type": "legal", "fullName": name or record}]
    details = {"isComponent": False, "personType": "knownPerson", "names": names}
    return statement(record, "person", details | other.pop("details", {}), **other)


def relationship(owner: object, subject: object, *interests: dict, record: str = "", **other) -> dict:
    details = {
        "isComponent": False,
        "subject": subject,
        "interestedParty": owner,
        "interests": list(interests),
    } | other.pop("details", {})
    return statement(record or f"{owner}-in-{subject}", "relationship", details, **other)


def shares(kind: str = "shareholding", direct: str = "direct", **bounds) -> dict:
    stated = {"type": kind, "directOrIndirect": direct, "beneficialOwnershipOrControl": False}
    return stated | ({"share": bounds} if bounds else {})


CAST = [entity("clinic"), entity("holding"), person("ayla"), person("bora")]


def id_of(said: dict) -> str:
    return said["statementId"]


def test_read_gives_parties_and_holdings():
    held = relationship("ayla", "clinic", shares(exact=60))

    reading = read([entity("clinic", "Clinic A"), person("ayla", "Ayla"), held])

    assert reading.parties == {
        "clinic": Party("clinic", "entity", "Clinic A", (), ("clinic",)),
        "ayla": Party("ayla", "person", "Ayla", (), ("ayla",)),
    }
    assert reading.holdings == [Holding("ayla", "clinic", 0.6, 0.6, None, False, True, id_of(held))]
    assert (reading.problems, reading.statements) == ([], 3)


@pytest.mark.parametrize(
    ("interests", "expected"),
    [
        ([shares(exact=25)], (0.25, 0.25, None, False)),
        ([shares(exact=50, minimum=50, maximum=50)], (0.5, 0.5, None, False)),
        ([shares(minimum=25, maximum=50)], (0.5, 0.25, None, False)),
        ([shares(exclusiveMinimum=25, maximum=50)], (0.5, 0.250001, None, False)),
        ([shares(minimum=10, exclusiveMaximum=25)], (0.249999, 0.1, None, False)),
        ([shares(minimum=75)], (1.0, 0.75, None, False)),
        ([shares()], (1.0, 0.0, None, False)),
        ([], (1.0, 0.0, None, False)),
        ([{}], (1.0, 0.0, None, False)),
        ([shares("unpublishedInterest")], (1.0, 0.0, None, False)),
        ([shares(exact=30), shares(exact=25)], (0.55, 0.55, None, False)),
        ([shares(exact=70), shares(exact=60)], (1.0, 1.0, None, False)),
        ([shares(exact=30), shares("rightsToProfitOrIncome", exact=40)], (0.4, 0.4, None, False)),
        ([shares(exact=10), shares("votingRights", exact=60)], (0.1, 0.1, 0.6, False)),
        ([shares("votingRights", minimum=50, maximum=75)], (0.0, 0.0, 0.75, False)),
        ([shares("appointmentOfBoard")], (0.0, 0.0, 0.0, True)),
        ([shares("appointmentOfBoard", exact=75)], (0.0, 0.0, 0.75, False)),
        ([shares("trustee"), shares(exact=5)], (0.05, 0.05, None, True)),
        ([shares("seniorManagingOfficial")], (0.0, 0.0, 0.0, True)),
        ([shares("boardMember")], (0.0, 0.0, 0.0, False)),
    ],
)
def test_interests_become_one_holding(interests, expected):
    [held] = read([*CAST, relationship("ayla", "clinic", *interests)]).holdings

    assert (held.share, held.least, held.votes, held.controls) == tuple(map(pytest.approx, expected))


def test_direct_and_indirect_interests_of_one_statement_stay_apart():
    said = relationship("ayla", "clinic", shares(exact=10), shares(direct="indirect", exact=30))

    assert [(held.share, held.direct) for held in read([*CAST, said]).holdings] == [(0.1, True), (0.3, False)]


def test_the_latest_statement_of_a_record_counts_in_whatever_order_they_come():
    old = relationship("ayla", "clinic", shares(exact=60), number=1)
    new = relationship("ayla", "clinic", shares(exact=20), number=2)

    assert [held.share for held in read([*CAST, new, old]).holdings] == [0.2]
    assert [held.share for held in read([*CAST, old, new]).holdings] == [0.2]


def test_of_two_statements_of_one_day_the_later_in_the_file_counts():
    first = relationship("ayla", "clinic", shares(exact=60), number=1)
    again = relationship("ayla", "clinic", shares(exact=20), number=2, statementDate="2026-01-01")

    assert [held.share for held in read([*CAST, first, again]).holdings] == [0.2]


def test_moments_are_compared_across_time_zones():
    noon = relationship("ayla", "clinic", shares(exact=60), number=1, statementDate="2026-01-01T12:00:00Z")
    before = relationship("ayla", "clinic", shares(exact=20), number=2, statementDate="2026-01-01T13:00:00+03:00")

    assert [held.share for held in read([*CAST, noon, before]).holdings] == [0.6]


def test_a_closed_record_is_over():
    held = relationship("ayla", "clinic", shares(exact=60))
    closed = relationship("ayla", "clinic", shares(exact=60), number=2, recordStatus="closed")

    reading = read([*CAST, held, closed])

    assert (reading.holdings, reading.problems) == ([], [])


@pytest.mark.parametrize(("day", "shares_held"), [("2026-03-01", []), ("2026-02-28", [0.6]), ("2025-12-31", [])])
def test_interests_run_from_their_start_up_to_their_end(day, shares_held):
    said = relationship("ayla", "clinic", shares(exact=60) | {"startDate": "2026-01-01", "endDate": "2026-03-01"})

    reading = read([*CAST, said], on=date.fromisoformat(day))

    assert [held.share for held in reading.holdings] == shares_held


def test_parties_that_name_no_owner_say_why():
    said = relationship({"reason": "subjectExemptFromDisclosure"}, "clinic", record="none")

    reading = read([*CAST, said])

    assert (reading.holdings, reading.undisclosed) == ([], {"clinic": "subjectExemptFromDisclosure"})


def test_equal_names_are_two_persons():
    reading = read(
        [
            entity("clinic"),
            entity("agency"),
            person("p1", "Mehmet Yılmaz"),
            person("p2", "Mehmet Yılmaz"),
            relationship("p1", "clinic", shares(exact=100)),
            relationship("p2", "agency", shares(exact=100)),
        ]
    )

    assert len(reading.parties) == 4
    assert Graph.of(reading.holdings).all_connected(["clinic", "agency"]) == {"clinic": [], "agency": []}


def numbered(scheme: str, number: str) -> dict:
    return {"identifiers": [{"scheme": scheme, "id": number}]}


def test_records_with_the_same_identifier_are_one_party():
    reading = read(
        [
            entity("clinic", details=numbered("TR-MERSIS", "0123")),
            entity("clinic-elsewhere", "Clinic", details=numbered("TR-MERSIS", "0123")),
            entity("agency"),
            person("ayla"),
            relationship("ayla", "clinic", shares(exact=50)),
            relationship("clinic-elsewhere", "agency", shares(exact=60)),
        ]
    )

    assert set(reading.parties) == {"clinic", "agency", "ayla"}
    assert reading.parties["clinic"].records == ("clinic", "clinic-elsewhere")
    assert Graph.of(reading.holdings).integrated("ayla") == {"clinic": 0.5, "agency": pytest.approx(0.3)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (entity("e1", details=numbered("GB-COH", "n/a")), entity("e2", details=numbered("GB-COH", "n/a"))),
        (entity("e1", details=numbered("GB-COH", "000")), entity("e2", details=numbered("GB-COH", "000"))),
        (entity("e1", details=numbered("GB-COH", "7")), entity("e2", details=numbered("DE-CR", "7"))),
        (entity("e1", details=numbered("TR-TAXID", "7")), person("e2", details=numbered("TR-TAXID", "7"))),
    ],
)
def test_numbers_that_tell_nobody_apart_join_nobody(one, other):
    assert set(read([one, other]).parties) == {"e1", "e2"}


def spoiled(**changes) -> dict:
    return relationship("ayla", "clinic", shares(exact=60)) | changes


def with_interest(**changes) -> dict:
    return relationship("ayla", "clinic", shares(exact=60) | changes)


REFUSED = {
    "no id": (spoiled(statementId=None), "statementId", "missing"),
    "id is a number": (spoiled(statementId=7), "statementId", "not_text"),
    "id cannot be printed": (spoiled(statementId="\ud800" * 32), "statementId", "not_text"),
    "older version": (spoiled(statementType="personStatement"), "statement", "older_version"),
    "no record": (spoiled(recordId=None), "recordId", "missing"),
    "empty record": (spoiled(recordId="  "), "recordId", "not_text"),
    "record with a NUL": (spoiled(recordId="a\x00"), "recordId", "not_text"),
    "unknown type": (spoiled(recordType="company"), "recordType", "not_a_code"),
    "type is a list": (spoiled(recordType=["entity"]), "recordType", "not_a_code"),
    "unknown status": (spoiled(recordStatus="deleted"), "recordStatus", "not_a_code"),
    "no date": (spoiled(statementDate=None), "statementDate", "missing"),
    "day that is not": (spoiled(statementDate="2026-02-30"), "statementDate", "not_a_date"),
    "date of another kind": (spoiled(statementDate="20260101"), "statementDate", "not_a_date"),
    "no details": (spoiled(recordDetails=None), "recordDetails", "missing"),
    "details are text": (spoiled(recordDetails="60 %"), "recordDetails", "not_an_object"),
    "no subject": (relationship("ayla", None, record="r"), "recordDetails.subject", "missing"),
    "no owner": (relationship(None, "clinic", record="r"), "recordDetails.interestedParty", "missing"),
    "unknown reason": (
        relationship({"reason": "because"}, "clinic", record="r"),
        "recordDetails.interestedParty.reason",
        "not_a_code",
    ),
    "nobody stated": (relationship("nobody", "clinic"), "recordDetails.interestedParty", "no_such_record"),
    "nothing stated": (relationship("ayla", "nothing"), "recordDetails.subject", "no_such_record"),
    "owned person": (relationship("ayla", "bora"), "recordDetails.subject", "subject_not_an_entity"),
    "other type": (spoiled(recordId="clinic"), "recordType", "record_changed_type"),
    "interests no list": (
        relationship("ayla", "clinic", details={"interests": "all"}),
        "recordDetails.interests",
        "not_a_list",
    ),
    "interest no object": (
        relationship("ayla", "clinic", details={"interests": [60]}),
        "recordDetails.interests[0]",
        "not_an_object",
    ),
    "unknown interest": (with_interest(type="share-holding"), "recordDetails.interests[0].type", "not_a_code"),
    "unknown directness": (
        with_interest(directOrIndirect="perhaps"),
        "recordDetails.interests[0].directOrIndirect",
        "not_a_code",
    ),
    "not yes or no": (
        with_interest(beneficialOwnershipOrControl="yes"),
        "recordDetails.interests[0].beneficialOwnershipOrControl",
        "not_yes_or_no",
    ),
    "share is a number": (with_interest(share=60), "recordDetails.interests[0].share", "not_an_object"),
    "percentage is text": (
        with_interest(share={"exact": "60"}),
        "recordDetails.interests[0].share.exact",
        "not_a_percentage",
    ),
    "more than all": (
        with_interest(share={"exact": 101}),
        "recordDetails.interests[0].share.exact",
        "not_a_percentage",
    ),
    "not a number": (
        with_interest(share={"maximum": float("nan")}),
        "recordDetails.interests[0].share.maximum",
        "not_a_percentage",
    ),
    "bounds of version 0.3": (
        with_interest(share={"minimum": 25, "exclusiveMinimum": True}),
        "recordDetails.interests[0].share.exclusiveMinimum",
        "not_a_percentage",
    ),
    "upside down": (
        with_interest(share={"minimum": 50, "maximum": 25}),
        "recordDetails.interests[0].share",
        "range_upside_down",
    ),
    "outside its range": (
        with_interest(share={"exact": 60, "maximum": 50}),
        "recordDetails.interests[0].share.exact",
        "exact_outside",
    ),
    "ends first": (
        with_interest(startDate="2026-01-02", endDate="2026-01-01"),
        "recordDetails.interests[0].endDate",
        "ends_first",
    ),
    "component with components": (
        relationship("ayla", "clinic", details={"isComponent": True, "componentRecords": ["x"]}),
        "recordDetails.componentRecords",
        "component_with_components",
    ),
    "entity of no type": (entity("new", details={"entityType": None}), "recordDetails.entityType", "missing"),
    "entity of unknown type": (
        entity("new", details={"entityType": {"type": "company"}}),
        "recordDetails.entityType.type",
        "not_a_code",
    ),
    "person of unknown type": (
        person("new", details={"personType": "legal"}),
        "recordDetails.personType",
        "not_a_code",
    ),
    "person without a list of names": (
        person("new", details={"names": "Ayla"}),
        "recordDetails.names",
        "not_a_list",
    ),
    "no object at all": ("ayla owns the clinic", "statement", "not_an_object"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_statement_is_named_and_left_out_and_the_good_ones_stay(case):
    bad, field, code = REFUSED[case]
    good = relationship("bora", "holding", shares(exact=10))

    reading = read([*CAST, bad, good])

    [problem] = reading.problems
    has_id = isinstance(bad, dict) and isinstance(bad["statementId"], str) and bad["statementId"].isprintable()
    assert (problem.statement, problem.field, problem.code) == (id_of(bad) if has_id else "#5", field, code)
    assert reading.refused == [problem.statement]
    assert problem.wrong
    assert problem.right
    assert "{found}" not in str(problem)
    assert "{right}" not in str(problem)
    assert [held.statement for held in reading.holdings] == [id_of(good)]
    assert set(reading.parties) == {"clinic", "holding", "ayla", "bora"}


def test_a_problem_is_said_in_one_sentence_for_what_is_wrong_and_one_for_what_is_right():
    [problem] = read([*CAST, spoiled(recordStatus="deleted")]).problems

    assert str(problem) == (
        "ayla-in-clinic-1xxxxxxxxxxxxxxxx: recordStatus: deleted is not in the standard's list. "
        "One of: closed, new, updated."
    )


def test_a_second_statement_with_the_same_id_is_refused():
    reading = read([*CAST, spoiled(), spoiled(recordId="other")])

    assert [(problem.code, problem.statement) for problem in reading.problems] == [("id_again", id_of(spoiled()))]
    assert [held.share for held in reading.holdings] == [0.6]


def test_a_relationship_with_a_closed_record_is_refused():
    reading = read([*CAST, spoiled(), person("ayla", number=2, recordStatus="closed")])

    assert [problem.code for problem in reading.problems] == ["record_is_closed"]
    assert reading.holdings == []


def test_records_of_earlier_imports_may_be_referred_to():
    reading = read([relationship("ayla", "clinic", shares(exact=5))], known={"ayla": "person", "clinic": "entity"})

    assert [(held.owner, held.party, held.share) for held in reading.holdings] == [("ayla", "clinic", 0.05)]
    assert reading.problems == []


def test_small_problems_are_told_and_the_statement_kept():
    short = spoiled(statementId="short")
    beneficial = relationship("holding", "clinic", shares(exact=10) | {"beneficialOwnershipOrControl": True})

    reading = read([*CAST, short, beneficial])

    assert [(problem.code, problem.kept) for problem in reading.problems] == [
        ("id_length", True),
        ("beneficial_owner_not_a_person", True),
    ]
    assert (len(reading.holdings), reading.refused) == (2, [])


def test_more_than_all_of_a_party_is_told_by_the_last_statement_and_kept():
    one, other = relationship("ayla", "clinic", shares(exact=70)), relationship("bora", "clinic", shares(exact=60))

    reading = read([*CAST, one, other])

    [problem] = reading.problems
    assert (problem.code, problem.statement, problem.kept) == ("over_the_whole", id_of(other), True)
    assert "130 %" in problem.wrong
    assert len(reading.holdings) == 2


@pytest.mark.parametrize(("repeated", "codes"), [((40, 60), []), ((40, 80), ["over_the_whole"])])
def test_two_reports_of_one_stake_are_not_added_up(repeated, codes):
    reports = [
        relationship("ayla", "clinic", shares(exact=share), record=f"r{place}") for place, share in enumerate(repeated)
    ]

    reading = read([*CAST, *reports, relationship("bora", "clinic", shares(exact=35))])

    assert [problem.code for problem in reading.problems] == codes


def test_ranges_that_leave_room_are_not_more_than_all():
    ranges = [relationship(owner, "clinic", shares(minimum=25, maximum=75)) for owner in ("ayla", "bora")]

    assert read([*CAST, *ranges]).problems == []


# Files


def file_of(text: str | bytes) -> io.BytesIO:
    return io.BytesIO(text if isinstance(text, bytes) else text.encode())


GOOD = [*CAST, relationship("ayla", "clinic", shares(exact=60))]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(GOOD),
        json.dumps(GOOD, indent=2),
        "\ufeff \n" + json.dumps(GOOD),
        "\n".join(map(json.dumps, GOOD)),
        "\ufeff" + "\r\n\r\n".join(map(json.dumps, GOOD)) + "\n",
        "[\n" + ",\n".join(map(json.dumps, GOOD)) + "\n]\n",
    ],
)
def test_read_takes_an_array_or_lines(text, tmp_path):
    (tmp_path / "bods.json").write_bytes(text.encode())

    for reading in (read(tmp_path / "bods.json"), read(str(tmp_path / "bods.json")), read(file_of(text))):
        assert [held.share for held in reading.holdings] == [0.6]
        assert (len(reading.parties), reading.problems, reading.statements) == (4, [], 5)


BROKEN = {
    "comma too many": '{"statementId": "broken",, "recordId": "r"}',
    "bracket missing": '{"statementId": "broken", "recordDetails": {"subject": "r"}',
    "quote missing": '{"statementId": "broken, "recordId": "r"}',
    "too deep": '{"statementId": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "number too long": '{"statementId": ' + "9" * 10_000 + "}",
}


@pytest.mark.parametrize("case", BROKEN)
@pytest.mark.parametrize("form", ["lines", "array"])
def test_what_cannot_be_read_hides_nothing_else(case, form):
    parts = [*map(json.dumps, CAST), BROKEN[case], json.dumps(GOOD[-1])]
    text = "\n".join(parts) if form == "lines" else "[" + ",\n".join(parts) + "]"

    reading = read(file_of(text))

    assert [(problem.code, problem.statement) for problem in reading.problems] == [("unreadable", "#5")]
    assert [held.share for held in reading.holdings] == [0.6]


def test_bytes_that_are_no_text_are_told():
    lines = b"\n".join([*(json.dumps(said).encode() for said in GOOD), b'{"statementId": "\xff"}'])

    [problem] = read(file_of(lines)).problems

    assert (problem.statement, problem.code) == ("#6", "unreadable")


def test_an_array_that_is_not_closed_is_told_and_its_items_kept():
    reading = read(file_of(json.dumps(GOOD)[:-1]))

    assert [problem.code for problem in reading.problems] == ["unreadable"]
    assert len(reading.holdings) == 1


def test_a_line_of_megabytes_is_told_and_skipped():
    huge = json.dumps({"statementId": "x" * 3_000_000})
    reading = read(file_of("\n".join([huge, *map(json.dumps, GOOD)])))

    assert [(problem.statement, problem.found) for problem in reading.problems] == [("#1", "longer than a megabyte")]
    assert len(reading.holdings) == 1


@pytest.mark.parametrize("text", ["", "\n\n", "[]", " [ ] "])
def test_an_empty_file_says_nothing(text):
    reading = read(file_of(text))

    assert (reading.parties, reading.holdings, reading.problems, reading.statements) == ({}, [], [], 0)


@pytest.mark.slow
def test_an_array_larger_than_one_chunk_is_read_whole():
    many = [person(f"p{n}", "ü" * 200) for n in range(6_000)]
    reading = read(file_of(json.dumps(many, ensure_ascii=False)))

    assert (len(reading.parties), reading.problems) == (6_000, [])
