# Every forum there is gets the one session and the one hall that it had so far.

from typing import Any

from django.db import migrations
from django.db.models import Sum


def give(apps: Any, _schema: Any) -> None:
    forums, sessions, halls, meetings = (
        apps.get_model("forums", name).objects for name in ("Forum", "Session", "Hall", "Meeting")
    )
    for forum in forums.order_by("pk"):
        sessions.create(forum=forum, begins_at=forum.begins_at, ends_at=forum.ends_at)
        hall = halls.create(forum=forum, number=1, tables=forum.tables)
        meetings.filter(forum=forum, table__isnull=False).update(hall=hall)


def take_back(apps: Any, _schema: Any) -> None:
    """Numbers the tables of all halls through, so that no two meetings are at one table."""
    forums, sessions, halls, meetings, delegates = (
        apps.get_model("forums", name).objects for name in ("Forum", "Session", "Hall", "Meeting", "Delegate")
    )
    for forum in forums.order_by("pk"):
        before = 0
        for hall in halls.filter(forum=forum).order_by("number"):
            for meeting in meetings.filter(hall=hall):
                meeting.table, meeting.hall = meeting.table + before, None
                meeting.save(update_fields=["table", "hall"])
            before += hall.tables
        total = halls.filter(forum=forum).aggregate(total=Sum("tables"))["total"] or 1
        forum.tables = total
        forum.save(update_fields=["tables"])
    delegates.update(booth=None)
    halls.all().delete()
    sessions.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("forums", "0002_halls_sessions_wishes_and_plans"),
    ]

    operations = [migrations.RunPython(give, take_back)]
