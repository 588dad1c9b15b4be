// The worker of /desk/: without a connection a page of the desk becomes the page of what is kept. KEPT, VERSION and MARK
// stand above, written by the server. It keeps that page and its parts alone, nothing anybody wrote.
const CACHE = `tresen-shell-${VERSION}`;
const SHELL = KEPT.at(-1);

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("tresen-shell-") && name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(reached(event));
  else if (KEPT.includes(new URL(request.url).pathname)) event.respondWith(fetch(request).catch(() => caches.match(request.url)));
});

async function reached(event) {
  try {
    const answer = await fetch(event.request);
    // Sent elsewhere, perhaps to sign in; or refused.
    if (answer.type === "opaqueredirect" || answer.status === 401) event.waitUntil(compared());
    return answer;
  } catch {
    return (await caches.match(SHELL)) ?? Response.error();
  }
}

// A session that is dead leaves nothing behind. One that has changed is found by the next page.
async function compared() {
  const answer = await fetch(MARK, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer && (answer.status === 401 || answer.status === 404)) await new Promise((done) => {
    const request = indexedDB.deleteDatabase("tresen-offline");
    request.onsuccess = request.onerror = request.onblocked = done;
  });
}
