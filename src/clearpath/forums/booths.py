"""Tables of delegates' own: whose is which, and who may sit where."""

from collections import Counter
from collections.abc import Collection, Mapping
from uuid import UUID

from clearpath.forums import queries
from clearpath.forums.models import Delegate, Forum, Hall
from clearpath.offers.directory.cells import folded

Where = tuple[UUID, int]  # the key of a hall, and the number of a table in it


def own_tables(forum: Forum) -> dict[UUID, Where]:
    """By delegate: the first tables of each hall, in the order of the delegates, as `planning.seating` counts them."""
    taken: Counter[UUID] = Counter()
    found: dict[UUID, Where] = {}
    for key, hall in Delegate.objects.filter(forum=forum).order_by("pk").values_list("pk", "booth_id"):
        if hall is not None:
            taken[hall] += 1
            found[key] = (hall, taken[hall])
    return found


def owners(forum: Forum) -> dict[Where, str]:
    """The organisation at each such table. Every delegate may know: it is how they find it."""
    names = queries.names_by_key(forum)
    return {where: names[key].organisation for key, where in own_tables(forum).items()}


def may_sit(pair: Collection[UUID], where: Where, own: Mapping[UUID, Where]) -> bool:
    """At the table of one of the two where one has any, else at a table that is nobody's. Pure."""
    theirs = {own[key] for key in pair if key in own}
    return where in theirs if theirs else where not in own.values()


def halls_called(forum: Forum) -> dict[str, Hall]:
    """The halls that stand somewhere by what people call them: name and number, folded."""
    halls = [hall for hall in queries.halls_of(forum) if not hall.is_online]
    by_number = {str(hall.number): hall for hall in halls}
    return by_number | {folded(hall.name): hall for hall in halls if hall.name}


def tables_left(forum: Forum) -> Counter[UUID]:
    """How many tables of each hall that stands somewhere are nobody's own."""
    left = Counter({hall.pk: hall.tables for hall in queries.halls_of(forum) if not hall.is_online})
    left.subtract(hall for hall, _table in own_tables(forum).values())
    return left
