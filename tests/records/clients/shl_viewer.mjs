// Opens links with the SHLViewer of kill-the-clipboard, which no one here wrote; prints what came as one JSON line each.
// Standard input: lines of JSON with shlinkURI, recipient, and perhaps passcode and embeddedLengthMax.
import { createInterface } from "node:readline";
import { SHLViewer } from "kill-the-clipboard";

for await (const line of createInterface({ input: process.stdin })) {
  const { shlinkURI, ...asked } = JSON.parse(line);
  try {
    const { manifest, fhirResources } = await new SHLViewer({ shlinkURI }).resolveSHL(asked);
    const ways = (manifest?.files ?? []).map((file) => (file.embedded ? "embedded" : "location"));
    console.log(JSON.stringify({ fhirResources, ways }));
  } catch (error) {
    console.log(JSON.stringify({ error: error.name }));
  }
}
