// Shows the kept offline page when a page cannot be loaded. Everything else goes to the server as if this were not here.
const CACHE = "greenroom-offline-1";
const PAGE = "/offline";

async function keepOfflinePage() {
  const cache = await caches.open(CACHE);
  const page = await fetch(PAGE, { cache: "reload" });
  const html = await page.clone().text();
  const needed = [...html.matchAll(/(?:href|src)="(\/static\/dist\/[^"]+)"/g)].map((found) => found[1]);
  await cache.put(PAGE, page);
  await cache.addAll([...new Set(needed)]);
}

self.addEventListener("install", (event) => {
  event.waitUntil(keepOfflinePage().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match(PAGE).then((page) => page ?? Response.error())));
  } else if (new URL(request.url).pathname.startsWith("/static/dist/")) {
    event.respondWith(fetch(request).catch(() => caches.match(request).then((kept) => kept ?? Response.error())));
  }
});
