"""What an organizer does before the agendas can go out: delegates come, then meetings are planned."""

from collections.abc import Set
from uuid import UUID

from django.db.models import Count

from clearpath.forums import planned
from clearpath.forums.models import Delegate, Plan, RegistrationPage
from clearpath.turns.hooks import comes_first

FEWEST = 2  # delegates between whom there can be a meeting


@comes_first("forums.publish_agendas")
def before_publishing(forums: Set[UUID]) -> dict[UUID, tuple[str, ...]]:
    """By forum, the steps that come first. Three queries, however many forums."""
    come = dict(Delegate.objects.filter(forum__in=forums).values_list("forum").annotate(n=Count("pk")).order_by())
    pages = set(RegistrationPage.objects.filter(forum__in=forums, ended_at=None).values_list("forum_id", flat=True))
    plans = Plan.objects.filter(forum__in=forums, kind=Plan.Kind.WHOLE).only("forum_id", "done_at", "status")
    newest = {plan.forum_id: plan for plan in plans.order_by("pk")}
    ready = {key for key, plan in newest.items() if plan.done_at is None or planned.is_there(plan)}
    return {key: _before(come.get(key, 0), has_page=key in pages) for key in forums - ready}


def _before(come: int, *, has_page: bool) -> tuple[str, ...]:
    if come >= FEWEST:
        return ("forums.plan",)
    return ("forums.import_delegates",) if has_page else ("forums.import_delegates", "forums.open_registration")
