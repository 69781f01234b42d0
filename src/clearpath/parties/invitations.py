"""How somebody who wrote to the network comes to have an account: invited, never signed up alone."""

from django.db import IntegrityError, transaction

from clearpath.charter.actor import Actor
from clearpath.parties.models import People, Person


def invite_person(email: str, name: str, language: str, by: Actor) -> Person:
    """The person with this address, made if nobody has it yet. Called inside a step.

    A new person has no password: they choose one through "forgotten password", which reaches only who reads
    that address. Somebody who is known already keeps their own name and language.
    """
    address = People.normalize_email(email.strip()).lower()
    known = Person.objects.filter(email__iexact=address).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return Person.objects.create_user(
                email=address, name=name.strip()[:120], language=language, joined_at=by.now
            )
    except IntegrityError:  # somebody else invited them at the same moment
        return Person.objects.get(email__iexact=address)
