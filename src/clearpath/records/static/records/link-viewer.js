// Opens a SMART Health Link of this network: asks for its manifest, decrypts the files, and shows them.
// The link stands behind the # of the address. Neither it nor the key in it is sent to anybody.

import { decrypt, readLink } from "./link-crypto.js";
import { show } from "./link-summary.js";

const EMBEDDED_AT_MOST = 16 * 1024 * 1024;
const words = JSON.parse(document.getElementById("words").textContent);
const at = (id) => document.getElementById(id);
let answerAddress = "";

class Problem extends Error {}

const complain = (sentence) => {
  at("wrong-words").textContent = sentence;
  at("wrong").hidden = false;
  at("wrong").focus();
};

const linkInAddress = () => (location.hash.length > 1 ? decodeURIComponent(location.hash.slice(1)) : "");

// What the form asks for depends on the link: its name, whether it has a passcode.
const prepare = () => {
  at("open").hidden = false;
  at("paste").hidden = Boolean(linkInAddress());
  let link;
  try {
    link = readLink(linkInAddress());
  } catch {
    if (linkInAddress()) complain(words.notALink);
    at("paste").hidden = false;
    return;
  }
  at("label").textContent = link.label;
  at("with-passcode").hidden = !link.flags.includes("P");
};

const theLink = () => {
  try {
    return readLink(at("link").value.trim() || linkInAddress());
  } catch {
    throw new Problem(words.notALink);
  }
};

const ask = async (address, options) => {
  let answer;
  try {
    answer = await fetch(address, { cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer", ...options });
  } catch {
    throw new Problem(words.unreachable);
  }
  if (answer.status === 401) throw new Problem(`${words.wrong} ${(await answer.json()).remainingAttempts}`);
  if (answer.status === 404) throw new Problem(words.ended);
  if (answer.status === 429) throw new Problem(words.often);
  if (!answer.ok) throw new Problem(words.broken);
  return answer;
};

const send = (address, said) =>
  ask(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(said) });

const encryptedFiles = async (link, recipient, passcode) => {
  if (link.flags.includes("U")) {
    const address = new URL(link.url);
    address.searchParams.set("recipient", recipient);
    return [await (await ask(address)).text()];
  }
  const asked = { recipient, embeddedLengthMax: EMBEDDED_AT_MOST };
  if (link.flags.includes("P")) asked.passcode = passcode;
  const manifest = await (await send(link.url, asked)).json();
  answerAddress = manifest._answer || "";
  return Promise.all(
    manifest.files.map(async (file) => file.embedded ?? (await ask(file.location)).text()),
  );
};

const open = async () => {
  at("wrong").hidden = true;
  const link = theLink();
  if (new URL(link.url).origin !== location.origin) throw new Problem(words.elsewhere);
  if (!crypto.subtle || typeof DecompressionStream === "undefined") throw new Problem(words.old);
  const recipient = at("recipient").value.trim();
  if (!recipient) {
    at("recipient").focus();
    return;
  }
  const files = await encryptedFiles(link, recipient, at("passcode").value.trim());
  let resources;
  try {
    resources = await Promise.all(files.map(async (file) => JSON.parse(await decrypt(file, link.key))));
  } catch {
    throw new Problem(words.broken);
  }
  show(resources, words);
  at("ask").hidden = true;
  at("records").hidden = false;
  at("answer").hidden = !answerAddress;
  at("title").focus();
};

const answer = async (said, sentence) => {
  try {
    await send(answerAddress, { name: at("recipient").value.trim(), ...said });
    at("sent").textContent = sentence;
    return true;
  } catch (problem) {
    at("sent").textContent = `${words.notSent} ${problem.message}`;
    return false;
  } finally {
    at("sent").focus();
  }
};

at("open").addEventListener("submit", (event) => {
  event.preventDefault();
  open().catch((problem) => complain(problem instanceof Problem ? problem.message : words.broken));
});
at("received").addEventListener("click", async () => {
  at("received").disabled = true;
  at("received").disabled = await answer({ kind: "received" }, words.sentReceived);
});
at("ask-back").addEventListener("submit", async (event) => {
  event.preventDefault();
  const said = { kind: "question", text: at("question").value.trim(), reach: at("reach").value.trim() };
  for (const id of ["question", "reach"]) if (!at(id).value.trim()) return at(id).focus();
  if (await answer(said, words.sentQuestion)) at("question").value = "";
});
at("print").addEventListener("click", () => window.print());
window.addEventListener("hashchange", prepare);
prepare();
