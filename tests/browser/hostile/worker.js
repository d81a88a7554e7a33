// Would answer every request of this origin, had it been registered.
self.addEventListener('fetch', (event) => event.respondWith(new Response('taken over')));
