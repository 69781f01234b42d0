import os
import random
from dataclasses import replace
from uuid import UUID

import pytest
from django.db import transaction
from django.utils.translation import override
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from clearpath.agreements.models import Agreement
from clearpath.forums import steps, suggesting, suggestions
from clearpath.forums.profiles import profiles_of
from clearpath.forums.suggestions import Profile, Suggestion
from clearpath.parties.models import Tie
from tests.agreements.factories import SERVICE_FEE, make_agreement, with_terms
from tests.factories import NOON, make_organisation
from tests.forums.factories import at, make_forum
from tests.offers.listed import TODAY, accredited, make_service, outcomes

KNEE, TEETH = ("speciality", "orthopaedics"), ("speciality", "dentistry")


def key(number):
    return UUID(int=number)


def guide(**more):
    return Profile(key(1), key(101), "facilitator", wants=frozenset([KNEE]), **more)


def hospital(number=2, **more):
    return Profile(key(number), key(100 + number), "provider", **({"offers": frozenset([KNEE])} | more))


def test_why_two_should_meet_is_one_sentence_of_facts():
    me = guide(markets=frozenset(["KW"]), sends={"KW": 12}, languages=frozenset(["ar", "en"]))
    other = hospital(
        markets=frozenset(["KW"]), languages=frozenset(["ar", "en"]), answers=9, answer_hours=5.2, due=40, well=38
    )

    [found] = suggestions.suggestions(me, [other])

    assert found.because == (
        "They offer what you look for: Orthopaedics; you sent 12 patients from Kuwait, whom they seek; they treat in "
        "Arabic; they answer within 5 hours; 38 of 40 patients recovered there as planned."
    )


def test_who_fits_better_stands_higher_and_who_fits_alike_by_key():
    plain, quick, same = hospital(4), hospital(3, answers=9, answer_hours=2.0), hospital(2)

    found = suggestions.suggestions(guide(), [plain, quick, same])

    assert [each.id for each in found] == [key(3), key(2), key(4)]


@pytest.mark.parametrize(
    "other",
    [
        hospital(offers=frozenset([TEETH]), answers=50, answer_hours=1.0, due=500, well=500),  # good, but nothing fits
        replace(hospital(), organisation_id=key(101)),  # of one's own house
    ],
)
def test_who_offers_nothing_that_is_wanted_or_is_of_the_same_house_is_not_suggested(other):
    assert suggestions.suggestions(guide(), [other]) == []


@pytest.mark.parametrize(
    "facts", [{"answers": 4, "answer_hours": 1.0}, {"answers": 9, "answer_hours": 25.0}, {"due": 3, "well": 3}]
)
def test_few_or_slow_answers_and_few_patients_are_no_reason(facts):
    [found], [plain] = (suggestions.suggestions(guide(), [each]) for each in (hospital(**facts), hospital()))

    assert found == plain


@pytest.mark.parametrize("language", ["tr", "ar"])
def test_a_reason_is_said_in_the_language_of_the_reader(language):
    with override(language):
        [found] = suggestions.suggestions(guide(), [hospital()])

    assert "Orthopaedics" not in found.because


# From the network

pytestmark = pytest.mark.django_db
PLAYERS = 4


@pytest.fixture
def fair():
    """A guide and hospitals alike but for what may count, at a forum; each hospital has an agreement with the guide,
    and one with another firm of who runs the forum."""
    owned = make_organisation("facilitator")
    facilitator = make_organisation("facilitator")
    providers = [make_organisation("provider") for _number in range(PLAYERS)]
    forum = make_forum(facilitator, *providers)
    for number, provider in enumerate(providers):
        make_service(provider)  # a knee replacement
        outcomes(provider, well=number, lost=number % 2)
        for payee in (facilitator, owned):
            with_terms(make_agreement(provider=provider, facilitator=payee), SERVICE_FEE)
        steps.register(forum, offers="orthopaedics", wants="patients", languages="ar", by=at(provider))
    accredited(providers[1], TODAY.replace(year=2028))
    me = steps.register(forum, offers="patients", wants="orthopaedics", languages="ar", by=at(facilitator))
    return forum, me, providers, owned


def order(forum, me):
    found = suggesting.suggested_to(me, forum, at=NOON)
    return [(each.id, each.place, each.because) for each in sorted(found.values(), key=lambda each: each.place)]


