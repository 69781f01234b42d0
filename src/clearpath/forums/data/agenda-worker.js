// Network first; without one, what was kept of the last agenda. Nothing is kept but that page and its style.
const NAME = "clearpath-agenda";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

const isAgenda = (request) => new URL(request.url).pathname === new URL(self.registration.scope).pathname;

const fresh = async (request) => {
  const kept = await caches.open(NAME);
  try {
    const answer = await fetch(request);
    if (request.mode === "navigate" && isAgenda(request)) {
      // Signed out, or no longer invited: what was kept goes too.
      if (answer.ok) await kept.put(request.url, answer.clone());
      else await caches.delete(NAME);
    }
    return answer;
  } catch (error) {
    const found = await kept.match(request.url, { ignoreSearch: request.mode === "navigate" });
    if (found) return found;
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const isOwn = new URL(event.request.url).origin === self.location.origin;
  if (event.request.method === "GET" && isOwn) event.respondWith(fresh(event.request));
});
