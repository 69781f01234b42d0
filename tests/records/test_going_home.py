"""What goes home with a patient is everything, as it was sent, in one document that holds together."""

import base64
import hashlib
import json
import random
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree

import pytest

from clearpath.parties.models import Organisation
from clearpath.records import steps
from clearpath.records.check import check
from clearpath.records.fhir.elements import NOTHING_SAID
from clearpath.records.fhir.facts import Author, Filed, Noted, Organised, Traveller
from clearpath.records.going_home import document_of, document_of_journey, ips_of
from clearpath.records.going_home.parcel import Parcel
from clearpath.records.lines import Device, FollowUp, Medicine, WarningSign
from clearpath.records.models import Note
from tests.factories import NOON
from tests.walk import walk_to

BUNDLES = Path(__file__).parent / "bundles"
RECEIVED = Path(__file__).parents[2].parent / "shared/data/ips"
AYSE = Traveller(UUID(int=7), "Ayşe Yılmaz", date(1970, 1, 2), "TR", "tr")
SURGEON = Author(UUID(int=8), "Dr. Kaya", Organised(UUID(int=9), "City Hospital", "TR", "İzmir"))
NO_INFORMATION = re.compile("no-[a-z]+-info")  # no fact, where another file knows
CLINICAL = {
    "AllergyIntolerance", "Condition", "DeviceUseStatement", "DiagnosticReport", "Flag", "Immunization",
    "MedicationRequest", "MedicationStatement", "Observation", "Procedure",
}  # fmt: skip


def filed(content, title="Summary", *, at=NOON, made_by="City Hospital"):
    digest = hashlib.sha256(content).hexdigest()
    return Filed(UUID(digest[:32]), at, title, "application/fhir+json", len(content), digest, made_by), content


def made_of(*contents, language="en", **facts):
    files = tuple(filed(each, f"File {number}", made_by=f"Hospital {number}") for number, each in enumerate(contents))
    return document_of(Parcel(AYSE, files=files, **facts), language=language, at=NOON)


def bundle_with(*resources):
    patient = {"resourceType": "Patient", "id": "p", "name": [{"text": "Ayse"}], "birthDate": "1970-01-02"}
    entries = [{"fullUrl": f"https://a.example/{each['resourceType']}/{each['id']}", "resource": each}
               for each in (patient, *resources)]  # fmt: skip
    return json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries}).encode()


def resource(kind, key, **elements):
    about = "patient" if kind in ("AllergyIntolerance", "Immunization") else "subject"
    return {"resourceType": kind, "id": key, about: {"reference": "Patient/p"}} | elements


def condition(key="c", text="Asthma", **elements):
    active = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]}
    return resource("Condition", key, code={"text": text}, clinicalStatus=active, **elements)


def resources_of(document, kind):
    found = [each["resource"] for each in json.loads(document.content)["entry"]]
    return [each for each in found if each["resourceType"] == kind]


def section_of(document, code):
    [composition] = resources_of(document, "Composition")
    return next(each for each in composition["section"] if code in json.dumps(each["code"]))


def entries_of(document, code):
    by_name = {each["fullUrl"]: each["resource"] for each in json.loads(document.content)["entry"]}
    return [by_name[each["reference"]] for each in section_of(document, code).get("entry", [])]


def errors_of(document):
    return [each for each in check(document.content, profile="ips") if each.severity == "error"]


# A journey


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_a_discharged_journey_goes_home_as_one_valid_summary(language):
    walk = walk_to("records.hand_over_home")
    steps.add(
        walk.journey,
        content=(BUNDLES / "ips_example.json").read_bytes(),
        title="Summary",
        confirmed=True,
        by=walk.patient,
    )

    document = document_of_journey(walk.journey, language=language, at=NOON)

    assert errors_of(document) == []
    [procedure] = resources_of(document, "Procedure")
    done = Note.objects.get(kind="treatment")
    assert (procedure["code"]["text"], procedure["performedDateTime"]) == (done.text, str(done.happened_on))
    assert "Stitches out" in section_of(document, "8653-8")["text"]["div"]
    assert "Menopausal flushing" in section_of(document, "11450-4")["text"]["div"]
    assert document.content == ips_of(walk.journey, language=language, at=NOON)


