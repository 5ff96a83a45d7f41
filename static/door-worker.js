// Keeps the door open without signal: the last page of each door and what it is drawn with. Asks
// the network first; what it keeps is thrown away when whoever was signed in signs out.
const CACHE = 'door-1';
const PAGE = /^\/(trainer\/sessions\/[^/]+\/check-in\/[0-9]+|helper\/[0-9a-z]+)$/;

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', (event) => {
  if (event.data.forget) event.waitUntil(caches.delete(CACHE));
  if (event.data.keep) event.waitUntil(Promise.all(event.data.keep.map(keep)));
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (PAGE.test(url.pathname) || url.pathname.startsWith('/static/')) {
    event.respondWith(freshest(event.request, url));
  }
});

async function freshest(request, url) {
  try {
    const answer = await fetch(request);
    if (answer.ok && !answer.redirected && !url.search) {
      const copy = answer.clone();
      await (await caches.open(CACHE)).put(url.pathname, copy);
    }
    // A helper's link that has ended opens nothing any more, without signal neither.
    if (answer.status === 410 || answer.status === 404) await (await caches.open(CACHE)).delete(url.pathname);
    return answer;
  } catch (error) {
    const kept = await (await caches.open(CACHE)).match(url.pathname);
    if (kept) return kept;
    throw error;
  }
}

// The query says that nobody reads it now: it is put by.
async function keep(path) {
  const asked = PAGE.test(path) ? `${path}?q=` : path;
  const answer = await fetch(asked, { credentials: 'same-origin' });
  if (answer.ok && !answer.redirected) await (await caches.open(CACHE)).put(path, answer);
}
