// Shows FHIR R4 resources to a person: a summary by its sections in the words of their narrative, and every entry as
// a line; documents to download. What is not said is told as unknown, never as none. Everything becomes text or
// elements of an allow-list: nothing that was sent is ever run or loaded.

const KEPT = new Set(
  `table caption thead tbody tfoot tr th td p br hr ul ol li dl dt dd b strong i em u small sub sup span div blockquote
   pre code h3 h4 h5 h6`.split(/\s+/),
);
const DROPPED = new Set(["script", "style", "template", "iframe", "object", "embed", "svg", "math", "img"]);
const KEPT_ATTRIBUTES = ["colspan", "rowspan", "dir", "lang"];
const LEFT_OUT = new Set(
  ["Composition", "Patient", "Practitioner", "PractitionerRole", "Organization", "Binary", "Provenance"],
);
const DEEPEST = 30; // elements within each other

const element = (name, text = "", attributes = {}) => {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

const list = (value) => (Array.isArray(value) ? value.filter((each) => each !== null) : []);
const said = (value) => (typeof value === "string" || typeof value === "number" ? String(value) : "");
const joined = (values, joint = " · ") => [...new Set(values.filter(Boolean))].join(joint);

// Narrative

export const sanitised = (markup, label) => {
  const parsed = new DOMParser().parseFromString(said(markup), "text/html");
  const room = element("div", "", { class: "cp-narrative", dir: "auto" });
  copyChildren(parsed.body, room, 0);
  for (const table of room.querySelectorAll("table")) nameCells(table);
  if (room.querySelector("table")) {
    // A wide table is scrolled within its room, also with the keyboard.
    for (const [key, value] of [["tabindex", "0"], ["role", "group"], ["aria-label", label]]) room.setAttribute(key, value);
  }
  return room;
};

// On a narrow screen a row stands as a card, each cell beside its heading; it stays a table for who hears it. Only a
// plain table: where cells span others, no heading can be told.
const nameCells = (table) => {
  const headings = [...table.querySelectorAll("thead > tr > th")].map((each) => each.textContent.trim());
  const rows = [...table.querySelectorAll("tbody > tr")];
  if (table.querySelector("[colspan], [rowspan], table") || !rows.every((each) => each.cells.length === headings.length)) return;
  table.classList.add("cp-carded");
  const roles = { thead: "rowgroup", tbody: "rowgroup", tr: "row", th: "columnheader", td: "cell" };
  table.setAttribute("role", "table");
  for (const each of table.querySelectorAll(Object.keys(roles).join())) each.setAttribute("role", roles[each.localName]);
  for (const row of rows) [...row.cells].forEach((cell, number) => cell.setAttribute("data-label", headings[number]));
};

const copyChildren = (from, to, depth) => {
  for (const child of from.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) to.append(child.data);
    if (child.nodeType !== Node.ELEMENT_NODE || depth > DEEPEST) continue;
    const name = child.localName;
    if (DROPPED.has(name)) continue;
    const into = KEPT.has(name) ? to.appendChild(element(name)) : to;
    if (into !== to) {
      for (const each of KEPT_ATTRIBUTES) if (child.hasAttribute(each)) into.setAttribute(each, child.getAttribute(each));
    }
    copyChildren(child, into, depth + 1);
  }
};

// Resources

class Pile {
  constructor(resources) {
    this.entries = resources.flatMap((each) =>
      each?.resourceType === "Bundle"
        ? list(each.entry).filter((entry) => entry.resource).map((entry) => [said(entry.fullUrl), entry.resource])
        : [["", each]],
    );
    this.byUrl = new Map();
    for (const [url, resource] of this.entries) {
      this.byUrl.set(`${resource.resourceType}/${resource.id}`, resource);
      if (url) this.byUrl.set(url, resource);
    }
    this.told = new Set();
  }

  of(type) {
    return this.entries.map(([, resource]) => resource).filter((each) => each?.resourceType === type);
  }

