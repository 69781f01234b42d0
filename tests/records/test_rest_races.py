"""Programs that write at the same time, on a real database."""

import threading

import pytest
from django.db import connection
from django.test import Client

from clearpath.records.models import Record, Resource
from clearpath.trust import log
from tests.records.rest import Program, observation, open_journey, token_for

pytestmark = [pytest.mark.races, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def at_once(*asks):
    """Each ask runs in a thread of its own; their answers in any order."""
    together, answers = threading.Barrier(len(asks), timeout=30), []

    def run(ask):
        together.wait()
        try:
            answers.append(ask())
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(ask,)) for ask in asks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return sorted(each.status_code for each in answers)


def test_of_two_updates_of_one_version_one_is_refused():
    walk = open_journey()
    token = token_for(walk.facilitator)
    address = Program(Client(), token).post("Observation", observation(walk))["Location"].removesuffix("/_history/1")
    read = Program(Client(), token).get(address).json()

    def change(status):
        return lambda: Program(Client(), token).put(address, read | {"status": status}, if_match='W/"1"')

    assert at_once(change("amended"), change("cancelled")) == [200, 412]
    assert Resource.objects.filter(type="Observation").count() == 2
    assert Record.objects.count() == 2


def test_of_two_conditional_creates_one_makes_it():
    walk = open_journey()
    token = token_for(walk.facilitator)

    def make(value):
        sent = observation(walk, identifier=[{"system": "urn:lab", "value": "17"}], valueString=value)
        return lambda: Program(Client(), token).post("Observation", sent, if_none_exist="identifier=urn:lab|17")

    assert at_once(make("a"), make("b")) == [200, 201]
    assert Resource.objects.filter(type="Observation").count() == 1


def test_readers_at_once_take_a_number_each():
    walk = open_journey()
    token = token_for(walk.facilitator)
    address = Program(Client(), token).post("Observation", observation(walk))["Location"].removesuffix("/_history/1")

    def read(path):
        return lambda: Program(Client(), token).get(path)

    assert at_once(*(read(path) for path in (address, "Observation", "Patient", address))) == [200] * 4
    assert log.reads_of(walk.journey.pk).count() == 4
    assert log.verify().problems == []
