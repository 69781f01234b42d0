"""Asking to come by the public page, and what the organizer answers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from clearpath import jobs
from clearpath.core.outcomes import NotYourPart, Refused
from clearpath.forums import registration, steps
from clearpath.forums.models import Delegate, GuestLink, Registration
from clearpath.trust import log
from clearpath.turns.models import Notice
from clearpath.turns.sight import visible
from tests.factories import NOON, make_organisation
from tests.forums.factories import at, make_forum, organizer_of
from tests.forums.test_pages import sign_in

pytestmark = pytest.mark.django_db
ADA = {
    "person": "Ada", "email": "ada@house.example", "organisation": "House of Ada", "trade": "facilitator",
    "languages": "ar, en", "countries": "KW", "offers": "interpreting", "wants": "orthopaedics: 20", "agreed": "on",
}  # fmt: skip


@pytest.fixture
def forum(db, time_machine):
    time_machine.move_to(NOON - timedelta(days=1), tick=False)
    forum = make_forum(make_organisation("provider"))
    steps.open_registration(forum, by=organizer_of(forum))
    return forum


def address(forum):
    return reverse("forums:come", args=[forum.pk])


def send(client, forum, status=200, **said):
    answer = client.post(address(forum), ADA | said)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer.content.decode()


def own_address(page):
    return "/forums/guest/" + page.split("/forums/guest/")[1].split("<")[0]


def test_the_page_says_where_when_who_runs_it_who_reads_it_and_for_how_long(client, forum):
    page = client.get(address(forum)).content.decode()

    assert "Istanbul forum" in page
    assert "alone reads your own words" in page
    assert "whom you fit is told why, in words of the list that all share" in page
    assert f"erased {registration.KEPT_FOR.days} days later" in page


def test_who_asks_waits_for_the_organizer_who_is_told_once_and_reads_it_alone(client, forum):
    page = send(client, forum)
    send(client, forum, email="bea@house.example", person="Bea")

    asked = list(Registration.objects.order_by("pk"))
    assert [registration.said_in(each)["person"] for each in asked] == ["Ada", "Bea"]
    assert Notice.objects.filter(step=registration.ASKED).count() == 1
    assert [each.step for each in log.entries_of(forum.pk)][-2:] == [registration.ASKED] * 2
    assert "has not answered yet" in client.get(own_address(page)).content.decode()
    assert list(visible(Registration, to=organizer_of(forum)).order_by("pk")) == asked
    guest = forum.participants.exclude(organisation=forum.organizer_id).get().organisation
    assert list(visible(Registration, to=at(guest))) == []


def test_what_is_written_is_sealed_at_rest(client, forum):
    send(client, forum)

    with connection.cursor() as cursor:
        cursor.execute("SELECT said FROM forums_registration")
        assert "ada@house.example" not in str(cursor.fetchone()[0])


def test_accepted_is_a_delegate_as_if_from_the_file_with_an_address_of_their_own(client, forum):
    page = send(client, forum, offers_listed=["Transfers"])

    delegate = steps.accept_registration(forum, Registration.objects.get(), by=organizer_of(forum))

    assert (delegate.guest_organisation, str(delegate.guest_name), delegate.role) == (
        "House of Ada",
        "Ada",
        "facilitator",
    )
    said = {(each.side, each.kind, each.code, each.yearly_volume) for each in delegate.topics.all()}
    assert said == {
        ("offers", "service", "interpreting", None), ("offers", "service", "transfers", None),
        ("offers", "language", "ar", None), ("offers", "language", "en", None), ("offers", "country", "KW", None),
        ("wants", "speciality", "orthopaedics", 20),
    }  # fmt: skip
    assert Registration.objects.count() == 0
    assert client.get(own_address(page)).status_code == 200


def test_who_works_for_an_organisation_of_the_network_gets_no_pages_by_link(client, forum):
    known = make_organisation("facilitator", name="Known House")
    send(client, forum, organisation="Known House")

    delegate = steps.accept_registration(forum, Registration.objects.get(), by=organizer_of(forum))

    assert (delegate.organisation, GuestLink.objects.count()) == (known, 0)


def test_nobody_learns_from_the_page_whether_an_address_is_registered(client, forum):
    first = send(client, forum)
    steps.accept_registration(forum, Registration.objects.get(), by=organizer_of(forum))

    again = send(client, forum)

    one, other = (page.split("<main")[1].split("</main")[0].replace(own_address(page), "") for page in (first, again))
    assert one == other
    with pytest.raises(Refused, match="already_registered"):
        steps.accept_registration(forum, Registration.objects.get(), by=organizer_of(forum))
    assert Delegate.objects.count() == 1


def test_declined_needs_a_reason_that_they_read_and_is_erased_later(client, forum):
    own = own_address(send(client, forum))
    asked = Registration.objects.get()
    with pytest.raises(Refused, match="reason_needed"):
        steps.decline_registration(forum, asked, reason=" ", by=organizer_of(forum))

    steps.decline_registration(forum, asked, reason="We have enough guides.", by=organizer_of(forum))

    assert "We have enough guides." in client.get(own).content.decode()
    with pytest.raises(Refused, match="already_declined"):
        steps.accept_registration(forum, asked, by=organizer_of(forum))
    assert registration.forget(at=NOON + registration.KEPT_FOR - timedelta(seconds=1)) == 0
    assert registration.forget(at=NOON + registration.KEPT_FOR) == 1
    assert client.get(own).status_code == 404


def test_who_never_got_an_answer_is_erased_after_the_forum(client, forum):
    send(client, forum)

    assert registration.forget(at=forum.ends_at + registration.KEPT_FOR) == 1
    assert "forums.forget_registrations" in jobs.registry.PERIODS


def test_a_trade_without_a_place_is_not_offered_and_a_full_forum_says_so(client, forum):
    send(client, forum)
    steps.limit(forum, places={"facilitator": 0}, shares=[], by=organizer_of(forum))

    assert 'value="facilitator"' not in client.get(address(forum)).content.decode()
    send(client, forum, status=422)
    with pytest.raises(Refused, match="no_place_left"):
        steps.accept_registration(forum, Registration.objects.get(), by=organizer_of(forum))
    trades = dict.fromkeys(("facilitator", "provider", "doctor", "agency"), 0)
    steps.limit(forum, places=trades, shares=[], by=organizer_of(forum))
    assert "This forum is full" in client.get(address(forum)).content.decode()


def test_the_page_is_closed_when_it_was_ended_and_unknown_when_it_was_never_opened(client, forum):
    steps.end_registration(forum, by=organizer_of(forum))
    other = make_forum()

    closed = client.get(address(forum))
    assert (closed.status_code, "Registration for this forum is closed." in closed.content.decode()) == (410, True)
    assert client.get(address(other)).status_code == 404
    assert other.name not in client.get(address(other)).content.decode()
    steps.open_registration(forum, by=organizer_of(forum))
    assert client.get(address(forum)).status_code == 200


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"person": ""}, "This field is required."),
        ({"email": "nobody"}, "valid email"),
        ({"languages": "Klingon"}, "is not known"),
        ({"countries": "Atlantis"}, "is not known"),
        ({"wants": ""}, "Meetings come from this"),
        ({"agreed": ""}, "Without your yes"),
        ({"person": "Ada\x00"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(client, forum, said, says):
    page = send(client, forum, status=422, **said)

    assert says in page
    assert Registration.objects.count() == 0


@pytest.mark.parametrize("side", ["offers", "wants"])
def test_what_one_offers_and_looks_for_is_written_or_chosen_and_never_called_optional(client, forum, side):
    page = client.get(address(forum)).content.decode()
    one = page.split(f'for="id_{side}"')[1].split("</details>")[0]
    assert ("At least one of the two is needed." in one, "(optional)" in one) == (True, False)

    missing = send(client, forum, status=422, **{side: ""})
    assert "Meetings come from this" in missing.split(f'id="id_{side}_error"')[1].split("</div>")[0]

    send(client, forum, **{side: "", f"{side}_listed": ["Transfers"]})
    assert registration.said_in(Registration.objects.get())[side] == "Transfers"


def test_a_program_that_fills_in_everything_is_thanked_and_nothing_is_kept(client, forum):
    assert "Thank you" in send(client, forum, website="https://spam.example")

    assert Registration.objects.count() == 0


def test_a_form_sent_twice_is_kept_once(client, forum):
    page = client.get(address(forum)).content.decode()
    stamp = page.split('name="stamp" value="')[1].split('"')[0]

    for _time in range(2):
        send(client, forum, stamp=stamp)

    assert Registration.objects.count() == 1


def test_too_many_at_once_are_asked_to_try_again(client, forum):
    for number in range(registration.BURST):
        send(client, forum, email=f"ada{number}@house.example")

    assert "Try again in a minute" in send(client, forum, status=503)
    assert Registration.objects.count() == registration.BURST


@pytest.mark.parametrize("name", ["open_registration", "end_registration"])
def test_opening_and_ending_are_the_organizers_alone(forum, name):
    guest = forum.participants.exclude(organisation=forum.organizer_id).get().organisation

    with pytest.raises(NotYourPart) as refusal:
        getattr(steps, name)(forum, by=at(guest))

    assert refusal.value.rightful == "organizer"


def test_the_organizer_answers_on_the_forums_page(client, forum):
    send(client, forum)
    send(client, forum, email="bea@house.example", person="Bea")
    one, two = Registration.objects.order_by("pk")
    sign_in(client, organizer_of(forum))

    page = client.get(reverse("turns:subject", args=["forum", forum.pk])).content.decode()
    assert "ada@house.example" in page
    accept = reverse("turns:take", args=["forum", forum.pk, "forums.accept_registration"])
    assert client.post(accept, {"registration": one.pk}).status_code == 302
    decline = reverse("turns:take", args=["forum", forum.pk, "forums.decline_registration"])
    assert client.post(decline, {"registration": two.pk, "reason": "Full."}).status_code == 302

    assert (Delegate.objects.count(), Registration.objects.get().declined_because) == (1, "Full.")