  follow(reference, inside) {
    const url = said(reference?.reference);
    if (url.startsWith("#")) return list(inside?.contained).find((each) => each.id === url.slice(1));
    return this.byUrl.get(url) || this.byUrl.get(url.split("/_history/")[0].split("/").slice(-2).join("/"));
  }
}

const conceptOf = (concept) =>
  said(concept?.text) || joined(list(concept?.coding).map((each) => said(each.display))) || said(concept?.coding?.[0]?.code);

const quantityOf = (quantity) => joined([said(quantity?.comparator), said(quantity?.value), said(quantity?.unit ?? quantity?.code)], " ");

const personOf = (resource) => {
  const name = list(resource?.name).find((each) => each.use === "official") ?? list(resource?.name)[0];
  return said(resource?.name) || said(name?.text) || joined([...list(name?.given).map(said), said(name?.family)], " ");
};

const nameOf = (resource, pile) => {
  const reference = resource.medicationReference ?? resource.device;
  const pointed = reference ? pile.follow(reference, resource) : null;
  return (
    conceptOf(resource.code) ||
    conceptOf(resource.medicationCodeableConcept) ||
    conceptOf(resource.vaccineCode) ||
    (pointed && (conceptOf(pointed.code) || conceptOf(pointed.type) || said(pointed.deviceName?.[0]?.name))) ||
    said(reference?.display) ||
    conceptOf(resource.type) ||
    said(resource.description) ||
    said(resource.title) ||
    resource.resourceType
  );
};

const momentsOf = (resource) =>
  ["onsetDateTime", "performedDateTime", "effectiveDateTime", "occurrenceDateTime", "authoredOn", "recordedDate", "date"]
    .map((key) => said(resource[key]).slice(0, 10))
    .concat(["performedPeriod", "effectivePeriod", "onsetPeriod"].map((key) => joined([said(resource[key]?.start).slice(0, 10), said(resource[key]?.end).slice(0, 10)], " – ")));

const valuesOf = (resource) => [
  quantityOf(resource.valueQuantity),
  conceptOf(resource.valueCodeableConcept),
  said(resource.valueString),
  ...list(resource.component).map((each) => joined([conceptOf(each.code), quantityOf(each.valueQuantity) || conceptOf(each.valueCodeableConcept)], ": ")),
];

const doseOf = (resource) => list(resource.dosage ?? resource.dosageInstruction).map((each) => said(each.text) || joined([quantityOf(each.doseAndRate?.[0]?.doseQuantity), conceptOf(each.route)], " "));

const lineOf = (resource, pile) => {
  for (const each of [resource.medicationReference, resource.device]) pile.told.add(each && pile.follow(each, resource));
  const device = resource.device ? pile.follow(resource.device, resource) : resource.resourceType === "Device" ? resource : null;
  const line = element("li", "", { dir: "auto" });
  line.append(element("strong", nameOf(resource, pile)));
  const more = joined([
    momentsOf(resource).find(Boolean),
    ...valuesOf(resource),
    ...doseOf(resource),
    conceptOf(resource.clinicalStatus) || said(resource.status),
    conceptOf(resource.verificationStatus),
    said(resource.criticality),
    ...list(resource.reaction).flatMap((each) => list(each.manifestation).map(conceptOf)),
    ...list(resource.bodySite ?? []).map(conceptOf),
    ...list(resource.complication).map(conceptOf),
    conceptOf(resource.outcome),
    ...list(device?.udiCarrier).map((each) => said(each.carrierHRF ?? each.deviceIdentifier)),
    said(device?.manufacturer),
    device?.lotNumber ? `LOT ${said(device.lotNumber)}` : "",
    device?.serialNumber ? `SN ${said(device.serialNumber)}` : "",
  ]);
  if (more) line.append(` · ${more}`);
  for (const note of [...list(resource.note).map((each) => said(each.text)), said(resource.conclusion), said(resource.description)]) {
    if (note && note !== nameOf(resource, pile)) line.append(element("p", note, { class: "cp-quiet cp-lines" }));
  }
  return line;
};

// Cards

const card = (heading, ...content) => {
  const body = element("div", "", { class: "card-body" });
  body.append(element("h2", heading), ...content);
  const room = element("section", "", { class: "card" });
  room.append(body);
  return room;
};

