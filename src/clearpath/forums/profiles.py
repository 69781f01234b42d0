"""What the network knows of the delegates of a forum, for suggestions and for the balance of supply and demand.

Only what the delegates say and how their organisations work: nothing here reads a fee, an agreement or an owner.
"""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from clearpath.forums import vocabulary
from clearpath.forums.balance import Told
from clearpath.forums.models import Delegate, Forum, Topic
from clearpath.forums.suggestions import Profile, Thing
from clearpath.journeys.queries import countries_sent
from clearpath.offers.directory.cells import folded
from clearpath.offers.directory.facts import ProviderFacts, facts_of, procedures_shown
from clearpath.parties import queries as parties
from clearpath.turns import charters

THINGS = frozenset({"speciality", "procedure", "service", "certification"})


def profiles_of(forum: Forum, *, at: datetime) -> list[Profile]:
    """Everybody who comes, by key. The number of queries does not depend on how many they are."""
    delegates = list(Delegate.objects.filter(forum=forum).order_by("pk"))
    said = _said(forum)
    providers = {each.organisation_id for each in delegates if each.organisation_id and each.role == "provider"}
    facts, shown = facts_of(providers, at=at), procedures_shown(providers)
    senders = {each.organisation_id for each in delegates if each.organisation_id and each.role == "facilitator"}
    smallest = charters.charter(forum.charter).smallest_group
    sent = countries_sent(senders, smallest_group=smallest)
    ends = parties.evidence_ends(providers, "provider", today=at.date())
    return [
        _profile(
            each,
            said[each.pk],
            facts.get(key),
            shown.get(key, frozenset()),
            sent.get(key, {}) if each.role == "facilitator" else {},
            "accreditation" in ends.get(key, {}),
        )
        for each in delegates
        for key in [each.organisation_id or each.pk]  # a guest's own key finds nothing
    ]


def told_by_year(forum: Forum) -> list[Told]:
    """Patients a year that delegates say of specialities and procedures, on both sides."""
    kinds = (Topic.Kind.SPECIALITY, Topic.Kind.PROCEDURE)
    found = Topic.objects.filter(delegate__forum=forum, kind__in=kinds, yearly_volume__isnull=False).order_by("pk")
    rows = found.values_list(
        "delegate__organisation_id", "delegate__guest_organisation", "delegate_id", "side", "kind", "code",
        "yearly_volume",
    )  # fmt: skip
    return [
        Told(str(house or folded(guest)), delegate, side, kind, code, patients or 0)
        for house, guest, delegate, side, kind, code, patients in rows
    ]


def _said(forum: Forum) -> dict[UUID, dict[str, set[Thing]]]:
    """By delegate and side."""
    found: dict[UUID, dict[str, set[Thing]]] = defaultdict(lambda: defaultdict(set))
    rows = Topic.objects.filter(delegate__forum=forum).values_list("delegate_id", "side", "kind", "code")
    for delegate, side, kind, code in rows:
        found[delegate][side].add((kind, code))
    return found


def _profile(
    delegate: Delegate, said: dict[str, set[Thing]], facts: ProviderFacts | None, procedures: Collection[str],
    sends: dict[str, int], is_accredited: bool,
) -> Profile:  # fmt: skip
    offers = said["offers"] | {("procedure", each) for each in procedures}
    both = said["offers"] | said["wants"]
    results = facts.results if facts else None
    return Profile(
        delegate.pk,
        delegate.organisation_id,
        delegate.role,
        offers=_things(offers),
        wants=_things(said["wants"]),
        markets=frozenset(code for kind, code in both if kind == "country") | frozenset(sends),
        sends=sends,
        languages=frozenset(code for kind, code in both if kind == "language") | _bases(facts),
        answers=facts.answers if facts else 0,
        answer_hours=facts.answer_hours if facts else None,
        due=results.treated - results.waiting if results else 0,
        well=results.well if results else 0,
        is_accredited=is_accredited,
    )


def _things(said: Collection[Thing]) -> frozenset[Thing]:
    """With each procedure the specialities to which it belongs, so that who says more and who says less meet."""
    found = {each for each in said if each[0] in THINGS}
    wider = {
        ("speciality", each) for kind, code in found if kind == "procedure" for each in vocabulary.specialities_of(code)
    }
    return frozenset(found | wider)


def _bases(facts: ProviderFacts | None) -> frozenset[str]:
    """Of `en-GB` the language counts."""
    return frozenset(each.split("-")[0].lower() for each in facts.languages) if facts else frozenset()