@pytest.mark.django_db
def test_implants_medicines_and_what_follows_go_home_as_facts():
    walk = walk_to("records.treat")
    label = "(01)07612367073936(17)300101(10)L4711(21)S99"
    steps.treat(
        walk.journey, text="Total knee replacement\nLeft side", treated_on=walk.patient.now.date(),
        drugs="Cefazolin 2 g", implants=[Device("Knee prosthesis", label)], lane=walk.lane, by=walk.doctor,
    )  # fmt: skip
    steps.discharge(
        walk.journey, discharged_on=walk.patient.now.date(), summary="Went well", lane=walk.lane, by=walk.doctor,
        medicines=[Medicine("Ibuprofen", "400 mg", "3 a day", "7 days")],
        warning_signs=[WarningSign("Fever", "+90 555 0100")], follow_up=[FollowUp("Stitches out", "14")],
    )  # fmt: skip

    document = document_of_journey(walk.journey, language="en", at=NOON)

    assert errors_of(document) == []
    [device], [use] = resources_of(document, "Device")[:1], resources_of(document, "DeviceUseStatement")
    assert (device["lotNumber"], device["serialNumber"], device["expirationDate"]) == ("L4711", "S99", "2030-01-01")
    assert device["udiCarrier"] == [{
        "deviceIdentifier": "07612367073936", "carrierHRF": label, "issuer": "http://hl7.org/fhir/NamingSystem/gs1-di",
    }]  # fmt: skip
    assert use["device"]["reference"] == f"urn:uuid:{device['id']}"
    [medicine] = resources_of(document, "MedicationRequest")
    assert medicine["medicationCodeableConcept"]["text"] == "Ibuprofen"
    assert medicine["dosageInstruction"] == [{"text": "400 mg · 3 a day · 7 days"}]
    [procedure] = resources_of(document, "Procedure")
    assert procedure["code"]["text"] == "Total knee replacement"
    assert "Medicines given: Cefazolin 2 g" in [each["text"] for each in procedure["note"]]
    [plan] = [each for each in resources_of(document, "CarePlan") if "activity" in each]
    assert [each["detail"]["description"] for each in plan["activity"]] == ["Stitches out · 14"]
    assert "Fever" in section_of(document, "8653-8")["text"]["div"]


@pytest.mark.django_db
def test_two_discharges_are_told_in_their_order_and_each_says_when():
    walk = walk_to("money.invoice")
    come_back, again = (replace(walk.doctor, now=NOON + timedelta(days=days)) for days in (3, 5))
    steps.readmit(walk.journey, reason="The wound is red", by=come_back)
    steps.discharge(
        walk.journey, discharged_on=again.now.date(), summary="Wound rinsed", no_medicines=True,
        warning_signs=[WarningSign("Pus", "The hospital")], follow_up=[FollowUp("Wound looked at", "day 3")], by=again,
    )  # fmt: skip

    document = document_of_journey(walk.journey, language="en", at=again.now)

    stay = section_of(document, "8648-8")["text"]["div"]
    told = [stay.index(each) for each in ("Knee replaced", "New knee", "The wound is red", "Wound rinsed")]
    assert told == sorted(told)
    home = re.sub("<[^>]*>|\u2068|\u2069", "", section_of(document, "8653-8")["text"]["div"])
    assert re.search("Warning signs · [^<]*June 1, 2026Fever", home)
    assert re.search("Warning signs · [^<]*June 6, 2026Pus", home)
    plans = [
        each["resource"]
        for each in document.bundle["entry"]
        if each["resource"]["resourceType"] == "CarePlan" and each["resource"]["created"]
    ]
    follow_ups = {each["description"]: each["status"] for each in plans if "activity" in each}
    assert [follow_ups[key] for key in sorted(follow_ups, key=lambda text: "Wound" in text)] == ["revoked", "active"]


@pytest.mark.django_db
def test_a_file_is_listed_by_its_title():
    walk = walk_to("journeys.send_for_review")

    document = document_of_journey(walk.journey, language="en", at=NOON)

    assert '<tr><td><span dir="ltr">Letter</span></td>' in section_of(document, "77599-9")["text"]["div"]