const lines = (resources, pile) => {
  const made = element("ul");
  made.append(...resources.map((each) => lineOf(each, pile)));
  return made;
};

const sectionCard = (section, composition, pile, words) => {
  const entries = list(section.entry).map((each) => pile.follow(each, composition)).filter(Boolean);
  for (const each of entries) pile.told.add(each);
  const content = [];
  const heading = said(section.title) || conceptOf(section.code);
  const narrative = section.text?.div ? sanitised(section.text.div, heading) : null;
  if (narrative?.textContent.trim()) content.push(narrative);
  if (entries.length && content.length) {
    const fold = element("details", "", { class: "cp-more" });
    fold.append(element("summary", words.entries), lines(entries, pile));
    content.push(fold);
  } else if (entries.length) {
    content.push(lines(entries, pile));
  }
  for (const inner of list(section.section)) content.push(sectionCard(inner, composition, pile, words));
  if (!content.length) content.push(element("p", joined([conceptOf(section.emptyReason), words.nothing])));
  return card(heading, ...content);
};

const patientCard = (patient, composition, pile, words) => {
  const authors = list(composition?.author).map((each) => personOf(pile.follow(each, composition)) || said(each.display));
  const facts = [
    [words.patient, personOf(patient)],
    [words.born, said(patient?.birthDate)],
    [words.sex, said(patient?.gender)],
    [words.identifier, joined(list(patient?.identifier).map((each) => said(each.value)))],
    [words.author, joined(authors)],
    [words.date, said(composition?.date).slice(0, 16).replace("T", " ")],
  ];
  const made = element("dl", "", { class: "cp-facts" });
  for (const [label, value] of facts) {
    const row = element("div");
    row.append(element("dt", label), element("dd", value || words.unknown, { dir: "auto" }));
    made.append(row);
  }
  return card(words.patient, made);
};

const documentLine = (reference, pile, words) => {
  const line = element("li");
  for (const each of list(reference.content)) {
    const attachment = each.attachment ?? {};
    const data = said(attachment.data) || said(pile.follow({ reference: attachment.url }, reference)?.data);
    const title = said(attachment.title) || said(reference.description) || conceptOf(reference.type) || attachment.contentType;
    line.append(element("bdi", said(title)), " ");
    if (!data) continue;
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    // Never shown by the browser, whatever the file claims to be: only downloaded.
    const href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
    line.append(element("a", words.download, { class: "btn cp-not-printed", href, download: fileName(title, attachment.contentType) }));
  }
  return line;
};

const ENDINGS = { "application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "text/plain": ".txt", "application/dicom": ".dcm", "application/xml": ".xml" };
const fileName = (title, type) => `${said(title).replace(/[^\p{L}\p{N} _-]/gu, "").slice(0, 60) || "record"}${ENDINGS[type] ?? ""}`;

// Everything that the link holds, into the page.
export const show = (resources, words) => {
  const pile = new Pile(resources);
  const content = document.getElementById("content");
  content.replaceChildren();
  const [composition] = pile.of("Composition");
  const patient = (composition && pile.follow(composition.subject, composition)) || pile.of("Patient")[0];
  document.getElementById("title").textContent = said(composition?.title) || personOf(patient) || words.documents;
  document.getElementById("about").textContent = joined([personOf(patient), said(patient?.birthDate)]);
  if (patient || composition) content.append(patientCard(patient, composition, pile, words));
  for (const each of pile.of("Composition")) {
    for (const section of list(each.section)) content.append(sectionCard(section, each, pile, words));
  }
  const documents = pile.of("DocumentReference");
  if (documents.length) {
    const made = element("ul", "", { class: "list-unstyled cp-stack" });
    made.append(...documents.map((each) => documentLine(each, pile, words)));
    content.append(card(words.documents, made));
  }
  const rest = pile.entries.map(([, each]) => each).filter((each) => !pile.told.has(each) && !LEFT_OUT.has(each.resourceType) && each.resourceType !== "DocumentReference");
  if (rest.length) content.append(card(words.other, lines(rest, pile)));
};
