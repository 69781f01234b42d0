from uuid import UUID

import pytest

from clearpath.forums import steps
from clearpath.forums.balance import Side, Told, Year, balance, yearly
from clearpath.forums.suggestions import Profile
from tests.factories import make_organisation
from tests.forums.factories import at, make_forum, organizer_of
from tests.forums.test_pages import page_of, sign_in

ONE, TWO = UUID(int=1), UUID(int=2)
BONES = ("offers", "speciality", "orthopaedics")


def told(house="A", delegate=ONE, *, side="offers", kind="speciality", code="orthopaedics", patients=100):
    return Told(house, delegate, side, kind, code, patients)


def knees(**more):
    return told(kind="procedure", code="knee_replacement", **more)


@pytest.mark.parametrize(
    ("said", "year"),
    [
        ([told()], Year(100, 1)),
        ([told(), told("B", TWO, patients=40)], Year(140, 2)),
        ([told(), knees(patients=30)], Year(100, 1)),  # knees are among them
        ([knees(patients=30)], Year(30, 1)),
        ([told(patients=20), knees(patients=30)], Year(30, 1)),
        ([told(), told("A", TWO, patients=90)], Year(100, 2)),  # two who speak for one house
        ([told(), told(side="wants", patients=7)], Year(100, 1)),
    ],
)
def test_patients_a_year_are_added_up_and_nobody_counts_twice(said, year):
    assert yearly(said)[BONES] == year


def test_patients_stand_beside_the_counts_and_decide_what_is_uneven_where_both_sides_told_them():
    bones = frozenset([("speciality", "orthopaedics")])
    profiles = [Profile(ONE, ONE, "provider", offers=bones), Profile(TWO, TWO, "facilitator", wants=bones)]
    asked = told("B", TWO, side="wants", patients=20)

    [without] = balance(profiles)
    [half] = balance(profiles, [told()])
    [side] = balance(profiles, [told(), asked])

    assert (without, without.is_uneven) == (Side("speciality", "orthopaedics", 1, 1), False)
    assert (half.offer_year, half.want_year, half.is_uneven) == (Year(100, 1), None, False)
    assert (side.offer, side.want, side.want_year, side.is_uneven) == (1, 1, Year(20, 1), True)


@pytest.mark.django_db
def test_the_page_says_how_many_patients_a_year_and_how_many_of_the_delegates_told_it(client):
    guests = [make_organisation(role) for role in ("provider", "provider", "facilitator")]
    forum = make_forum(*guests)
    for guest, offers, wants in zip(
        guests,
        ("orthopaedics: 400; interpreting", "orthopaedics", "patients"),
        ("patients", "patients", "knee replacement: 120"),
        strict=True,
    ):
        steps.register(forum, offers=offers, wants=wants, by=at(guest))
    sign_in(client, organizer_of(forum))

    page = " ".join(page_of(client, forum).split())

    assert '400 patients a year <span class="cp-quiet">told by 1 of 2</span>' in page
    assert '120 patients a year <span class="cp-quiet">told by 1 of 1</span>' in page
