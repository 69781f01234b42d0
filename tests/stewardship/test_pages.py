from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from clearpath.parties.models import Person
from clearpath.stewardship import steps
from clearpath.stewardship.models import CharterVersion
from clearpath.turns.network import look_at
from tests.factories import NOON, actor_at, make_organisation, steward
from tests.stewardship.factories import DOCTOR_IS_TOLD, changed, make_proposal, say

pytestmark = pytest.mark.django_db


def sign_in(client, actor):
    client.force_login(
        Person.objects.get(pk=actor.person_id), backend="allauth.account.auth_backends.AuthenticationBackend"
    )


def page_of(client, version):
    answer = client.get(reverse("turns:subject", args=["charter", version.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def take(client, version, step, **fields):
    url = reverse("turns:take", args=["charter", version.pk, step])
    assert client.get(url).status_code == 200, step
    return client.post(url, fields | {"key": uuid4().hex})


def test_a_charter_goes_from_proposal_to_force_by_its_forms(client):
    doctor = make_organisation("doctor")
    start = reverse("turns:start", args=["stewardship.propose"])
    sign_in(client, steward())
    assert "charter: A clear path" in client.get(start).content.decode()
    source = changed(DOCTOR_IS_TOLD)
    client.post(start, {"source": source.replace("\n", "\r\n"), "key": uuid4().hex})
    version = CharterVersion.objects.get()
    assert version.source == source

    sign_in(client, actor_at(doctor, "doctor"))
    page = page_of(client, version)
    assert "The doctor gains the duty to be told of marketing.run_creative (creative)." in page
    assert "0 of 1 agree" in page
    take(client, version, "stewardship.comment", text="Good.")
    take(client, version, "stewardship.vote", agrees="yes")
    assert look_at(version.pk, at=NOON) == ["stewardship.prove", "stewardship.count_votes"]
    sign_in(client, steward())
    page = page_of(client, version)
    assert "Every promise is proved" in page
    assert "1 of 1 agree" in page
    assert "Good." in page
    take(client, version, "stewardship.enact")

    version.refresh_from_db()
    assert version.stage == "in_force"


def test_a_file_is_proposed_as_it_is(client):
    source = changed(DOCTOR_IS_TOLD)
    sign_in(client, steward())

    client.post(
        reverse("turns:start", args=["stewardship.propose"]),
        {"file": SimpleUploadedFile("charter.yaml", source.encode()), "source": "", "key": uuid4().hex},
    )

    assert CharterVersion.objects.get().source == source


@pytest.mark.parametrize("broken", [b"charter: [", b"\xff\xfe\x00", b"", b"roles: {a: &a [*a]}"])
def test_a_text_with_mistakes_is_shown_again_with_each_of_them(client, broken):
    sign_in(client, steward())

    answer = client.post(
        reverse("turns:start", args=["stewardship.propose"]),
        {"source": broken.decode("utf-8", errors="replace"), "key": uuid4().hex},
    )

    assert answer.status_code == 422
    assert "charter.yaml:" in answer.content.decode()
    assert CharterVersion.objects.count() == 0


def test_an_organisation_reads_its_own_vote_and_the_sums(client):
    one, other = make_organisation("doctor", name="Clinic One"), make_organisation("doctor", name="Clinic Two")
    version = make_proposal()
    say(version, one, "doctor", agrees=False)
    steps.comment(version, text="We would rather not know.", by=actor_at(one, "doctor"))

    sign_in(client, actor_at(other, "doctor"))
    page = page_of(client, version)

    assert "0 of 2 agree" in page
    assert "We would rather not know." not in page
    assert "does not agree" not in page
    sign_in(client, actor_at(one, "doctor"))
    assert "does not agree" in page_of(client, version)
    sign_in(client, steward())
    page = page_of(client, version)
    assert "does not agree" in page
    assert "has not voted" in page


def test_the_page_of_a_proposal_is_not_found_by_who_was_not_asked(client):
    agency = make_organisation("agency")
    version = make_proposal()
    sign_in(client, actor_at(agency, "agency"))

    assert client.get(reverse("turns:subject", args=["charter", version.pk])).status_code == 404
