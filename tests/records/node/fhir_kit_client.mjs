import assert from "node:assert/strict";
import { Client } from "fhir-kit-client";

const given = JSON.parse(process.argv[2]);
const client = new Client({ baseUrl: given.base });

const statement = await client.capabilityStatement();
const { tokenUrl } = await client.smartAuthMetadata();
const answer = await fetch(tokenUrl, {
  method: "POST",
  headers: { Authorization: `Basic ${Buffer.from(`${given.key}:${given.secret}`).toString("base64")}` },
  body: new URLSearchParams({ grant_type: "client_credentials" }),
});
client.bearerToken = (await answer.json()).access_token;

const found = new Set();
let page = await client.search({
  resourceType: "Observation",
  searchParams: { patient: given.patient, _count: 3 },
});
while (page) {
  for (const entry of page.entry ?? []) found.add(entry.resource.id);
  page = await client.nextPage({ bundle: page });
}

const created = await client.create({ resourceType: "Observation", body: given.observation });
const changed = { ...created, status: "amended" };
const updated = await client.update({
  resourceType: "Observation", id: created.id, body: changed, options: { headers: { "If-Match": 'W/"1"' } },
});
const status = (promise) => promise.then(() => 200, (error) => error.response.status);
const stale = await status(client.update({
  resourceType: "Observation", id: created.id, body: { ...changed, status: "cancelled" },
  options: { headers: { "If-Match": 'W/"1"' } },
}));
const missing = await status(client.read({ resourceType: "Observation", id: "nothing" }));
const first = await client.vread({ resourceType: "Observation", id: created.id, version: "1" });
assert.equal(first.status, "final");
const history = await client.resourceHistory({ resourceType: "Observation", id: created.id });
assert.equal(history.entry.length, 2);

const transaction = await client.transaction({
  body: {
    resourceType: "Bundle",
    type: "transaction",
    entry: [
      { request: { method: "POST", url: "Observation" }, resource: { ...given.observation, valueString: "t" } },
      { request: { method: "GET", url: `Patient/${given.patient}` } },
    ],
  },
});
const summary = await client.operation({
  name: "$summary", resourceType: "Patient", id: given.patient, method: "GET",
});

console.log(JSON.stringify({
  version: statement.fhirVersion,
  found: found.size,
  created: created.meta.versionId,
  updated: updated.meta.versionId,
  stale,
  missing,
  transaction: transaction.entry.map((entry) => entry.response.status),
  summary: summary.type,
}));
