"""Two colleagues send their files at the same moment: one after the other, and nothing twice."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from clearpath.core.outcomes import Refused
from clearpath.offers import steps
from clearpath.offers.directory.reading import read
from clearpath.offers.models import Service, Site
from tests.factories import actor_at, make_organisation
from tests.offers import sheets

pytestmark = [pytest.mark.races, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_the_same_file_twice_at_once_is_written_once():
    provider = make_organisation("provider")
    by = actor_at(provider, "provider")
    entries = read(sheets.whole(20)).entries
    together, became = Barrier(2, timeout=30), []

    def send():
        together.wait()
        try:
            steps.update_directory(provider, changes=entries, by=by)
            became.append("written")
        except Refused as refusal:
            became.append(refusal.code)
        finally:
            connection.close()

    senders = [Thread(target=send) for _ in range(2)]
    for each in senders:
        each.start()
    for each in senders:
        each.join(timeout=60)

    assert sorted(became) == ["nothing_to_change", "written"]
    assert (Site.objects.count(), Service.objects.count()) == (1, 20)
