"""A provider says what it does: sites, doctors, services, packages, capacity."""

import hashlib
from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from clearpath.charter.actor import Actor
from clearpath.core.outcomes import Objection, refuse_if
from clearpath.offers.directory.plan import Entries, Plan, plan_for
from clearpath.offers.directory.reading import Told, no_word
from clearpath.offers.directory.writing import write
from clearpath.offers.finding import index
from clearpath.parties import queries as parties
from clearpath.turns.step import remember, step
from clearpath.turns.subject import Subject


@step("offers.update_directory")
def update_directory(
    organisation: Subject, *, changes: Entries, retire: Collection[str] = (), tell: Told = no_word, by: Actor
) -> Plan:
    """Write these entries into the provider's directory; what they do not name stays as it is.

    `changes`: entries by kind and key, as `directory.reading` reads them from a file. `retire`: kinds of which
    everything that is not named is no longer shown. What changes is found anew, under the lock.
    Refused: not_a_provider, nothing_to_change.
    """
    refuse_if(why_not_list(organisation))
    plan = plan_for(organisation.pk, changes, retire=retire, tell=tell)
    if not plan.changes:
        refuse_if(Objection("nothing_to_change", _("Everything in this file stands in the directory already.")))
    write(organisation.pk, plan, at=by.now, tell=tell)
    index.refresh_later([organisation.pk])
    remember(counts=plan.counts(), entries=_digest(plan))
    return plan


def why_not_list(organisation: Subject) -> Objection | None:
    """Only who treats has an entry in the directory."""
    if "provider" in parties.roles_held([organisation.pk]):
        return None
    return Objection(
        "not_a_provider",
        _("Only hospitals and clinics stand in the directory. Ask the steward for the role of provider."),
    )


def _digest(plan: Plan) -> str:
    """Of all changes in order; the log keeps a salted digest of it, so that a dispute can be settled by the file."""
    found = hashlib.sha256()
    for change in plan.changes:
        found.update(repr((change.kind, change.what, change.key, sorted(change.after.items(), key=str))).encode())
    return found.hexdigest()
