"""Calendar feeds: a secret address for each delegate, told once, that ends when a new one is made."""

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import NotFound, Objection
from clearpath.forums.models import Delegate, Feed, Forum
from clearpath.forums.my_agenda import my_delegate
from clearpath.forums.told_once import digest_of, new_secret

NO_FEED = Objection("no_such_feed", _("This calendar address has ended."))


def new_feed(actor: Actor, forum: Forum) -> str:
    """The secret part of a new address, which is kept nowhere; an older one ends. It binds nobody: no step."""
    secret = new_secret()
    Feed.objects.update_or_create(
        delegate=my_delegate(actor, forum), defaults={"digest": digest_of(secret), "made_at": actor.now}
    )
    return secret


def end_feed(actor: Actor, forum: Forum) -> None:
    """The address stops working at once."""
    Feed.objects.filter(delegate=my_delegate(actor, forum)).delete()


def has_feed(delegate: Delegate) -> bool:
    """Whether an address works now."""
    return Feed.objects.filter(delegate=delegate).exists()


def delegate_behind(secret: str) -> Delegate:
    """Whose agenda the address is. Raises NotFound alike for one that has ended and for one that never was."""
    found = Feed.objects.filter(digest=digest_of(secret)).select_related("delegate__forum").first()
    if found is None:
        raise NotFound(NO_FEED)
    return found.delegate
