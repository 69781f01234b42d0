"""The pages of parties: declaring by the form, the map of ties, evidence; each shows what its reader may see."""

import json
from datetime import date
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clearpath.parties import picture, steps, ties
from clearpath.parties.models import Evidence, OwnershipStatement, Person, Tie
from clearpath.parties.rows import TieRow
from tests.factories import NOON, actor_at, make_organisation, patient_actor, steward
from tests.parties.statements import company, entity, holds, kept, registered

pytestmark = pytest.mark.django_db


def sign_in(client, actor):
    person = Person.objects.get(pk=actor.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")


def page(client, actor, name):
    sign_in(client, actor)
    answer = client.get(reverse(f"parties:{name}"))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def tied(tmp_path):
    """A declared tie between hospital and guide, and one with a doctor that nobody declared."""
    hospital, guide, doctor = registered("provider"), registered("facilitator"), registered("doctor")
    by = actor_at(hospital, "provider")
    steps.declare_ownership(hospital, what="owned", other_id=guide.pk, share=Decimal("0.8"), by=by)
    said = [company("h", hospital), company("d", doctor), entity("oak", "Oakmoor")]
    kept(tmp_path, *said, holds("oak", "h", 60), holds("oak", "d", 40))
    ties.refresh_ties(NOON)
    return hospital, guide, doctor


def test_the_map_shows_the_steward_every_tie_as_a_picture_and_as_a_table(client, tied):
    hospital, guide, doctor = tied

    text = page(client, steward(), "ownership")

    svg, table = text.split('<svg class="cp-map"')[1].split("</svg>")[0], text.split("<tbody>")[1].split("</tbody>")[0]
    for name in (hospital.name, guide.name, doctor.name):
        assert svg.count(f"<title>{name}</title>") == 1
        assert name in table
    assert svg.count("<path") == table.count("<tr>") == Tie.objects.count() == 3
    assert svg.count('class="cp-map-line cp-map-found"') == Tie.objects.filter(declared_at=None).count() == 2
    assert "Oakmoor holds 60\u00a0% of" in table
    assert 'style="' not in text
    assert reverse("parties:ownership") in text.split("<nav")[1]


def test_an_organisation_sees_its_own_ties_and_nobody_elses(client, tied):
    hospital, guide, doctor = tied
    other = make_organisation("provider")

    seen = page(client, actor_at(hospital, "provider"), "ownership")
    elsewhere = page(client, actor_at(other, "provider"), "ownership")

    assert (
        seen.count("<tr>") - 1
        == Tie.objects.filter(first=hospital).count() + Tie.objects.filter(second=hospital).count()
    )
    for text in (elsewhere, page(client, patient_actor(), "ownership")):
        assert "No tie is known." in text
        assert not any(each.name in text for each in (hospital, guide, doctor))


def test_evidence_is_shown_to_the_steward_what_ends_first_on_top(client):
    hospital, doctor = make_organisation("provider"), make_organisation("doctor")
    Evidence.objects.filter(organisation=doctor).update(valid_to=date(2026, 1, 2))

    text = page(client, steward(), "evidence")

    rows = text.split("<tbody>")[1].split("<tr>")[1:]
    assert [doctor.name in rows[0], hospital.name in rows[1], len(rows)] == [True, True, 2]
    assert "ended" in rows[0]
    own = page(client, actor_at(hospital, "provider"), "evidence")
    assert hospital.name in own
    assert doctor.name not in own
    assert "No evidence yet." in page(client, patient_actor(), "evidence")


def test_pages_take_the_same_queries_for_any_number_of_rows(client):
    def queries_of(name: str) -> int:
        with CaptureQueriesContext(connection) as taken:
            client.get(reverse(f"parties:{name}"))
        return len(taken)

    def more() -> None:
        first, second = make_organisation("provider"), make_organisation("facilitator")
        Tie.objects.create(first=first, second=second, kind="family", found_at=NOON, declared_at=NOON)

    more()
    page(client, steward(), "ownership")  # the session begins
    with_one = queries_of("ownership"), queries_of("evidence")
    more(), more()

    assert (queries_of("ownership"), queries_of("evidence")) == with_one


def test_an_owner_is_declared_by_the_form(client):
    hospital, guide = make_organisation("provider"), make_organisation("facilitator")
    sign_in(client, actor_at(hospital, "provider"))
    url = reverse("turns:take", args=["organisation", hospital.pk, "parties.declare_ownership"])
    assert guide.name in client.get(url).content.decode()

    nobody = client.post(url, {"what": "owner", "key": uuid4().hex})
    too_much = client.post(url, {"what": "owner", "name": "Oak", "share": "130", "key": uuid4().hex})
    done = client.post(url, {"what": "owned", "other": guide.pk, "share": "62.5", "key": uuid4().hex})
    ties.refresh_ties(NOON)

    assert (nobody.status_code, too_much.status_code, done.status_code) == (422, 422, 302)
    assert "Say who it is" in nobody.content.decode()
    assert [(tie.first, tie.second, tie.share_bps) for tie in Tie.objects.all()] == [(hospital, guide, 6250)]
    shown = client.get(reverse("turns:subject", args=["organisation", hospital.pk])).content.decode()
    assert f"{hospital.name} holds 62.5\u00a0% of {guide.name}" in shown


def test_a_file_is_declared_by_the_form(client):
    hospital = make_organisation("provider")
    sign_in(client, actor_at(hospital, "provider"))
    url = reverse("turns:take", args=["organisation", hospital.pk, "parties.declare_ownership"])
    said = [each | {"declarationSubject": "us"} for each in (entity("us"), entity("oak"), holds("oak", "us", 70))]

    none = client.post(url, {"what": "file", "key": uuid4().hex})
    bad = client.post(url, {"what": "file", "file": SimpleUploadedFile("a.json", b"gossip"), "key": uuid4().hex})
    file = SimpleUploadedFile("b.json", json.dumps(said).encode())
    done = client.post(url, {"what": "file", "file": file, "key": uuid4().hex})

    assert (none.status_code, bad.status_code, done.status_code) == (422, 409, 302)
    assert OwnershipStatement.objects.filter(declared_by=hospital).count() == 3
    assert OwnershipStatement.objects.get(name="us").organisation == hospital


def tie_row(first: int, second: int, *, name: str = "") -> TieRow:
    return TieRow(
        first_id=UUID(int=first),
        first=name or f"No {first}",
        second_id=UUID(int=second),
        second=f"No {second}",
        kind="ownership",
        kind_words="Ownership",
        share="5 %",
        path="",
        found_at=NOON,
        is_declared=True,
    )


def test_the_picture_has_a_column_for_each_role_and_boxes_that_do_not_overlap():
    roles = {UUID(int=1): "provider", UUID(int=2): "provider", UUID(int=3): "doctor", UUID(int=4): ""}
    drawn = picture.drawn([tie_row(1, 2), tie_row(2, 3), tie_row(1, 4)], roles, ["patient", "provider", "doctor"])

    assert [column.role for column in drawn.columns] == ["provider", "doctor", ""]
    places = [(box.x, box.y) for box in drawn.boxes]
    assert len(set(places)) == len(places) == 4
    assert all(box.x + picture.WIDTH <= drawn.width and box.y + picture.HEIGHT <= drawn.height for box in drawn.boxes)
    assert all(0 < line.x < drawn.width and 0 < line.y < drawn.height for line in drawn.lines)
    assert picture.drawn([], {}, []) is None


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Isar", ["Isar"]),
        ("Helvetia Health Travel Office of Bern", ["Helvetia Health Travel", "Office of Bern"]),
        ("Donaudampfschifffahrtsgesellschaft", ["Donaudampfschifffahrtsg…"]),
    ],
)
def test_a_long_name_is_broken_or_cut(name, lines):
    drawn = picture.drawn([tie_row(1, 2, name=name)], {}, [])
    [box] = [box for box in drawn.boxes if box.name == name]
    assert [text for _y, text in box.lines] == lines
