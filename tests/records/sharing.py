"""A journey with a summary on it, and its links as somebody outside opens them."""

import json
from datetime import timedelta
from pathlib import Path

from clearpath.records import link_queries, steps
from clearpath.records.links import decode, decrypt
from tests.kept import kept
from tests.walk import walk_to

SUMMARY = (Path(__file__).parent / "bundles" / "ips_example.json").read_bytes()
ROOT = "http://testserver"
PASSCODE = "271828"


@kept
def journey_with_summary(step="journeys.send_for_review"):
    """A walk whose patient has added a summary."""
    walk = walk_to(step)
    steps.add(walk.journey, content=SUMMARY, title="Summary", confirmed=True, by=walk.patient)
    return walk


def share(walk, **choices):
    """A link of the patient to the summary that they added, and what is written in it. It was made at NOON."""
    added = walk.journey.records.filter(media_type="application/fhir+json").order_by("pk")[:1]
    usual = {"lasts": timedelta(days=30), "with_summary": False, "record_ids": [each.pk for each in added]}
    link = steps.share(walk.journey, **usual | {"by": walk.patient} | choices)
    return link, decode(link_queries.written_out(link, root=ROOT))


def post(client, url, **body):
    body = {"recipient": "Dr. Home"} | body
    return client.post(url.removeprefix(ROOT), json.dumps(body), content_type="application/json")


def opened(token, payload):
    return decrypt(token, key=payload.key)
