"""Clients that no one here wrote talk to a running server: fhirpy, fhirclient, fhir-kit-client, @medplum/core."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from fhirclient.client import FHIRClient
from fhirclient.models.bundle import Bundle
from fhirclient.models.observation import Observation
from fhirclient.server import FHIRNotFoundException
from fhirpy import SyncFHIRClient
from fhirpy.base.exceptions import MultipleResourcesFound, ResourceNotFound

from clearpath.records import clients, steps
from tests.factories import NOON
from tests.records.rest import BUNDLES, observation, open_journey
from tests.walk import Walk

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
IPS = (BUNDLES / "ips_example.json").read_bytes()
NODE = Path(__file__).parent / "node"
PACKAGES = ["fhir-kit-client@2.0.3", "@medplum/core@5.2.13"]


@dataclass
class Running:
    """A running server, a journey with a summary on it, and a program that may do everything."""

    base: str
    walk: Walk
    key: str
    secret: str
    token: str

    @property
    def patient(self) -> str:
        return str(self.walk.journey.pk)


@pytest.fixture
def running(live_server):
    walk = open_journey()
    steps.add(walk.journey, content=IPS, title="Summary", by=walk.patient)
    client, secret = clients.register(
        walk.facilitator.organisation_id, "facilitator", name="Desk", scopes=["system/*.cruds"], at=NOON
    )
    form = {"grant_type": "client_credentials", "scope": "system/*.cruds"}
    token = requests.post(f"{live_server.url}/oauth/token", form, auth=(str(client.pk), secret), timeout=20).json()
    return Running(f"{live_server.url}/fhir/R4", walk, str(client.pk), secret, token["access_token"])


def test_fhirpy(running):
    server = SyncFHIRClient(running.base, authorization=f"Bearer {running.token}")
    statement = server.execute("metadata", method="get")
    assert statement["fhirVersion"] == "4.0.1"

    everything = server.resources("Observation").search(patient=running.patient).limit(3)
    found = everything.fetch_all()
    assert (len(found), everything.count()) == (7, 7)
    assert len({each.id for each in found}) == 7

    made = server.resource("Observation", **observation(running.walk))
    made.save()
    assert made["meta"]["versionId"] == "1"
    made["status"] = "amended"
    made.save()
    again = server.reference("Observation", made.id).to_resource()
    assert (again["status"], again["meta"]["versionId"]) == ("amended", "2")
    stale = {"If-Match": 'W/"1"'}
    with pytest.raises(MultipleResourcesFound):  # its name for every 412
        server._do_request("put", f"Observation/{made.id}", data=dict(again), extra_headers=stale)
    with pytest.raises(ResourceNotFound):
        server.reference("Observation", "nothing").to_resource()

    only = server.resources("Observation").search(identifier="urn:lab|17")
    kept, is_new = only.get_or_create(
        server.resource("Observation", **observation(running.walk, identifier=[{"system": "urn:lab", "value": "17"}]))
    )
    same, is_newer = only.get_or_create(server.resource("Observation", **observation(running.walk, valueString="x")))
    assert (bool(is_new), bool(is_newer), same["id"]) == (True, False, kept["id"])

    together = server.resources("Condition").search(patient=running.patient).include("Condition", "patient").fetch_raw()
    assert {each.resource["resourceType"] for each in together.entry} == {"Condition", "Patient"}
    summary = server.execute(f"Patient/{running.patient}/$summary", method="get")
    assert (summary["resourceType"], summary["type"]) == ("Bundle", "document")
    entry = {
        "request": {"method": "POST", "url": "Observation"},
        "resource": observation(running.walk, valueString="t"),
    }
    answer = server.execute("", data={"resourceType": "Bundle", "type": "transaction", "entry": [entry]})
    assert [each["response"]["status"] for each in answer["entry"]] == ["201"]


def test_fhirclient(running):
    server = FHIRClient(settings={"app_id": running.key, "api_base": running.base}).server
    assert server.capabilityStatement.fhirVersion == "4.0.1"  # its model is strict: what is amiss would raise
    server.session.headers["Authorization"] = f"Bearer {running.token}"

    search = Observation.where({"patient": running.patient, "_count": "3"})
    found = list(search.perform_resources_iter(server))
    assert len({each.id for each in found}) == 7
    assert all(each.subject.reference == f"Patient/{running.patient}" for each in found)

    made = Observation(observation(running.walk))
    answer = made.create(server)
    again = Observation.read(answer["id"], server)
    again.status = "amended"
    assert again.update(server)["meta"]["versionId"] == "2"
    with pytest.raises(FHIRNotFoundException):
        Observation.read("nothing", server)

    summary = Bundle.read_from(f"Patient/{running.patient}/$summary", server)
    assert summary.type == "document"
    kept = Bundle.read_from(f"AuditEvent?patient={running.patient}", server)
    assert {each.resource.resource_type for each in kept.entry} == {"AuditEvent"}
    for path in ("Consent", f"DocumentReference?patient={running.patient}", "Provenance", "Patient"):
        assert Bundle.read_from(path, server).total > 0
    entry = {
        "request": {"method": "POST", "url": "Observation"},
        "resource": observation(running.walk, valueString="t"),
    }
    sent = {"resourceType": "Bundle", "type": "transaction", "entry": [entry]}
    assert server.post_json("", sent).json()["entry"][0]["response"]["status"] == "201"


# ---- Clients in JavaScript ----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def node_folder(tmp_path_factory):
    if not shutil.which("npm"):
        pytest.skip("there is no npm here")
    folder = tmp_path_factory.mktemp("node")
    (folder / "package.json").write_text('{"private": true, "type": "module"}')
    install = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--save-exact", *PACKAGES]
    done = subprocess.run(install, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    if done.returncode:
        pytest.skip(f"npm installs nothing here: {done.stderr[-300:]}")
    for script in NODE.glob("*.mjs"):
        shutil.copy(script, folder)
    return folder


@pytest.mark.long
@pytest.mark.parametrize("script", ["fhir_kit_client.mjs", "medplum_core.mjs"])
def test_clients_in_javascript(running, node_folder, script):
    given = {
        "base": running.base,
        "origin": running.base.removesuffix("/fhir/R4"),
        "key": running.key,
        "secret": running.secret,
        "patient": running.patient,
        "observation": observation(running.walk),
    }

    done = subprocess.run(
        ["node", script, json.dumps(given)], cwd=node_folder, capture_output=True, text=True, check=False, timeout=120
    )

    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-1500:]
    said = json.loads(done.stdout.strip().splitlines()[-1])
    assert said == {
        "version": "4.0.1", "found": 7, "created": "1", "updated": "2", "stale": 412, "missing": 404,
        "transaction": ["201", "200"], "summary": "document",
    }  # fmt: skip
