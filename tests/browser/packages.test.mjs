// Every playable SCORM package of ../shared: it loads, it finds the API, what it sets reaches the server
// and is there again after the tab was closed abruptly.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { browserForAll, isLocal, keepLocal } from './lib/browser.mjs';
import { clickForward } from './lib/clicker.mjs';
import { check, play, valuesOf } from './lib/lyceum.mjs';
import { contentRoot, Traffic } from './lib/network.mjs';
import { KNOWN, listPackages, packagePath } from './lib/packages.mjs';
import { haveShared, PROJECT, scratch } from './lib/places.mjs';
import { Player } from './lib/player.mjs';
import { callsOf, closeAbruptly, lateCallsOf, spyOnApi, valuesSet } from './lib/spy.mjs';

/** How long a course may take to settle after it was loaded or clicked. */
const SETTLE_MS = 6_000;
/** How many times the clicker tries to get a silent course to talk. */
const CLICKS = 5;
/** Packages at a time: each has its own server, so this is a matter of processors only. */
const AT_A_TIME = 2;

/** Not kept as a value of its own: time is added up, the way to leave is used up, comments are strung together. */
const NOT_COMPARED = /session_time$|\.exit$|^adl\.nav\.|^cmi\.comments$/;
/** Can be set but not read. */
const WRITE_ONLY = /^cmi\.interactions\..*/;

const DOCUMENT = path.join(PROJECT, 'docs', 'packages.md');

const rows = [];

/** Waits until nothing has been asked for half a second, but not for ever: some courses never stop. */
async function settle(page) {
  await page.waitForLoadState('networkidle', { timeout: SETTLE_MS }).catch(() => {});
}

/** All frames of the course: those below the player, and those of windows that it opened. */
function courseFrames(context, playerPage) {
  return context.pages().flatMap((page) => page.frames().filter((frame) => frame !== playerPage.mainFrame()));
}

/** A browser profile of its own, so that the second visit finds what the first one left behind. */
async function openProfile(browser, { standIns = {} }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const outside = await keepLocal(context);
  for (const [ending, body] of Object.entries(standIns)) {
    await context.route((url) => !isLocal(url.hostname) && url.pathname.endsWith(ending), (route) => route.fulfill({ contentType: 'text/javascript', body }));
  }
  await spyOnApi(context);
  context.on('dialog', (dialog) => dialog.accept().catch(() => {}));
  return { context, outside, traffic: new Traffic(context) };
}

/** Opens the launch link in a new tab and waits until the course stands still. */
async function visit({ context }, link) {
  const page = await context.newPage();
  const player = await Player.open(page, link);
  await page.waitForFunction(() => {
    const frame = document.querySelector('iframe[title="Course content"]');
    return frame && frame.src && frame.src !== 'about:blank';
  });
  const address = await player.frameElement.evaluate((frame) => frame.src);
  await settle(page);
  return { context, page, player, address };
}

/** Clicks on until the calls of the course satisfy `enough`, or there is nothing to click any more. */
async function coax({ context, page }, enough) {
  const clicked = [];
  for (let i = 0; i < CLICKS; i += 1) {
    if (enough(await callsOf(page))) break;
    const what = await clickForward(courseFrames(context, page));
    if (!what) break;
    clicked.push(what);
    await settle(page);
  }
  return clicked;
}

function initialised(calls) {
  return calls.some(({ method, answer }) => method === 'Initialize' && answer === 'true');
}

function setsSomething(calls) {
  return valuesSet(calls).size > 0;
}

/**
 * What of the values set until now the server does not have. A course does not stand still while the server is asked:
 * a value that it set in the meantime (`after`) is as good.
 */
function lacking(values, record, after = []) {
  const lost = [];
  for (const [element, value] of values) {
    if (NOT_COMPARED.test(element)) continue;
    const newer = after.filter(({ method, args }) => method === 'SetValue' && args[0] === element).map(({ args }) => args[1]);
    const kept = valuesOf(record, element);
    if (![value, ...newer].some((wanted) => kept.includes(wanted))) lost.push(`${element}=${value.slice(0, 60)}`);
  }
  return lost;
}

/** Values of the first visit that the course itself can read again in the second one. */
async function readBack(page, values) {
  const again = new Map();
  for (const [element, value] of values) {
    if (NOT_COMPARED.test(element) || WRITE_ONLY.test(element)) continue;
    const answer = await page.evaluate((name) => {
      if (window.API_1484_11) return window.API_1484_11.GetValue(name);
      return window.API.LMSGetValue(name);
    }, element);
    again.set(element, [value, String(answer)]);
  }
  return again;
}

/** What a course did, in a word or two. */
function deed(calls, values) {
  if (calls.length === 0) return 'never calls';
  if (!initialised(calls)) return 'looks for the API only';
  const named = [...values.keys()].map((element) => element.replace(/^cmi\.(core\.)?/, '').replace(/\.\d+\..*/, ''));
  return named.length === 0 ? 'initialises' : `sets ${[...new Set(named)].sort().join(', ')}`;
}

