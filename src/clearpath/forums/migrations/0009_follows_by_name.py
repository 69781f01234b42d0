"""A forum of before follows the newest of the same organizer and name, its year left out: so the report compared it."""

import re

from django.db import migrations


def stem_of(name):
    return " ".join(re.sub(r"\b(\d+(st|nd|rd|th)?|[ivx]+)\b|\W", " ", name.casefold()).split())


def follow(apps, _editor):
    newest = {}
    for forum in apps.get_model("forums", "Forum").objects.order_by("begins_at", "pk"):
        called = (forum.organizer_id, stem_of(forum.name))
        if called in newest and newest[called].begins_at < forum.begins_at:
            forum.follows = newest[called]
            forum.save(update_fields=["follows"])
        newest[called] = forum


class Migration(migrations.Migration):
    dependencies = [("forums", "0008_follows")]
    operations = [migrations.RunPython(follow, migrations.RunPython.noop)]
