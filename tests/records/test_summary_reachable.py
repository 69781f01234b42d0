"""Every coded entry of real bundles is found on the page: its name, a way to its source, and there all its codes."""

import html
import json
import re
from pathlib import Path

import pytest
from django.urls import reverse

from clearpath.parties.models import Person
from clearpath.records import steps
from clearpath.records.summary.fields import opened
from clearpath.records.summary.resources import Resources, parsed
from tests.walk import walk_to

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ALWAYS = sorted((Path(__file__).parent / "bundles").glob("*.json"))
# The real bundles beside the repository, where they are.
REAL = sorted((Path(__file__).parents[3] / "shared/data/ips").glob("*.json"))


def codings_of(value):
    """Each coding at any depth."""
    if isinstance(value, dict):
        for each in value.get("coding") if isinstance(value.get("coding"), list) else ():
            if isinstance(each, dict) and isinstance(each.get("code"), str):
                yield each
        for key, inner in value.items():
            if key != "coding":
                yield from codings_of(inner)
    elif isinstance(value, list):
        for each in value:
            yield from codings_of(each)


def words(text):
    return " ".join(text.split())


def crawl(client, address):
    """The page and every page of "show all" that it leads to, as one text."""
    waiting, pages = [address], {}
    while waiting:
        url = waiting.pop()
        if url in pages:
            continue
        answer = client.get(url)
        assert answer.status_code == 200, url
        pages[url] = html.unescape(answer.content.decode())
        waiting += [found for found in re.findall(r'href="([^"]+)"', pages[url]) if found.startswith(f"{address}?all=")]
    return words(" ".join(pages.values()))


def name_sent(resource):
    """What a reader knows the entry by: its text or a display of its code."""
    code = resource.get("code") or resource.get("vaccineCode") or resource.get("medicationCodeableConcept")
    code = code if isinstance(code, dict) else {}
    displays = [each.get("display") for each in code.get("coding", []) if isinstance(each, dict)]
    return next(filter(None, [code.get("text"), *displays]), "")


def check(client, content):
    walk = walk_to("records.add")
    record = steps.add(walk.journey, content=content, title="Sent", confirmed=True, by=walk.patient)
    client.force_login(Person.objects.get(pk=walk.patient.person_id))
    address = reverse("records:record", args=[record.pk])
    shown = crawl(client, reverse("records:summary", args=[walk.journey.pk]))
    root = parsed(content)

    checked = 0
    for entry in Resources(root).entries:
        codes = list(codings_of(entry.resource))
        if not codes:
            continue
        checked += 1
        kind = entry.resource["resourceType"]
        assert f'href="{address}?entry={entry.number}"' in shown, (kind, entry.number)
        if name := words(name_sent(entry.resource)):
            assert name[:900] in shown, (kind, entry.number, name)
        source = opened(root, content, entry.number)
        told = " ".join(field.value for field in source.fields)
        for each in codes:
            assert words(each["code"]) in told, (kind, entry.number, each)
            assert words(each.get("display") or "") in told, (kind, entry.number, each)
    return checked


@pytest.mark.parametrize("path", ALWAYS, ids=lambda path: path.stem)
def test_every_coded_entry_is_reachable(client, path):
    content = path.read_bytes()

    assert check(client, content) == sum(
        1 for entry in json.loads(content)["entry"] if any(codings_of(entry["resource"]))
    )


@pytest.mark.long
@pytest.mark.skipif(not REAL, reason="the real bundles are not beside this repository")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem[:40])
def test_every_coded_entry_of_the_real_bundles_is_reachable(client, path):
    assert check(client, path.read_bytes()) > 0