@pytest.mark.django_db
def test_a_journey_on_which_nothing_happened_says_that_nothing_is_known():
    walk = walk_to("records.add")

    document = document_of_journey(walk.journey, language="en", at=NOON)

    assert errors_of(document) == []
    said = [entries_of(document, code)[0] for code in ("11450-4", "48765-2", "10160-0")]
    codes = [(each.get("code") or each["medicationCodeableConcept"])["coding"][0]["code"] for each in said]
    assert codes == ["no-problem-info", "no-allergy-info", "no-medication-info"]
    assert "No information about allergies" in section_of(document, "48765-2")["text"]["div"]


@pytest.mark.django_db
def test_the_document_names_who_wrote_it_and_who_only_put_it_together():
    walk = walk_to("records.hand_over_home")

    document = document_of_journey(walk.journey, language="en", at=NOON)

    [composition] = resources_of(document, "Composition")
    [role] = resources_of(document, "PractitionerRole")
    assert composition["author"][0]["reference"] == f"urn:uuid:{role['id']}"
    assert composition["custodian"]["display"] == Organisation.objects.get(pk=walk.provider.organisation_id).name
    assert "attester" not in composition  # nobody has signed the whole
    agents = [agent["type"]["coding"][0]["code"] for each in resources_of(document, "Provenance")
              for agent in each["agent"]]  # fmt: skip
    assert set(agents) == {"author", "assembler"}


# What was received


def test_a_decimal_keeps_every_digit_that_it_was_sent_with():
    content = bundle_with(
        resource("Observation", "o", status="final", code={"text": "INR"}, valueQuantity={"value": 0})
    ).replace(b'"value": 0', b'"value": 1.50')

    document = made_of(content)

    assert b'"value":1.50' in document.content
    assert [line.details for section in document.sections for line in section.lines if line.name == "INR"] == [
        ("1.50",)
    ]


def test_the_same_fact_of_two_files_stands_once_and_names_both():
    document = made_of(bundle_with(condition("a")), bundle_with(condition("b"), condition("c", "Gout")))

    assert [each["code"]["text"] for each in entries_of(document, "11450-4")] == ["Asthma", "Gout"]
    assert [line.source for line in document.sections[0].lines] == ["Hospital 0; Hospital 1", "Hospital 1"]
    origins = [each for each in resources_of(document, "Provenance") if "entity" in each]
    asthma = f"urn:uuid:{entries_of(document, '11450-4')[0]['id']}"
    assert [asthma in json.dumps(each["target"]) for each in origins] == [True, True]


def test_two_equal_facts_of_one_file_stay_two():
    document = made_of(bundle_with(condition("a"), condition("b")))

    assert len(entries_of(document, "11450-4")) == 2


def test_contradicting_facts_stand_beside_each_other_with_their_sources():
    allergic = resource("AllergyIntolerance", "a", code={"text": "Penicillin"}, criticality="high")
    none_known = {"system": NOTHING_SAID, "code": "no-known-allergies"}
    none = resource("AllergyIntolerance", "n", code={"coding": [none_known]})

    document = made_of(bundle_with(allergic), bundle_with(none))

    [allergies] = [each for each in document.sections if each.code == "48765-2"]
    assert [(each.name, each.source) for each in allergies.lines] == [
        ("Penicillin", "Hospital 0"),
        ("No known allergies", "Hospital 1"),
    ]
    assert errors_of(document) == []


def test_a_file_that_says_there_are_none_is_believed_and_named():
    composition = resource(
        "Composition", "x", status="final", type={"text": "Summary"}, date="2026-01-01", title="S",
        author=[{"display": "A"}],
        section=[{"title": "Allergies", "code": {"coding": [{"system": "http://loinc.org", "code": "48765-2"}]},
                  "emptyReason": {"coding": [{"code": "nilknown"}]}}],
    )  # fmt: skip

    document = made_of(bundle_with(composition))

    [said] = entries_of(document, "48765-2")
    assert said["code"]["coding"][0]["code"] == "no-known-allergies"
    assert [each.source for each in document.sections[1].lines] == ["Hospital 0"]


def test_a_section_that_was_only_told_in_words_is_carried_in_those_words():
    composition = resource(
        "Composition", "x",
        section=[{"title": "Allergies", "code": {"coding": [{"code": "48765-2"}]},
                  "text": {"status": "additional", "div": "<div>Reacts to <b>strawberries</b></div>"}}],
    )  # fmt: skip

    document = made_of(bundle_with(composition))

    [told] = entries_of(document, "48765-2")
    assert base64.b64decode(told["content"][0]["attachment"]["data"]) == b"Reacts to strawberries"
    assert "Reacts to strawberries" in section_of(document, "48765-2")["text"]["div"]


