"""Links made here, opened by a client that no one here wrote: SHLViewer of the npm package kill-the-clipboard.

Needs Node and npm; the package is installed into a temporary folder, its version pinned.
"""

import json
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from django.utils import timezone

from clearpath.records import link_queries, steps
from clearpath.records.models import LinkOpening
from tests.records.sharing import PASSCODE, SUMMARY, journey_with_summary, share

pytestmark = [
    pytest.mark.long,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="Node and npm are not installed"),
]
VERSION = "1.1.0"  # of kill-the-clipboard, November 2026
SCRIPT = Path(__file__).parent / "clients" / "shl_viewer.mjs"


@pytest.fixture(scope="module")
def viewer(tmp_path_factory):
    """Resolves links with SHLViewer; returns what came of each."""
    folder = tmp_path_factory.mktemp("viewer")
    install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", f"kill-the-clipboard@{VERSION}"]
    subprocess.run(install, cwd=folder, check=True, capture_output=True, timeout=300)
    shutil.copy(SCRIPT, folder)

    def resolve(*asked):
        lines = "\n".join(json.dumps({"recipient": "Dr. Weber"} | each) for each in asked)
        done = subprocess.run(
            ["node", SCRIPT.name], cwd=folder, input=lines, capture_output=True, text=True, timeout=60, check=True
        )
        return [json.loads(line) for line in done.stdout.splitlines()]

    return resolve


def written(walk, live_server, **choices):
    link, _payload = share(walk, by=replace(walk.patient, now=timezone.now()), **choices)
    return link, link_queries.written_out(link, root=live_server.url)


def test_links_made_here_open_elsewhere(viewer, live_server):
    walk = journey_with_summary()
    records = [each.pk for each in walk.journey.records.order_by("-media_type")]
    _link, with_passcode = written(walk, live_server, passcode=PASSCODE, long_term=True, label="Für Dr. Weber")
    _link, single = written(walk, live_server, single_file=True)
    _link, two_files = written(walk, live_server, record_ids=records)
    ended, gone = written(walk, live_server)
    steps.stop_sharing(walk.journey, ended, by=replace(walk.patient, now=timezone.now()))

    embedded, located, one, both, wrong, missing = viewer(
        {"shlinkURI": with_passcode, "passcode": PASSCODE},
        {"shlinkURI": with_passcode, "passcode": PASSCODE, "embeddedLengthMax": 100},
        {"shlinkURI": single},
        {"shlinkURI": two_files.partition("#")[2], "embeddedLengthMax": 2_000},
        {"shlinkURI": with_passcode, "passcode": "000000"},
        {"shlinkURI": gone},
    )

    summary = json.loads(SUMMARY)
    assert embedded == {"fhirResources": [summary], "ways": ["embedded"]}
    assert located == {"fhirResources": [summary], "ways": ["location"]}
    assert one == {"fhirResources": [summary], "ways": []}
    assert sorted(both["ways"]) == ["embedded", "location"]
    assert sorted(each["type"] for each in both["fhirResources"]) == ["collection", "document"]
    assert (wrong["error"], missing["error"]) == ("SHLInvalidPasscodeError", "SHLManifestNotFoundError")
    assert LinkOpening.objects.filter(outcome="opened").count() == 4
