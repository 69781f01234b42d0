// The agenda stays readable without a network, and says what is now and next by the clock of the device.
const NAME = "clearpath-agenda";
const here = location.pathname;
const worker = document.currentScript.dataset.worker;

if ("serviceWorker" in navigator) {
  const keep = async () => {
    await navigator.serviceWorker.register(worker, { scope: here });
    await caches.delete(NAME); // one agenda at a time: whoever signs in next finds their own or none
    const kept = await caches.open(NAME);
    const parts = performance.getEntriesByType("resource").map((each) => each.name);
    const own = parts.filter((each) => each.startsWith(`${location.origin}/`) && !each.includes("worker"));
    await Promise.all([here, ...new Set(own)].map((each) => kept.add(each).catch(() => {})));
    document.documentElement.dataset.offline = "ready";
  };
  addEventListener("load", () => navigator.onLine && keep());
}

const mark = () => {
  const now = Date.now();
  let next = null;
  for (const line of document.querySelectorAll("[data-begins]")) {
    const begins = Date.parse(line.dataset.begins);
    const ends = Date.parse(line.dataset.ends);
    if (begins > now && (next === null || begins < next)) next = begins;
    line.dataset.time = ends <= now ? "past" : begins <= now ? "now" : "later";
  }
  for (const line of document.querySelectorAll("[data-begins]")) {
    if (Date.parse(line.dataset.begins) === next) line.dataset.time = "next";
    for (const badge of line.querySelectorAll("[data-when]")) badge.hidden = badge.dataset.when !== line.dataset.time;
  }
};
setInterval(mark, 30000);
if (!navigator.onLine) mark();
addEventListener("offline", mark);