def test_a_fact_that_breaks_a_rule_stands_whole_as_a_document_and_is_named():
    broken = resource("MedicationStatement", "m", status="as-needed", medicationCodeableConcept={"text": "Ibuprofen"})

    document = made_of(bundle_with(broken))

    [stands] = entries_of(document, "10160-0")
    sent = json.loads(base64.b64decode(stands["content"][0]["attachment"]["data"]))
    assert (stands["resourceType"], sent["status"]) == ("DocumentReference", "as-needed")
    assert "Ibuprofen" in section_of(document, "10160-0")["text"]["div"]
    assert "Ibuprofen" in section_of(document, "Not carried over")["text"]["div"]
    assert errors_of(document) == []


def test_a_medicine_that_must_not_be_given_never_reads_as_one_to_give():
    forbidden = resource("MedicationRequest", "m", status="active", intent="order", doNotPerform=True,
                         medicationCodeableConcept={"text": "Aspirin"})  # fmt: skip

    document = made_of(bundle_with(forbidden))

    assert resources_of(document, "MedicationRequest") == []
    [medicines] = [each for each in document.sections if each.code == "10160-0"]
    assert "NOT to be given" in medicines.lines[0].details


def test_what_is_about_somebody_else_is_left_out_and_told():
    mother = {"resourceType": "Patient", "id": "q", "name": [{"text": "Fatma"}]}
    hers = condition("h", "Diabetes") | {"subject": {"reference": "Patient/q"}}

    document = made_of(bundle_with(condition(), mother, hers))

    assert b"Diabetes" not in document.content
    assert [(each.what, each.why) for each in document.left_out] == [("Condition", "about somebody else")]


def test_what_the_sender_took_back_is_left_out_and_told():
    mistake = {"coding": [{"code": "entered-in-error"}]}

    document = made_of(bundle_with(resource("Condition", "c", code={"text": "Cancer"}, verificationStatus=mistake)))

    assert [(each.what, each.why) for each in document.left_out] == [
        ("Cancer", "taken back by the sender as a mistake")
    ]


def test_a_reference_finds_what_it_named_under_the_new_name():
    medicine = {"resourceType": "Medication", "id": "x", "code": {"text": "Metformin"}}
    taken = resource("MedicationStatement", "m", status="active", medicationReference={"reference": "Medication/x"})

    document = made_of(bundle_with(medicine, taken))

    [statement], [medication] = resources_of(document, "MedicationStatement"), resources_of(document, "Medication")
    assert statement["medicationReference"]["reference"] == f"urn:uuid:{medication['id']}"
    assert statement["_effectiveDateTime"]["extension"][0]["valueCode"] == "unknown"
    assert document.sections[2].lines[0].name == "Metformin"


def test_words_of_others_cannot_become_markup_or_end_the_document():
    hostile = "</td><script>alert(1)</script> & ]]> \x00\x1b \ud800"

    document = made_of(json.dumps(json.loads(bundle_with(condition(text=hostile)))).encode())

    div = ElementTree.fromstring(section_of(document, "11450-4")["text"]["div"])
    assert "<script>alert(1)</script>" in "".join(div.itertext())
    assert errors_of(document) == []


@pytest.mark.parametrize("content", [b"", b"not json", b"[1]", b'{"resourceType": 1}', b"[" * 100_000])
def test_a_file_that_is_no_fhir_is_listed_and_nothing_breaks(content):
    document = made_of(content)

    assert errors_of(document) == []
    assert [line.name for section in document.sections if section.code == "77599-9" for line in section.lines]


def test_the_same_parcel_makes_the_same_bytes():
    content = (BUNDLES / "ips_example.json").read_bytes()

    assert made_of(content).content == made_of(content).content


# Its language


def test_the_narrative_is_in_the_patients_language_and_runs_its_way():
    document = made_of((BUNDLES / "ips_example.json").read_bytes(), language="ar")

    div = ElementTree.fromstring(section_of(document, "11450-4")["text"]["div"])
    xml_lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert (div.get("lang"), div.get(xml_lang), div.get("dir")) == ("ar", "ar", "rtl")
    assert section_of(document, "11450-4")["title"] == "المشكلات الصحية"
    directions = {each.text: each.get("dir") for each in div.iter() if each.text}
    assert (directions["Menopausal flushing (finding)"], directions["Hospital 0"]) == ("ltr", "ltr")


