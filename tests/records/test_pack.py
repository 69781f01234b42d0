"""What a patient takes home: complete, or it is said what is missing, and nobody is handed half of it."""

from dataclasses import replace

import pytest

from clearpath.core.outcomes import Refused
from clearpath.records import queries, steps
from clearpath.records.lines import Device, FollowUp, Medicine, WarningSign
from clearpath.records.models import Discharge, Implant, Note
from clearpath.records.pack import OPERATION, Pack, missing_in_pack
from clearpath.records.treated import pack_of
from clearpath.trust import log
from tests.walk import OPERATION as DONE
from tests.walk import PAPERS, TODAY, TREATED_ON, walk_to

WHOLE = Pack(
    operation=dict.fromkeys(OPERATION, "none"),
    implants_stated=True,
    summary="s",
    medicines=(Medicine("Paracetamol", "1 g", "daily"),),
    warning_signs=(WarningSign("Fever", "The hospital"),),
    follow_up=(FollowUp("Stitches", "day 14"),),
    images="none",
    letter="l",
)


def keys(pack):
    return [each.key for each in missing_in_pack(pack)]


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({}, []),
        ({"operation": None}, ["operation"]),
        ({"operation": WHOLE.operation | {"closure": " "}}, ["operation-closure"]),
        ({"operation": {}}, [f"operation-{key}" for key in OPERATION]),
        ({"implants_stated": False}, ["implants"]),
        ({"summary": ""}, ["summary"]),
        ({"medicines": ()}, ["medicines"]),
        ({"medicines": (), "no_medicines": True}, []),
        ({"medicines": (Medicine("Paracetamol", "1 g"),)}, ["doses"]),
        ({"warning_signs": ()}, ["warning_signs"]),
        ({"warning_signs": (WarningSign("Fever"),)}, ["whom_to_call"]),
        ({"follow_up": ()}, ["follow_up"]),
        ({"follow_up": (FollowUp("Stitches"),)}, ["follow_up_days"]),
        ({"images": ""}, ["images"]),
        ({"letter": ""}, ["letter"]),
        ({"letter": "", "added": {"letter": "Dear colleague"}}, []),
        ({"letter": "", "added": {"letter": " "}}, ["letter"]),
    ],
)
def test_missing_in_pack(change, missing):
    assert keys(replace(WHOLE, **change)) == missing


def test_what_is_missing_is_named_in_words():
    pack = replace(WHOLE, medicines=(Medicine("Paracetamol", "1 g"), Medicine("Iron", "1", "daily")), operation=None)

    assert [str(each.words) for each in missing_in_pack(pack)] == [
        "Operation record",
        "Dose and how often, of: Paracetamol",
    ]


@pytest.mark.django_db
def test_treat_keeps_the_operation_record_and_reads_the_labels_of_implants():
    walk = walk_to("records.treat")

    note = steps.treat(walk.journey, text="Knee replaced", treated_on=TREATED_ON, by=walk.doctor, **DONE)

    implant = Implant.objects.get()
    assert (implant.treatment, implant.name, implant.lot, implant.serial) == (note, "Knee prosthesis", "LOT7", "S19")
    assert (implant.device_identifier, implant.expires_on) == ("09506000134352", "2031-09-30")
    written = {each.kind: {str(part.heading): str(part.text) for part in each.parts}
               for each in queries.file_for(walk.doctor, walk.journey)}  # fmt: skip
    assert written["treatment"]["Anaesthesia"] == "Spinal"
    assert written["implant"]["Lot"] == "LOT7"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"implants": [Device("Knee", "(01)09506000134353")]}, "udi_check_digit"),
        ({"no_implants": True}, "implants_contradict"),
        ({"event": "teeth"}, "no_such_event"),
    ],
)
def test_treat_refuses_a_wrong_label_and_what_contradicts_itself_and_leaves_nothing(change, code):
    walk = walk_to("records.treat")

    with pytest.raises(Refused, match=code):
        steps.treat(walk.journey, text="Knee", treated_on=TREATED_ON, by=walk.doctor, **DONE | change)

    assert not Implant.objects.exists()
    assert not Note.objects.filter(kind="treatment").exists()
    assert log.entries_of(walk.journey.pk).last().reason == code


