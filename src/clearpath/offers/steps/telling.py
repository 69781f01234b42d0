"""The network tells the patient who earns what from whom; the patient confirms to know it."""

from dataclasses import asdict

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.offers import interests, policies, statements
from clearpath.offers.models import Acknowledgement, Disclosure, Interest, Offer
from clearpath.turns.step import remember, step
from clearpath.turns.subject import Subject


@step("offers.disclose_interests")
def disclose_interests(journey: Subject, *, by: Actor) -> Disclosure:
    """Write down every tie and fee known now; that none is known is told as such."""
    found = sorted(interests.found_on(journey, at=by.now), key=str)
    disclosure = Disclosure.objects.create(journey_id=journey.pk, at=by.now)
    Interest.objects.bulk_create(Interest(disclosure=disclosure, **asdict(each)) for each in found)
    Offer.objects.filter(journey_id=journey.pk, ended_at=None).update(disclosure=disclosure)
    remember(interests=[asdict(each) for each in found])
    return disclosure


@step("offers.reopen_interests")
def reopen_interests(journey: Subject, *, by: Actor) -> Disclosure:
    """Something was found that had not been told: what was told and confirmed no longer holds."""
    last = Disclosure.objects.filter(journey_id=journey.pk).latest("pk")
    last.reopened_at = by.now
    last.save(update_fields=["reopened_at"])
    Offer.objects.filter(journey_id=journey.pk, ended_at=None).update(disclosure=None)
    new = interests.found_on(journey, at=by.now) - interests.told_in(last)
    remember(found=[asdict(each) for each in sorted(new, key=str)])
    return last


@step("offers.acknowledge_interests")
def acknowledge_interests(journey: Subject, *, read: str = "", language: str = "", by: Actor) -> Disclosure:
    """Confirm to know who earns what from whom; what was shown is kept, word for word.

    `read`: the digest of what stood on the patient's page, in `language`. Refused: nothing_told, told_anew.
    """
    language = language or by.language
    last = Disclosure.objects.filter(journey_id=journey.pk, reopened_at=None).order_by("-pk").first()
    shown = statements.statement_on(journey, language=language, at=by.now) if last else ""
    refuse_if(policies.why_not_acknowledge(is_told=last is not None, read=read, stands=statements.digest_of(shown)))
    assert last is not None  # noqa: S101 - the policy refuses it
    last.acknowledged_at, last.acknowledged_by_id = by.now, by.person_id
    last.save(update_fields=["acknowledged_at", "acknowledged_by"])
    Acknowledgement.objects.create(disclosure=last, shown=shown, language=language, at=by.now)
    remember(disclosure=last.pk, shown=shown, language=language)
    return last
