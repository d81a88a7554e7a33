// Figures of the engine beside npm scorm-again, in one Chromium: `cargo xtask bench` runs this and reads its line of JSON.
// The cells are in `cells.js`, and both sides do the same calls through the API object that a course would find.
//
//   node tests/browser/bench/engine.mjs [--runs 5] [--cell-ms 200]

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

import { chromiumPath } from '../lib/browser.mjs';
import { chromium, MODULES } from '../lib/modules.mjs';
import { PROJECT, TESTS } from '../lib/places.mjs';

const ORIGIN = 'http://engine.test';
const PLAYER = path.join(PROJECT, 'crates/player');
const PEER = path.join(MODULES, 'scorm-again');
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' };

/** Folders behind the page's addresses. */
const SERVED = {
  '/assets/': path.join(PLAYER, 'assets'),
  '/web/': path.join(PLAYER, 'web'),
  '/peer/': path.join(PEER, 'dist/esm'),
  '/bench/': path.join(TESTS, 'bench'),
};

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};

function answer(route) {
  const { pathname } = new URL(route.request().url());
  if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>bench</title>' });
  const [prefix, folder] = Object.entries(SERVED).find(([start]) => pathname.startsWith(start));
  const file = path.join(folder, path.basename(pathname.slice(prefix.length)));
  return route.fulfill({ contentType: TYPES[path.extname(file)], body: readFileSync(file) });
}

/** Bytes of files, as they are and compressed as a server sends them. */
function size(files) {
  const contents = files.map((file) => readFileSync(file));
  const sum = (lengths) => lengths.reduce((total, length) => total + length, 0);
  return { raw: sum(contents.map((bytes) => bytes.length)), gzip: sum(contents.map((bytes) => gzipSync(bytes, { level: 6 }).length)) };
}

const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => { throw error; });
  await page.route(`${ORIGIN}/**`, answer);
  await page.goto(`${ORIGIN}/`);
  const options = { runs: option('runs', 5), cellMs: option('cell-ms', 200) };
  const cells = await page.evaluate(async (given) => (await import('/bench/cells.js')).measure(given), options);
  const ours = ['lyceum_player.js', 'lyceum_player_bg.wasm'].map((name) => path.join(PLAYER, 'assets', name));
  console.log(JSON.stringify({
    peer: JSON.parse(readFileSync(path.join(PEER, 'package.json'), 'utf8')).version,
    browser: browser.version(),
    cells,
    download: { ours: size(ours), peer: size([path.join(PEER, 'dist/esm/scorm-again.min.js')]) },
  }));
} finally {
  await browser.close();
}
