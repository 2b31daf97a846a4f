/* Keeps the page of the door and its files, so that it opens without network. Names of people are none of its business:
   it never touches /api/, and what the officer recorded lies in IndexedDB, out of reach of any version of this file. */
const VERSION = {{ version|safe }};
const FILES = {{ files|safe }};
const SHELL = {{ shell|safe }};
const PREFIX = "door-";
const CACHE = PREFIX + VERSION;

async function fetched(address) {
  const answer = await fetch(new Request(address, { cache: "no-cache" }));
  // A page that asks for a password, or a provider's greeting, must not become the door.
  if (!answer.ok || answer.redirected) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

async function keep() {
  const cache = await caches.open(CACHE);
  await Promise.all(FILES.map(async (address) => cache.put(address, await fetched(address))));
}

/** All or nothing: where one file is missing, the version before stays in charge. */
self.addEventListener("install", (event) => event.waitUntil(keep()));

async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

self.addEventListener("activate", (event) => event.waitUntil(takeOver()));

/** A new version waits until no page of the old one is open, or until the page says that now is a good moment. */
self.addEventListener("message", (event) => {
  if (event.data === "take-over") self.skipWaiting();
});

async function kept(request, address) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address, { ignoreVary: true })) || fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (address.pathname === SHELL) event.respondWith(kept(request, SHELL));
  else if (FILES.includes(address.pathname)) event.respondWith(kept(request, address.pathname));
});
