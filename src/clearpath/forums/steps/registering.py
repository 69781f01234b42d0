"""Registration by a public page: opened and ended, and who asked to come is accepted or declined."""

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import refuse_if
from clearpath.forums import queries, registration
from clearpath.forums.models import Delegate, Forum, GuestLink, Registration, RegistrationPage
from clearpath.forums.registering_policies import why_not_accept_registration, why_not_decline_registration
from clearpath.forums.steps.delegates import bring_in
from clearpath.turns.step import remember, step


@step("forums.open_registration")
def open_registration(forum: Forum, *, by: Actor) -> RegistrationPage:
    """Let anybody ask to come, by a page for everybody that tells name, place and days of the forum."""
    page, _new = RegistrationPage.objects.update_or_create(
        forum=forum, defaults={"ended_at": None}, create_defaults={"opened_at": by.now}
    )
    return page


@step("forums.end_registration")
def end_registration(forum: Forum, *, by: Actor) -> RegistrationPage | None:
    """The page takes nobody any more. Who asked before is still answered."""
    RegistrationPage.objects.filter(forum=forum, ended_at=None).update(ended_at=by.now)
    return RegistrationPage.objects.filter(forum=forum).first()


@step("forums.accept_registration")
def accept_registration(forum: Forum, asked: Registration, *, by: Actor) -> Delegate:
    """Make a delegate of who asked to come, as if from the organizer's file; what they wrote goes over to that.

    Their own address shows a guest's pages from now on. Who works for an organisation of the network has no such
    pages: they sign in.
    Refused: already_declined, no_place_left, already_registered, and what a line of a file is refused for.
    """
    judged = registration.judged(forum, registration.said_in(asked))
    refuse_if(
        why_not_accept_registration(
            is_declined=asked.declined_at is not None, is_full=queries.is_full(forum, asked.trade), faults=judged.faults
        )
    )
    imported, _new, made = bring_in(forum, judged.delegates, by)
    refuse_if(why_not_accept_registration(is_there=imported.there > 0, faults=imported.faults))
    [delegate] = made.values()
    remember(delegate=str(delegate.pk), registration=str(asked.pk))
    if delegate.organisation_id is None:
        GuestLink.objects.create(delegate=delegate, digest=asked.digest, made_at=by.now)
    asked.delete()
    return delegate


@step("forums.decline_registration")
def decline_registration(forum: Forum, asked: Registration, *, reason: str, by: Actor) -> Registration:
    """Say no to who asked to come, and why: they read it at their own address.

    Refused: reason_needed, already_declined.
    """
    refuse_if(why_not_decline_registration(reason, is_declined=asked.declined_at is not None))
    asked.declined_because, asked.declined_at = reason.strip(), by.now
    asked.save(update_fields=["declined_because", "declined_at"])
    remember(registration=str(asked.pk), reason=reason)
    return asked
