import assert from "node:assert/strict";

globalThis.WebSocket ??= class {}; // the package names it when it is loaded; Node has it from version 22 on
const { MedplumClient, OperationOutcomeError } = await import("@medplum/core");

const given = JSON.parse(process.argv[2]);
const client = new MedplumClient({
  baseUrl: `${given.origin}/`,
  fhirUrlPath: "fhir/R4",
  tokenUrl: `${given.origin}/oauth/token`,
  cacheTime: 0,
  fetch,
});
const answer = await fetch(`${given.origin}/oauth/token`, {
  method: "POST",
  body: new URLSearchParams({
    grant_type: "client_credentials", client_id: given.key, client_secret: given.secret,
  }),
});
client.setAccessToken((await answer.json()).access_token);

const statement = await client.get(client.fhirUrl("metadata"));
const found = new Set();
for await (const page of client.searchResourcePages("Observation", { patient: given.patient, _count: 3 })) {
  for (const each of page) found.add(each.id);
}

const created = await client.createResource(given.observation);
const changed = { ...created, status: "amended" };
const updated = await client.updateResource(changed, { headers: { "If-Match": 'W/"1"' } });
const status = (promise) => promise.then(
  () => 200,
  (error) => {
    assert(error instanceof OperationOutcomeError);
    return { conflict: 412, "not-found": 404 }[error.outcome.issue[0].code];
  },
);
const stale = await status(
  client.updateResource({ ...changed, status: "cancelled" }, { headers: { "If-Match": 'W/"1"' } }),
);
const missing = await status(client.readResource("Observation", "nothing"));
assert.equal((await client.readVersion("Observation", created.id, "1")).status, "final");
assert.equal((await client.readHistory("Observation", created.id)).entry.length, 2);

const transaction = await client.executeBatch({
  resourceType: "Bundle",
  type: "transaction",
  entry: [
    { request: { method: "POST", url: "Observation" }, resource: { ...given.observation, valueString: "t" } },
    { request: { method: "GET", url: `Patient/${given.patient}` } },
  ],
});
const summary = await client.get(client.fhirUrl("Patient", given.patient, "$summary"));

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