dealings = st.lists(
    st.tuples(st.integers(0, 10_000), st.booleans(), st.booleans(), st.sampled_from(Tie.Kind.values)),
    min_size=PLAYERS,
    max_size=PLAYERS,
)


def deal(fair, dealt):
    """Change every agreement and tie: with the guide, with who runs the forum."""
    forum, me, providers, owned = fair
    Tie.objects.create(first_id=forum.organizer_id, second=owned, kind="ownership", share_bps=10_000, found_at=NOON)
    for provider, (share, stands, pays_organizer, kind) in zip(providers, dealt, strict=True):
        for payee, paid in ((me.organisation, stands), (owned, pays_organizer)):
            Agreement.objects.filter(first=provider, second=payee).update(
                stage="in_force" if paid else "ended", signed_at=NOON if paid else None
            )
        for other in (forum.organizer_id, me.organisation_id):
            if share:
                Tie.objects.create(
                    first_id=other, second=provider, kind=kind, share_bps=share, found_at=NOON, declared_at=NOON
                )


def check_neutral(fair):
    forum, me, _providers, _owned = fair
    before = order(forum, me)
    assert sum(place > 0 for _id, place, _because in before) == PLAYERS, "nothing was compared"

    @settings(
        max_examples=8, derandomize=True, deadline=None, database=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )  # fmt: skip
    @given(dealings)
    def nobody_moves(dealt):
        with transaction.atomic():
            deal(fair, dealt)
            after = order(forum, me)
            transaction.set_rollback(True)
        assert after == before

    nobody_moves()


@pytest.mark.slow
def test_no_fee_agreement_or_owner_moves_a_suggestion(fair):
    check_neutral(fair)


@pytest.mark.slow
def test_the_check_finds_a_suggestion_that_favours_who_is_tied(fair, monkeypatch):
    honest = suggesting.suggestions
    seed = int(os.environ.get("CLEARPATH_NEUTRALITY_SEED", "1"))
    favoured = random.Random(seed).choice([fair[2][0], *fair[2][2:]])  # the other one stands first by itself

    def bought(me, others, **more):
        tied = (
            Tie.objects.filter(second=favoured).exists()
            or Agreement.objects.filter(first=favoured, stage="in_force").exists()
        )
        found = honest(me, others, **more)
        mine = next(each.id for each in others if each.organisation_id == favoured.pk)
        raised = [replace(each, score=each.score + 1 if tied and each.id == mine else each.score) for each in found]
        return sorted(raised, key=lambda each: (-each.score, each.id == mine, each.id))

    monkeypatch.setattr(suggesting, "suggestions", bought)

    with pytest.raises(AssertionError):
        check_neutral(fair)


def test_ties_to_oneself_and_to_who_runs_the_forum_are_told(fair):
    forum, me, providers, _owned = fair
    for other, provider in ((forum.organizer_id, providers[0]), (me.organisation_id, providers[1])):
        Tie.objects.create(
            first_id=other, second=provider, kind="ownership", share_bps=100, found_at=NOON, declared_at=NOON
        )

    found = suggesting.suggested_to(me, forum, at=NOON)

    by_organisation = {each.organisation_id: found[each.pk].tie for each in forum.delegates.exclude(pk=me.pk)}
    assert by_organisation == {
        providers[0].pk: "They are tied to who runs this forum.",
        providers[1].pk: "They are tied to you.",
        providers[2].pk: "",
        providers[3].pk: "",
    }


def test_a_hospital_is_known_by_what_it_shows_in_the_directory_even_if_it_says_nothing(fair):
    forum, _me, providers, _owned = fair

    profiles = {each.organisation_id: each for each in profiles_of(forum, at=NOON)}

    assert ("procedure", "knee_replacement") in profiles[providers[0].pk].offers
    assert ("speciality", "orthopaedics") in profiles[providers[0].pk].offers
    assert profiles[providers[1].pk].is_accredited
    assert isinstance(suggestions.suggestions(profiles[fair[1].organisation_id], profiles.values())[0], Suggestion)


@pytest.mark.parametrize("count", [1, PLAYERS])
def test_profiles_take_the_same_queries_for_any_number(fair, count, django_assert_num_queries):
    forum, _me, providers, _owned = fair
    forum.delegates.filter(organisation__in=providers[count:]).update(role="doctor")

    with django_assert_num_queries(20):
        profiles_of(forum, at=NOON)
