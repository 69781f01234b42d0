"""One picture from many records: in the senders' words, nothing resolved silently, unknown told as unknown."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearpath.records.summary import Source, facts_of, summary_of
from clearpath.records.summary.fields import opened
from clearpath.records.summary.resources import parsed
from clearpath.records.summary.rows import Maker, cleaned
from clearpath.records.summary.storing import from_bytes, to_bytes
from tests.examples import examples

BUNDLES = Path(__file__).parent / "bundles"
SNOMED = "http://snomed.info/sct"
MAKER = Maker(link=lambda ref: f"{ref.origin.title}#{ref.entry}", all_of=lambda section, place: f"{section} {place}")


def coded(code, text="", system=SNOMED):
    return {"coding": [{"system": system, "code": code, "display": text}]}


def bundle(*resources, kind="collection"):
    return json.dumps(
        {"resourceType": "Bundle", "type": kind, "entry": [{"resource": resource} for resource in resources]}
    ).encode()


def source(*resources, title="A", content=None):
    return Source(None, title, content if content is not None else bundle(*resources))


def section(key, *sources):
    return summary_of(sources).section(key)


def names(found):
    return [line.name for line in found.lines]


def condition(code="1", text="Asthma", status="active", **more):
    return {"resourceType": "Condition", "code": coded(code, text), "clinicalStatus": coded(status, system="c"), **more}


def allergy(code="1", text="Penicillin", **more):
    return {
        "resourceType": "AllergyIntolerance",
        "code": coded(code, text),
        "clinicalStatus": coded("active", system="c"),
        **more,
    }


def lab(value, *, at="2026-01-01", unit="mmol/L", code="2345-7", **more):
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": coded(code, "Glucose", "http://loinc.org"),
        "effectiveDateTime": at,
        "valueQuantity": {"value": value, "unit": unit},
        **more,
    }


def test_a_real_summary_in_the_senders_words():
    found = summary_of([source(content=(BUNDLES / "ips_example.json").read_bytes())])

    [(who, _refs)] = found.patients
    assert (who.name, who.birth_date) == ("Martha DeLarosa", "1972-05-01")
    assert [line.name for line in found.section("problems").current] == ["Menopausal flushing (finding)"]
    assert [line.name for line in found.section("problems").past] == ["Malignant tumor of breast"]
    assert names(found.section("allergies")) == ["Substance with penicillin structure (substance)"]
    assert [each.fact.name for each in found.section("allergies").says] == ["No known food allergy (situation)"]
    assert sorted(names(found.section("medicines"))) == [
        "Black Cohosh Extract herbal supplement",
        "Product containing anastrozole (medicinal product)",
    ]


def test_no_information_is_unknown_and_not_none():
    found = summary_of([source(content=(BUNDLES / "no_information.json").read_bytes())])

    for key in ("allergies", "problems", "medicines"):
        assert [each.fact.says for each in found.section(key).says] == ["unknown"], key


@pytest.mark.parametrize(
    ("code", "says", "is_unknown"),
    [("no-allergy-info", "unknown", True), ("no-known-allergies", "none", False), ("716186003", "none", False)],
)
def test_none_known_and_nobody_knows_are_told_apart(code, says, is_unknown):
    found = section("allergies", source(allergy(code, "")))

    assert ([each.fact.says for each in found.says], found.lines, found.is_unknown) == ([says], (), is_unknown)


@pytest.mark.parametrize(("reason", "says"), [("nilknown", "none"), ("notasked", "unknown"), ("withheld", "unknown")])
def test_a_section_says_why_it_is_empty(reason, says):
    composition = {
        "resourceType": "Composition",
        "section": [{"code": coded("48765-2", system="http://loinc.org"), "emptyReason": coded(reason, system="l")}],
    }

    assert [each.fact.says for each in section("allergies", source(composition)).says] == [says]


def past_illness(**more):
    return {
        "resourceType": "Composition",
        "section": [{"title": "Earlier", "code": coded("11348-0", system="http://loinc.org"), **more}],
    }


def test_no_illness_before_does_not_contradict_one_now():
    found = summary_of([source(condition(), past_illness(emptyReason=coded("nilknown", "Nil known", "l")))])

    assert found.contradictions == ()
    assert [(each.fact.name, each.fact.says) for each in found.section("problems").says] == [
        ("Earlier: Nil known", "none")
    ]


def test_what_stands_under_past_illness_is_past_unless_it_is_active():
    def stands(status):
        problem = {**condition(status=status), "id": "1"}
        found = section("problems", source(past_illness(entry=[{"reference": "Condition/1"}]), problem))
        return len(found.current), len(found.past)

    assert (stands(""), stands("active"), stands("resolved")) == ((0, 1), (1, 0), (0, 1))


def test_a_refuted_none_known_says_nothing():
    refuted = allergy("no-known-allergies", "", verificationStatus=coded("refuted", system="v"))

    found = section("allergies", source(refuted))
    assert (found.says, len(found.past)) == ((), 1)


def test_two_ways_of_saying_none_are_both_told():
    found = section("allergies", source(allergy("716186003", "None")), source(allergy("716186003", "No known allergy")))

    assert [each.fact.name for each in found.says] == ["None", "No known allergy"]


def test_what_no_record_speaks_of_is_unknown():
    found = summary_of([source({"resourceType": "Patient"})])

    assert [each.key for each in found.sections if each.is_unknown] == ["allergies", "problems", "medicines"]
    assert "pregnancy" in found.without


@pytest.mark.parametrize("sent", ["1.50", "1.5", "0.10", "7", "100.0", "1e-3", "12345678901234567890.123"])
def test_a_number_keeps_the_precision_it_was_sent_with(sent):
    content = json.dumps({"resourceType": "Bundle", "entry": [{"resource": lab("N")}]}).replace('"N"', sent).encode()

    [line] = section("results", source(content=content)).lines
    assert line.newest.value == f"{sent} mmol/L"


def test_a_text_that_looks_like_a_number_in_json_stays_a_text():
    found = section("problems", source(condition(text='He said "value": 1.50, and left')))

    assert names(found) == ['He said "value": 1.50, and left']


def test_the_same_thing_from_two_records_is_one_statement_with_two_sources():
    found = section("problems", source(condition(), title="A"), source(condition(), title="B"))

    [line] = found.lines
    [statement] = line.statements
    assert [ref.origin.title for ref in statement.refs] == ["A", "B"]
    assert statement.records == 2


def test_newest_value_first_and_each_value_once():
    found = section(
        "results", source(lab(5, at="2025-01-01"), lab(6, at="2026-01-01")), source(lab(6, at="2026-01-01"))
    )

    [line] = found.lines
    assert [each.fact.value for each in line.statements] == ["6 mmol/L", "5 mmol/L"]


@pytest.mark.parametrize(
    ("number", "flag"),
    [(3.0, "below"), (3.5, ""), (5.0, ""), (5.1, ""), (5.2, "above")],
)
def test_out_of_range_is_told_by_the_range_where_the_sender_says_nothing(number, flag):
    range_ = [{"low": {"value": 3.5, "unit": "mmol/L"}, "high": {"value": 5.1, "unit": "mmol/L"}}]

    [line] = section("results", source(lab(number, referenceRange=range_))).lines
    assert (line.newest.flag, line.newest.range) == (flag, "3.5 - 5.1 mmol/L")


def test_a_range_in_another_unit_says_nothing_of_the_value():
    [line] = section("results", source(lab(100, referenceRange=[{"high": {"value": 5, "unit": "mg/dL"}}]))).lines

    assert line.newest.flag == ""


def test_the_senders_word_counts_more_than_the_range():
    range_ = [{"high": {"value": 5, "unit": "mmol/L"}}]

    [line] = section("results", source(lab(9, referenceRange=range_, interpretation=[coded("N", system="v3")]))).lines
    assert line.newest.flag == "N"


def test_a_value_that_is_missing_says_why():
    [line] = section("results", source(lab(None, dataAbsentReason=coded("not-performed", system="d")))).lines

    row = MAKER.section(section("results", source(lab(None, dataAbsentReason=coded("not-performed", system="d")))))
    assert (line.newest.value, line.newest.absent) == ("", "not-performed")
    assert row.lines[0].newest.absent == "not performed"


def test_blood_pressure_stands_in_one_line_with_both_parts():
    found = section("vitals", source(content=(BUNDLES / "all_sections.json").read_bytes()))

    [line] = [each for each in found.lines if each.newest.code == "85354-9"]
    assert [(part.name, part.value) for part in line.newest.parts] == [
        ("Systolic blood pressure", "140 mmHg"),
        ("Diastolic blood pressure", "80 mmHg"),
    ]


def test_references_lead_into_the_bundle_and_into_contained_resources():
    statement = {
        "resourceType": "MedicationStatement",
        "status": "active",
        "medicationReference": {"reference": "#m1"},
        "contained": [{"resourceType": "Medication", "id": "m1", "code": {"text": "Warfarin"}}],
        "dosage": [{"text": "5 mg daily"}],
    }
    request = {"resourceType": "MedicationRequest", "medicationReference": {"reference": "Medication/m2/_history/3"}}
    medicine = {"resourceType": "Medication", "id": "m2", "code": {"coding": [{"display": "Insulin"}]}}

    found = section("medicines", source(statement, request, medicine))

    assert {(line.name, line.newest.value) for line in found.lines} == {("Warfarin", "5 mg daily"), ("Insulin", "")}


def test_what_is_over_stands_apart_unless_it_is_current_elsewhere():
    found = section("problems", source(condition("1", "Flu", "resolved"), condition("2", "Asthma", "active")))

    assert [line.name for line in found.current] == ["Asthma"]
    assert [line.name for line in found.past] == ["Flu"]
    both = section("problems", source(condition("1", "Flu", "resolved")), source(condition("1", "Flu", "active")))
    assert [line.name for line in both.current] == ["Flu"]


def contradictions(*sources):
    return [(each.kind, len(each.sides)) for each in summary_of(sources).contradictions]


def patient(**more):
    return {"resourceType": "Patient", "name": [{"text": "Anna Bell"}], "gender": "female", **more}


def test_active_here_and_resolved_there_is_a_contradiction():
    assert contradictions(source(condition(status="active")), source(condition(status="resolved"))) == [("state", 2)]


def test_two_episodes_in_one_record_are_none():
    one = condition(status="active", onsetDateTime="2026-01-01")
    other = condition(status="resolved", onsetDateTime="2020-01-01")

    assert contradictions(source(one, other)) == []


def test_an_allergy_against_no_known_allergies():
    assert contradictions(source(allergy()), source(allergy("716186003", ""))) == [("none_known", 2)]


def test_no_known_food_allergy_does_not_contradict_an_allergy_to_a_medicine():
    food = source(allergy("429625007", "No known food allergy"))

    assert contradictions(source(allergy(category=["medication"])), food) == []
    assert contradictions(source(allergy(category=["food"])), food) == [("none_known", 2)]


def test_no_information_contradicts_nothing():
    assert contradictions(source(allergy()), source(allergy("no-allergy-info", ""))) == []


def medicine(dose, status="active"):
    return {
        "resourceType": "MedicationStatement",
        "status": status,
        "medicationCodeableConcept": coded("1", "Warfarin"),
        "dosage": [{"text": dose}],
    }


def test_two_doses_of_one_medicine():
    assert contradictions(source(medicine("5 mg")), source(medicine("2 mg"))) == [("dose", 2)]
    assert contradictions(source(medicine("5 mg")), source(medicine("5 mg"))) == []


def blood_group(text):
    return {
        "resourceType": "Observation",
        "code": coded("882-1", "ABO and Rh", "http://loinc.org"),
        "valueCodeableConcept": {"text": text},
    }


def test_two_blood_groups_and_two_dates_of_birth():
    one = source(patient(birthDate="1980-01-02"), blood_group("A Rh positive"))
    other = source(patient(birthDate="1980-02-01"), blood_group("B Rh positive"))

    assert contradictions(one, other) == [("birth_date", 2), ("blood_group", 2)]


def test_a_year_of_birth_agrees_with_a_day_in_it():
    assert contradictions(source(patient(birthDate="1980")), source(patient(birthDate="1980-01-02"))) == []


def test_two_values_at_one_moment_in_two_records():
    moment = "2026-01-01T08:00:00Z"

    assert contradictions(source(lab(5, at=moment)), source(lab(6, at=moment))) == [("value", 2)]


def test_a_trend_is_drawn_and_said_in_words():
    found = section(
        "results", source(*(lab(number, at=f"2026-0{month}-01") for month, number in ((1, 5), (2, 9), (3, 7))))
    )

    [line] = MAKER.section(found).lines
    assert line.chart is not None
    [curve] = line.chart.series
    assert (curve.first, curve.last, curve.least, curve.most) == ("5", "7", "5", "9")
    assert (curve.points.count(","), curve.inside.count("M"), curve.outside) == (3, 3, "")


def test_values_of_one_day_are_drawn_side_by_side_and_end_with_the_newest():
    found = section("results", source(lab(5), lab(9)))

    [line] = MAKER.section(found).lines
    [curve] = line.chart.series
    assert (line.newest.value, curve.last) == ("5 mmol/L", "5")
    assert len({point.split(",")[0] for point in curve.points.split()}) == 2


def test_a_number_without_unit_is_told_without_one():
    [line] = section("results", source(lab(1.1, unit="1"))).lines

    assert line.newest.value == "1.1"


def test_values_in_two_units_are_not_one_curve():
    found = section("results", source(lab(5, at="2026-01-01"), lab(90, at="2026-02-01", unit="mg/dL")))

    [line] = MAKER.section(found).lines
    assert line.chart is None


def test_what_is_cut_says_how_much_more_there_is():
    found = section("problems", source(*(condition(str(number), f"P{number}") for number in range(50))))

    row = MAKER.section(found)
    assert (len(row.lines), row.hidden, row.count, row.url) == (40, 10, 50, "problems None")


def test_names_of_codes_are_told_in_the_readers_language_beside_what_was_sent():
    from django.utils import translation

    found = section("results", source(lab(5)))

    with translation.override("tr"):
        [line] = MAKER.section(found).lines
    assert (line.name, line.also) == ("Glukoz", ("Glucose",))


def test_names_of_problems_and_medicines_are_never_replaced():
    found = section("problems", source(condition("2345-7", "Glucose high")))

    assert [line.name for line in MAKER.section(found).lines] == ["Glucose high"]


def test_the_text_of_a_section_without_entries_is_cleaned():
    html = (
        '<div><h1>Plan</h1><p onclick="x()">Walk <b>daily</b><script>alert(1)</script><img src="http://x/y"></p></div>'
    )
    composition = {
        "resourceType": "Composition",
        "section": [{"title": "Plan", "code": coded("18776-5", system="http://loinc.org"), "text": {"div": html}}],
    }

    row = MAKER.section(section("plan", source(composition)))
    assert [each.html for each in row.told] == ["Plan<p>Walk <b>daily</b></p>"]


def test_cleaning_leaves_no_attribute_at_all():
    assert cleaned(
        '<table style="x" class="y"><tr><td colspan="2">1</td></tr></table><a href="javascript:1">z</a>'
    ) == ("<table><tbody><tr><td>1</td></tr></tbody></table>z")


def test_bundles_inside_a_bundle_are_read_and_counted_through():
    inner = {"resourceType": "Bundle", "entry": [{"resource": condition()}]}

    found = section("problems", source(patient(), inner, condition("2", "Gout")))
    assert {line.name: line.newest.entry for line in found.lines} == {"Asthma": 1, "Gout": 2}


def test_what_is_no_fhir_is_named_as_unread():
    found = summary_of([source(content=b"%PDF-1.7", title="Letter"), source(condition())])

    assert [each.title for each in found.unread] == ["Letter"]
    assert names(found.section("problems")) == ["Asthma"]


@pytest.mark.parametrize("name", ["ips_example", "all_sections", "gravitate_alicia"])
def test_facts_come_back_as_they_were_kept(name):
    facts = facts_of(parsed((BUNDLES / f"{name}.json").read_bytes()))

    assert from_bytes(to_bytes(facts)) == facts


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"\xff\xfe", b"[1]", b"{}", b'{"resourceType": 3}', b"[" * 100_000, b'{"a":1']
)
def test_what_is_no_resource_is_none(content):
    assert parsed(content) is None


def test_references_in_a_circle_end():
    one = {"resourceType": "Medication", "id": "1", "code": {}, "medicationReference": {"reference": "Medication/1"}}
    statement = {"resourceType": "MedicationStatement", "medicationReference": {"reference": "#s"}, "contained": [one]}
    statement["contained"][0]["id"] = "s"

    assert len(section("medicines", source(statement)).lines) == 1


# Whatever JSON: real keys and types in wrong places find more than noise would.
KEYS = st.sampled_from([
    "code", "coding", "text", "display", "system", "resourceType", "entry", "resource", "contained", "value",
    "valueQuantity", "component", "dosage", "dose", "doseAndRate", "timing", "repeat", "period", "start",
    "end", "reference", "section", "emptyReason", "title", "div", "status", "category", "extension", "url",
    "effectiveDateTime", "effectivePeriod", "medicationReference", "medicationCodeableConcept", "reaction",
    "name", "given", "family", "referenceRange", "low", "high", "interpretation", "dataAbsentReason", "note",
    "activity", "detail", "item", "answer", "birthDate", "id",
])  # fmt: skip
TEXTS = st.sampled_from(
    ["Bundle", "Observation", "Condition", "Patient", "Composition", "MedicationStatement", "CarePlan", "2345-7",
     "Medication/1", "#1", "2026-01-01", "2026-13", "NaN", "1e999", "", "\ud800", "<p>", "\x00", "active"]
)  # fmt: skip
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6),
    max_leaves=30,
)


@pytest.mark.slow
@settings(max_examples=examples(300), deadline=None)
@given(st.lists(st.dictionaries(KEYS, ANYTHING, max_size=8), max_size=4), TEXTS)
def test_nothing_raises_for_whatever_was_sent(resources, kind):
    resources = [{"resourceType": kind, **each} for each in resources]
    content = json.dumps({"resourceType": "Bundle", "entry": [{"resource": each} for each in resources]}).encode()

    found = summary_of([Source(None, "A", content), Source(None, "B", content)])

    for each in found.sections:
        row = MAKER.section(each)
        assert len(row.lines) + len(row.past) + row.hidden + row.hidden_past == row.count
    for facts in filter(None, map(parsed, [content])):
        assert from_bytes(to_bytes(facts_of(facts))) == facts_of(facts)
        assert opened(facts, content, 0) is not None