def test_a_language_that_we_do_not_speak_becomes_english():
    document = made_of(language="xx")

    [composition] = resources_of(document, "Composition")
    assert (composition["language"], document.sections[0].title) == ("en", "Problems")


# What doctors wrote


def test_the_newest_author_signs_and_older_words_keep_their_own():
    old = Noted(
        UUID(int=1),
        NOON - timedelta(days=9),
        replace(SURGEON, id=UUID(int=3), name="Dr. Ege"),
        "Second opinion",
        "Wait.",
    )
    new = Noted(UUID(int=2), NOON, SURGEON, "Second opinion", "Operate.")

    document = made_of(notes=(old, new))

    [composition] = resources_of(document, "Composition")
    assert composition["author"][0]["display"] == "Dr. Kaya"
    div = section_of(document, "51848-0")["text"]["div"]
    assert re.search("Dr. Ege.*Wait.*Dr. Kaya.*Operate", div)


# Every bundle that vendors really sent


@pytest.mark.slow
@pytest.mark.skipif(not RECEIVED.is_dir(), reason="the received bundles are not here")
@pytest.mark.parametrize("file", sorted(RECEIVED.glob("*.json")), ids=lambda file: file.stem)
def test_every_received_bundle_goes_home_valid_and_whole(file):
    content = file.read_bytes()

    documents = [made_of(content, language=language) for language in ("en", "tr", "ar")]

    assert [errors_of(each) for each in documents] == [[], [], []]
    assert missing_from(documents[0], content) == []


def missing_from(document, content):
    """The codes, values and doses of clinical facts in a received bundle that the document lacks."""
    attached = [base64.b64decode(each["content"][0]["attachment"].get("data", "")).decode("utf-8", "replace")
                for each in resources_of(document, "DocumentReference")]  # fmt: skip
    there = json.loads(document.content, parse_float=Decimal)
    held = [json.loads(each, parse_float=Decimal) for each in attached if each.startswith("{")]
    facts = {fact for each in (there, *held) for fact in facts_in(each)}
    sent = json.loads(content.decode("utf-8-sig"), parse_float=Decimal)
    resources = [each["resource"] for each in sent["entry"] if each.get("resource", {}).get("resourceType") in CLINICAL]
    said = [each for each in resources if "entered-in-error" not in str(each)]
    return [
        fact
        for each in said
        for fact in facts_in(without(each, *NO_FACTS))
        if fact not in facts and not NO_INFORMATION.fullmatch(fact[1])
    ]


NO_FACTS = ("meta", "text", "clinicalStatus", "verificationStatus")


def without(resource, *elements):
    return {name: each for name, each in resource.items() if name not in elements}


def facts_in(value):
    """Every coding and every quantity, with all their digits."""
    if isinstance(value, list):
        for each in value:
            yield from facts_in(each)
    elif isinstance(value, dict):
        if "code" in value and "system" in value and isinstance(value["code"], str):
            yield (value["system"], value["code"])
        if isinstance(value.get("value"), Decimal):
            yield ("digits", str(value["value"]))
        for each in value.values():
            yield from facts_in(each)


# Damaged bundles

JUNK = [None, 1, "", [], {}, [None], True, {"reference": 5}, [[]], {"coding": [None]}, "urn:uuid:x", "Patient/z", [{}]]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_no_damage_to_a_received_bundle_breaks_the_document(seed):
    rng = random.Random(seed)
    bundle = json.loads((BUNDLES / rng.choice(["ips_example.json", "gravitate_alicia.json"])).read_bytes())
    for _ in range(rng.randint(1, 6)):
        damage(bundle, rng)

    document = made_of(json.dumps(bundle).encode(), language=rng.choice(["en", "ar"]))

    assert errors_of(document) == []


def damage(value, rng):
    """Goes down some way and puts something else in place of what is there, or takes it away."""
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))
        if not keys:
            return
        key = rng.choice(keys)
        if isinstance(value[key], dict | list) and rng.random() < 0.8:
            value = value[key]
            continue
        if rng.random() < 0.3:
            del value[key]
        else:
            value[key] = rng.choice(JUNK)
        return
