import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from clearpath.forums import steps
from clearpath.forums.models import Hall, Meeting, Session
from tests.factories import make_organisation
from tests.forums.factories import agreed, make_forum, registered

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def migrate_to(name):
    executor = MigrationExecutor(connection)
    executor.migrate([("forums", name)])
    return executor.loader.project_state([("forums", name)]).apps


def test_a_forum_of_before_has_one_session_and_one_hall_and_its_tables_are_numbered_through_on_the_way_back():
    guests = [make_organisation(role) for role in ("provider", "facilitator", "provider", "agency")]
    forum = make_forum(*guests, halls=[steps.Room(1), steps.Room(1)])
    one, two, three, four = registered(forum, *guests)
    for pair, hall in zip(((one, two), (three, four)), forum.halls.order_by("number"), strict=True):
        meeting = agreed(forum, *pair)
        meeting.begins_at, meeting.hall, meeting.table = forum.begins_at, hall, 1
        meeting.save(update_fields=["begins_at", "hall", "table"])
    latest = max(name for app, name in MigrationExecutor(connection).loader.graph.nodes if app == "forums")

    try:
        before = migrate_to("0001_initial")
        tables = list(before.get_model("forums", "Forum").objects.values_list("tables", flat=True))
        numbers = set(before.get_model("forums", "Meeting").objects.values_list("table", flat=True))
    finally:
        migrate_to(latest)

    assert (tables, numbers) == ([2], {1, 2})
    [hall], [session] = Hall.objects.all(), Session.objects.all()
    assert (hall.tables, session.begins_at, session.ends_at) == (2, forum.begins_at, forum.ends_at)
    assert set(Meeting.objects.values_list("hall", "table")) == {(hall.pk, 1), (hall.pk, 2)}
