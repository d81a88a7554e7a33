// Figures of navigation on trees of 10 to 5,000 activities, beside npm scorm-again in one Chromium: `cargo xtask bench` runs this and
// reads its line of JSON. The trees come from `../shared/bench/scorm_again_bench.mjs`, in both sides' forms.
//
//   node tests/browser/bench/sequencing.mjs --script ../shared/bench/scorm_again_bench.mjs [--sizes 10,100,1000,5000] [--samples 400]

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { chromiumPath } from '../lib/browser.mjs';
import { opening } from '../lib/engine.mjs';
import { chromium, MODULES } from '../lib/modules.mjs';
import { PROJECT, TESTS } from '../lib/places.mjs';

const ORIGIN = 'http://engine.test';
const PEER = path.join(MODULES, 'scorm-again');
const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : process.argv[at + 1];
};

/** Activities of each tree. */
const SIZES = option('sizes', '10,100,1000,5000').split(',').map(Number);
/** Navigations measured on each tree, at most. */
const SAMPLES = Number(option('samples', 400));
// By its real path: the script runs only when it is called by the name that it knows itself by.
const script = realpathSync(option('script'));
const SERVED = {
  '/assets/': path.join(PROJECT, 'crates/player/assets'),
  '/web/': path.join(PROJECT, 'crates/player/web'),
  '/peer/': path.join(PEER, 'dist/esm'),
  '/bench/': path.join(TESTS, 'bench'),
  '/script/': path.dirname(script),
};

function answer(route) {
  const { pathname } = new URL(route.request().url());
  if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bench</title>' });
  const [prefix, folder] = Object.entries(SERVED).find(([start]) => pathname.startsWith(start));
  const file = path.join(folder, path.basename(pathname.slice(prefix.length)));
  return route.fulfill({ contentType: TYPES[path.extname(file)], body: readFileSync(file) });
}

const folder = mkdtempSync(path.join(tmpdir(), 'lyceum-bench-'));
const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu'] });
try {
  const { version } = JSON.parse(readFileSync(path.join(PEER, 'package.json'), 'utf8'));
  const sizes = {};
  for (const n of SIZES) {
    const manifest = path.join(folder, 'imsmanifest.xml');
    writeFileSync(manifest, execFileSync(process.execPath, [script, '--emit-manifest', String(n)], { maxBuffer: 64 << 20 }));
    const opened = await opening(manifest, ['--now', '2026-01-01T00:00:00Z']);
    // A page of its own for each size: no side inherits the other's heap.
    const page = await browser.newPage();
    await page.route(`${ORIGIN}/**`, answer);
    await page.goto(`${ORIGIN}/`);
    const given = { n, opened, samples: SAMPLES, capMs: 8_000, version };
    sizes[n] = await page.evaluate(async (options) => (await import('/bench/sequencing-cells.js')).measure(options), given);
    await page.close();
  }
  console.log(JSON.stringify({ peer: version, browser: browser.version(), sizes }));
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
