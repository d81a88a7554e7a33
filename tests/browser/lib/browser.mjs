// Debian's Chromium, headless, and pages that remember what went wrong in them.

import { existsSync } from 'node:fs';
import { after, before } from 'node:test';

import { chromium } from './modules.mjs';

const ARGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** Chromium's program: CHROMIUM, or the places where distributions put it. */
export function chromiumPath() {
  const found = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((place) => place && existsSync(place));
  if (!found) throw new Error('no Chromium: install it (Debian: apt-get install chromium), or name it in CHROMIUM');
  return found;
}

/** A browser that closes with the test `t`. `resolve` maps host names, for example `MAP *.test 127.0.0.1`. */
export async function openBrowser(t, { resolve } = {}) {
  const args = resolve ? [...ARGS, `--host-resolver-rules=${resolve}`] : ARGS;
  const browser = await chromium.launch({ executablePath: chromiumPath(), args });
  t.after(() => browser.close());
  return browser;
}

/** A browser for all tests of the file or suite that asks for it: open before the first of them, closed after the last. */
export function browserForAll(options) {
  let browser;
  const atEnd = [];
  before(async () => { browser = await openBrowser({ after: (close) => atEnd.push(close) }, options); });
  after(() => Promise.all(atEnd.map((close) => close())));
  return { newContext: (profile) => browser.newContext(profile) };
}

/** Names that stand for this machine, and so may be asked in a test. */
export function isLocal(hostname) {
  return hostname === 'localhost' || hostname.endsWith('.test') || hostname === '[::1]' || /^127\./.test(hostname);
}

/** Lets no page of the context speak to the outside; answers the hosts that were asked for. */
export async function keepLocal(context) {
  const outside = new Set();
  await context.route((url) => /^https?:$/.test(url.protocol) && !isLocal(url.hostname), (route) => {
    outside.add(new URL(route.request().url()).hostname);
    return route.abort();
  });
  return outside;
}