@pytest.mark.django_db
def test_an_implant_without_a_label_is_kept_by_its_name():
    walk = walk_to("records.treat")

    steps.treat(walk.journey, text="Knee", treated_on=TREATED_ON, implants="Screw\nPlate", by=walk.doctor)

    assert sorted(implant.name for implant in Implant.objects.all()) == ["Plate", "Screw"]


@pytest.mark.django_db
def test_more_done_than_planned_makes_the_wait_longer():
    walk = walk_to("records.treat")
    steps.treat(walk.journey, text="Hip", treated_on=TREATED_ON, event="joint_replacement", by=walk.doctor, **DONE)
    steps.discharge(walk.journey, by=walk.doctor, **PAPERS)

    with pytest.raises(Refused, match="fit_too_early"):
        steps.declare_fit_to_fly(walk.journey, fit_from=TODAY, fit_until=TODAY, by=walk.doctor)


@pytest.mark.django_db
def test_discharge_keeps_lines_and_none_is_a_statement():
    walk = walk_to("records.discharge")

    with pytest.raises(Refused, match="medicines_contradict"):
        steps.discharge(walk.journey, no_medicines=True, by=walk.doctor, **PAPERS)
    found = steps.discharge(walk.journey, no_medicines=True, by=walk.doctor, **PAPERS | {"medicines": []})

    assert (found.medicines, found.no_medicines) == ("", True)
    assert found.warning_signs == "Fever · The hospital · the same day"
    assert missing_in_pack(pack_of(walk.journey.pk)) == []


@pytest.mark.django_db
def test_hand_over_home_waits_for_the_whole_pack_and_names_what_is_missing():
    walk = walk_to("records.hand_over_home")
    Discharge.objects.update(letter="", images="")

    with pytest.raises(Refused, match="pack_incomplete") as refusal:
        steps.hand_over_home(walk.journey, by=walk.doctor)
    assert "Images given to the patient, or that there are none; Letter" in str(refusal.value.objection.message)
    assert "handed_over" not in walk.facts()
    with pytest.raises(Refused, match="pack_incomplete"):
        steps.hand_over_home(walk.journey, text="Dear colleague", by=walk.doctor)
    steps.hand_over_home(walk.journey, text="Dear colleague", added={"images": "None"}, by=walk.doctor)

    assert "handed_over" in walk.facts()
    assert missing_in_pack(pack_of(walk.journey.pk)) == []


@pytest.mark.django_db
def test_papers_from_before_lines_were_kept_can_be_completed_at_the_hand_over():
    walk = walk_to("records.hand_over_home")
    Discharge.objects.update(medicine_lines="", warning_lines="", follow_up_lines="", letter="", images="")
    Note.objects.filter(kind="treatment").update(details="")
    Implant.objects.all().delete()
    added = {each.key: "none" for each in missing_in_pack(pack_of(walk.journey.pk))}

    assert {"operation-closure", "implants", "doses", "whom_to_call", "images", "letter"} <= set(added)
    steps.hand_over_home(walk.journey, text="Dear colleague", added=added, by=walk.doctor)


@pytest.mark.django_db
def test_a_patient_who_is_admitted_again_is_discharged_with_a_new_pack():
    walk = walk_to("aftercare.report")
    steps.readmit(walk.journey, reason="Infection", by=walk.doctor)
    assert "summary" in keys(pack_of(walk.journey.pk))

    steps.discharge(walk.journey, by=walk.doctor, **PAPERS | {"summary": "Wound cleaned", "letter": ""})
    assert keys(pack_of(walk.journey.pk)) == ["letter"]
    with pytest.raises(Refused, match="pack_incomplete"):
        steps.hand_over_home(walk.journey, by=walk.doctor)
    steps.hand_over_home(walk.journey, text="Dear colleague", by=walk.doctor)

    assert Discharge.objects.count() == 2
    assert pack_of(walk.journey.pk).summary == "Wound cleaned"
