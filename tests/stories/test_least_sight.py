"""Every address, asked as everybody: no word of a data class appears for a role without sight of it."""

from collections import defaultdict
from uuid import UUID

import pytest
from django.apps import apps
from django.urls import URLPattern, get_resolver

from clearpath.charter.document import default_charter
from clearpath.parties.hats import hats_of
from clearpath.parties.middleware import SESSION_KEY
from clearpath.parties.models import Person
from clearpath.turns.step import STEPS
from tests.stories import canaries
from tests.stories.canaries import CLASSES, may_see, word

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

ONLY_SENT_TO = ("/write", "/hand-off", "<uuid:hand_off_id>", "<uuid:seat_id>", "/choose")  # answer no GET
NOT_PAGES = ("accounts/", "i18n/", "demo/", "style", "static/")  # sign-in and the style page hold no subject's data


def patterns(resolver=None, prefix=""):
    """Every address pattern of the product with the names of what it takes."""
    for found in (resolver or get_resolver()).url_patterns:
        where = prefix + str(found.pattern)
        if isinstance(found, URLPattern):
            yield where, dict(found.pattern.converters)
        else:
            yield from patterns(found, where)


def addresses(network):
    """Every pattern, filled with every key that it could mean."""
    keys = defaultdict(set)
    for model in apps.get_models():
        if model._meta.app_config.name.startswith("clearpath."):
            keys[model._meta.model_name].update(pk for pk in model._default_manager.values_list("pk", flat=True))
    subjects = {subject.pk: subject.kind for subject in network.subjects}
    found = set()
    for pattern, takes in patterns():
        if pattern.startswith(NOT_PAGES) or pattern.endswith(ONLY_SENT_TO):
            continue
        if "subject_id" in takes:
            for subject_id, kind in subjects.items():
                names = set(default_charter().subjects[kind].steps)
                found.update(_fill(pattern, takes, {"kind": {kind}, "subject_id": {subject_id}, "name": names}, keys))
        else:
            found.update(_fill(pattern, takes, {"kind": set(subjects.values())}, keys))
    return sorted(found)


def _fill(pattern, takes, known, keys):
    filled = {pattern}
    for name in takes:
        values = known.get(name)
        if values is None and name == "name":
            values = set(STEPS)
        if values is None and name.endswith("_id"):
            values = {key for key in keys[name[:-3].replace("_", "")] if isinstance(key, UUID)}
        placed = [part for part in pattern.split("<") if part.split(">")[0].split(":")[-1] == name]
        token = "<" + placed[0].split(">")[0] + ">"
        filled = {each.replace(token, str(value)) for each in filled for value in values or ()}
    return {f"/{each}" for each in filled}


def sign_in(client, actor):
    person = Person.objects.get(pk=actor.person_id)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    hat = next((hat for hat in hats_of(person) if hat.role == actor.role), None)
    if hat is not None:
        session = client.session
        session[SESSION_KEY] = hat.key
        session.save()


def everything_seen(client, url):
    answer = client.get(url)
    assert answer.status_code in {200, 302, 401, 403, 404, 405, 409}, f"{url}: {answer.status_code}"
    if answer.streaming:
        return b"".join(answer.streaming_content).decode(errors="replace")
    return answer.content.decode(errors="replace")


@pytest.mark.parametrize("part", [6, pytest.param(1, marks=pytest.mark.long)])
def test_no_address_shows_anybody_a_class_of_data_that_their_role_may_not_see(client, part):
    """With `part` 6 everybody asks every sixth address, and every address is asked by a sixth of them."""
    network = canaries.make_network()
    urls = addresses(network)
    seen = defaultdict(set)
    leaks = []

    for number_of, (name, actor) in enumerate(network.actors.items()):
        client.logout()
        sign_in(client, actor)
        for url in urls[number_of % part :: part]:
            page = everything_seen(client, url)
            for data_class in CLASSES:
                for number, case in enumerate(network.cases):
                    if word(data_class, number) in page and data_class not in {"offer", "business", "complaint"}:
                        seen[data_class].add(name)
                        if not may_see(actor, data_class, case):
                            leaks.append(f"{name} sees {word(data_class, number)} at {url}")
            for lane, (case, number) in enumerate([(0, 0), (0, 1), (1, 0)]):
                if word("offer", lane) in page:
                    seen["offer"].add(name)
                    if not may_see(actor, "offer", network.cases[case], lane=number):
                        leaks.append(f"{name} sees the offer of another lane at {url}")
            if word("complaint", 0) in page:
                seen["complaint"].add(name)
                if name not in {"patient0", "steward"}:
                    leaks.append(f"{name} sees a complaint at {url}")
            if word("business", 0) in page or word("business", 1) in page:
                seen["business"].add(name)
                if name in {
                    "guide2",
                    "hospital2",
                    "surgeon2",
                    "agency2",
                    "organizer",
                    "patient0",
                    "patient1",
                    "stranger",
                }:
                    leaks.append(f"{name} sees business of others at {url}")

    assert leaks == []
    assert len(urls) > 200
    assert seen
    if part > 1:
        return
    assert {data_class: seen[data_class] != set() for data_class in CLASSES if data_class != "commission"} == {
        data_class: True for data_class in CLASSES if data_class != "commission"
    }
