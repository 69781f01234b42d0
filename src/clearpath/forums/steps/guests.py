"""A guest gets pages of their own."""

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.forums.models import Delegate, Forum, GuestLink
from clearpath.forums.registering_policies import why_not_give_link
from clearpath.forums.told_once import digest_of, new_secret
from clearpath.turns.step import remember, step


@step("forums.give_link")
def give_link(forum: Forum, delegate: Delegate, *, by: Actor) -> str:
    """The secret part of a new address of a guest's pages, which is kept nowhere; an older one ends.

    Refused: not_a_guest.
    """
    refuse_if(why_not_give_link(is_guest=delegate.organisation_id is None))
    secret = new_secret()
    GuestLink.objects.update_or_create(delegate=delegate, defaults={"digest": digest_of(secret), "made_at": by.now})
    remember(delegate=str(delegate.pk))
    return secret