function table() {
  const head = '| package | standard | items | what it did | its own missing files | asks outside hosts | after an abrupt close |\n|---|---|---|---|---|---|---|\n';
  const lines = rows.sort((a, b) => a.file.localeCompare(b.file)).map((row) => (
    `| ${row.file} | ${row.standard} | ${row.items} | ${row.did} | ${row.missing.join('<br>') || '–'} | ${row.outside.join('<br>') || '–'} | ${row.again} |`));
  return `# Real packages in the player

Written by \`tests/browser/packages.test.mjs\` (with \`UPDATE_DOCS=1\`). Every package of \`../shared/packages\` that can be played as SCORM is launched in
Chromium, its files must load, what it sets must reach the server, and after closing the tab without a word and launching it again it must be there.
Files that are missing are missing in the package itself.

${head}${lines.join('\n')}
`;
}

const shared = haveShared('packages');
const scorm = shared ? listPackages().filter(({ standard_edition: standard }) => standard.startsWith('SCORM')) : [];

describe('real packages', { concurrency: AT_A_TIME, skip: shared ? false : '../shared not found' }, () => {
  const browser = browserForAll();

  after(() => {
    const text = table();
    if (process.env.UPDATE_DOCS !== '1') {
      console.log(text);
      return;
    }
    mkdirSync(path.dirname(DOCUMENT), { recursive: true });
    writeFileSync(DOCUMENT, text);
  });

  for (const { file, quirks } of scorm) {
    const known = KNOWN[file] ?? {};
    it(file, { timeout: 90_000 }, async (t) => {
      const report = await check(packagePath(file));
      if (known.unplayable) {
        assert.equal(report.launchable, false, `${file} should be refused: ${known.unplayable}`);
        assert.ok(report.diagnostics.some(({ severity }) => severity === 'error'), 'an error names the reason');
        rows.push({ file, standard: report.standard ?? '–', items: report.items ?? 0, did: `refused: ${known.unplayable}`, missing: [], outside: [], again: '–' });
        return;
      }
      assert.equal(report.launchable, true, `${file} should be playable (${quirks}): ${JSON.stringify(report.diagnostics)}`);

      const server = await play(t, packagePath(file), { data: scratch(t) });
      const profile = await openProfile(browser, known);
      t.after(() => profile.context.close());
      const first = await visit(profile, server.info.launch_url);
      const root = contentRoot(first.address, report.launch);
      assert.ok(root, `the frame's address ${first.address} ends with the launch file ${report.launch}`);
      assert.equal(profile.traffic.statusOf(first.address), 200, 'the launch file loads');

      if (known.item) await first.player.choose(known.item);
      const clicked = await coax(first, setsSomething);
      const missing = profile.traffic.missing(root);
      const unexpected = missing.filter((name) => !(known.missing ?? []).includes(name));
      assert.deepEqual(unexpected, [], 'no file is missing that the package has');

      await first.player.saved();
      const { calls } = await first.player.claim();
      const values = valuesSet(calls);
      assert.equal(deedLevel(calls, values), known.api ?? 'sets', `calls: ${JSON.stringify(calls.slice(0, 12))}, clicked: ${clicked}`);

      const record = await server.registration();
      assert.deepEqual(lacking(values, record, await callsOf(first.page)), [], 'what the page shows as saved is on the server');
      const before = await callsOf(first.page);
      for (const page of profile.context.pages()) if (page !== first.page) await page.close();
      await closeAbruptly(first.page);

      const again = await relaunch(server, profile, before);
      rows.push({
        file, standard: report.standard, items: report.items, did: deed(calls, values) + (known.why ? ` (${known.why})` : ''), missing, outside: [...profile.outside].sort(), again,
      });
    });
  }

  /** The second visit: the course initialises again and finds what it had set. */
  async function relaunch(server, profile, before) {
    const second = await visit(profile, server.info.launch_url);
    const { page } = second;
    if (!initialised(before)) return 'loads again';
    await coax(second, initialised);
    assert.ok(initialised(await callsOf(page)), 'the course initialises again');
    const values = valuesSet([...before, ...(await lateCallsOf(page))]);
    const record = await server.registration();
    const calls = await callsOf(page);
    const fresh = valuesSet(calls);
    const kept = new Map([...values].filter(([element]) => !fresh.has(element)));
    assert.deepEqual(lacking(kept, record), [], 'nothing is lost on the server');
    if (record.attempts.length > 1) return 'a new attempt, the old one is kept';
    if (calls.some(({ method }) => method === 'Terminate')) return 'there again on the server';
    for (const [element, [was, is]] of await readBack(page, kept)) assert.equal(is, was, `${element} is there again`);
    return values.size === 0 ? 'initialises again' : 'there again';
  }
});

/** How far a course goes with the API: `none`, `initialises` or `sets`. */
function deedLevel(calls, values) {
  if (!initialised(calls)) return 'none';
  return values.size === 0 ? 'initialises' : 'sets';
}

it('docs/packages.md names every package', { skip: shared ? false : '../shared not found' }, () => {
  if (process.env.UPDATE_DOCS === '1') return;
  const text = existsSync(DOCUMENT) ? readFileSync(DOCUMENT, 'utf8') : '';
  const unnamed = scorm.filter(({ file }) => !text.includes(`| ${file} |`)).map(({ file }) => file);
  assert.deepEqual(unnamed, [], 'run the package test with UPDATE_DOCS=1 and commit docs/packages.md');
});
