// A course that means harm, on a server as it starts by itself (one content host for all courses) and as it is
// put before the public (a content host per registration). Every attack must fail, and each is named in the output.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { openBrowser } from './lib/browser.mjs';
import { freePort, play, registration, serve, valuesOf } from './lib/lyceum.mjs';
import { POT_OF_TEA, scratch, TESTS } from './lib/places.mjs';
import { Player } from './lib/player.mjs';
import { turn } from './lib/learner.mjs';

const HOSTILE = path.join(TESTS, 'hostile');
const HOSTILE_TITLE = 'A hostile course';
const VICTIM_TITLE = 'A Good Pot of Tea';

/** Where the attacks try to take the learner. */
const ELSEWHERE = 'about:blank#elsewhere';

/** No server needs this much for two small courses, whatever they send (bytes). */
const MEMORY_LIMIT = 400 * 1024 * 1024;

/** A value that is longer than this was kept although it should not have been (characters). */
const LONGEST_KEPT = 10 * 1024 * 1024;

/** Attacks that need nothing but the course itself. */
const ALONE = [
  'read the cookies of the application',
  'fetch a page of the application with its cookies',
  'read a page of the application in a frame',
  'read the application in a window of its own',
  'post to the application',
  'register a service worker',
];
/** Attacks on somebody else's registration. */
const ON_OTHERS = ['commit to another registration'];
/** Attacks on another course's part of the browser, which only a host of its own can protect. */
const ON_STORAGE = ['fetch the files of another course', 'read the storage of another course'];
/** Attacks on the page around the course. */
const BREAKOUTS = [
  'take the top window away', 'take the parent window away', 'leave through a link to the top window',
  'leave by opening into the top window', 'leave by posting a form into the top window', 'leave through a link planted in the player',
];
/** Attacks on the server's strength. */
const LOADS = ['flood the server with commits', 'post 50 MB to the server', 'store a value of 50 MB'];

/** Runs one attack in the hostile course's frame. */
async function run(player, name, targets) {
  const frame = await player.frame();
  return frame.evaluate(([attack, given]) => window.attacks[attack](given), [name, targets]);
}

/** The commits that a page sends, as requests that can be sent again. */
function recordCommits(page) {
  const commits = [];
  page.on('request', (request) => {
    if (request.method() !== 'POST' || !/\/commits/.test(request.url())) return;
    const body = (request.postDataBuffer() ?? Buffer.alloc(0)).toString('base64');
    const headers = Object.fromEntries(Object.entries(request.headers()).filter(([name]) => /^(authorization|content-type|x-)/i.test(name)));
    commits.push({ url: request.url(), headers, body });
  });
  return commits;
}

/** Own commits dressed up as somebody else's: the other's address with the own proof, the other's id in the own request. */
function forge(own, ownId, victim, victimId) {
  const [mine, theirs] = [new URL(own.url), new URL(victim.url)];
  const otherPath = new URL(own.url);
  otherPath.pathname = theirs.pathname;
  const otherHost = new URL(theirs);
  otherHost.search = mine.search;
  const swap = (text) => text.replaceAll(ownId, victimId);
  const body = Buffer.from(own.body, 'base64').toString('latin1');
  const variants = [
    { ...own, url: String(otherPath) },
    { ...own, url: String(otherHost) },
    { ...own, url: swap(own.url) },
    { ...own, url: swap(own.url), body: Buffer.from(swap(body), 'latin1').toString('base64') },
    { ...own, body: Buffer.from(swap(body), 'latin1').toString('base64') },
    { url: String(otherHost), headers: {}, body: victim.body },
  ];
  // What is equal to an honest commit proves nothing, nor does an address that carries the victim's own token.
  return variants.filter(({ url, body: sent }) => !(url === own.url && sent === own.body) && url !== victim.url);
}

/** Highest resident memory that the process ever had, in bytes. */
function peakMemory(pid) {
  const found = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return Number(found[1]) * 1024;
}

/** Everything of a registration that an attack could have changed. */
function essence({ attempts }) {
  return JSON.stringify(attempts.map(({ activities }) => activities.map(({ cmi }) => cmi)));
}

/** The whole gauntlet, for either way of serving. `world` says who is where. */
async function gauntlet(t, world) {
  const { server, data, context, hostile, victim, appUrl, ids, separateHosts } = world;
  await context.addCookies([{ name: 'app_secret', value: '42', url: appUrl }]);

  const victimCommits = recordCommits(victim.page);
  await turn(victim.course, 2);
  await victim.saved();
  await (await victim.frame()).evaluate(() => {
    localStorage.setItem('note', 'secret of the victim');
    indexedDB.open('victim-database');
  });

  const hostileCommits = recordCommits(hostile.page);
  await (await hostile.frame()).evaluate(() => {
    const { API: api } = window.parent;
    api.LMSInitialize('');
    api.LMSSetValue('cmi.core.lesson_location', 'harmless');
    api.LMSCommit('');
  });
  await hostile.saved();
  assert.ok(hostileCommits.length > 0 && victimCommits.length > 0, 'commits were seen on the wire');

  const victimUrl = (await victim.frame()).url();
  const targets = {
    app: appUrl,
    endpoints: await world.appEndpoints(),
    own: hostileCommits.at(-1),
    forged: forge(hostileCommits.at(-1), ids.hostile, victimCommits.at(-1), ids.victim),
    victimUrl,
    victimPath: new URL(victimUrl).pathname,
    elsewhere: ELSEWHERE,
  };
  const before = essence(await registration(ids.victim, data));
  const coursesBefore = await world.courses();
  const home = hostile.page.url();

  const named = [...ALONE, ...ON_OTHERS, ...(separateHosts ? ON_STORAGE : []), ...BREAKOUTS];
  for (const name of named) {
    await t.test(name, { timeout: 60_000 }, async (attack) => {
      // A successful escape must not spoil the attacks after it.
      attack.after(() => (hostile.page.url() === home ? undefined : hostile.page.goto(home)));
      const { got, detail } = await run(hostile, name, targets).catch((error) => ({ got: true, detail: `the course's page is gone: ${error.message}` }));
      attack.diagnostic(`${name}: ${detail || 'nothing came of it'}`);
      assert.equal(got, false, detail);
      assert.equal(hostile.page.url(), home, 'the player is still there');
      assert.ok(await hostile.frameElement.isVisible(), 'and the course is still in its frame');
      assert.equal(essence(await registration(ids.victim, data)), before, 'the other registration is as it was');
      assert.deepEqual(await world.courses(), coursesBefore, 'no course was added or changed');
    });
  }

  for (const name of LOADS) {
    await t.test(name, { timeout: 120_000 }, async (attack) => {
      const attacked = run(hostile, name, targets);
      // Meanwhile an honest learner goes on as if nothing happened.
      await turn(victim.course);
      await victim.saved(0, 10_000);
      const { got, detail } = await attacked;
      const frame = await hostile.frame();
      const said = await frame.evaluate(() => [window.flood, window.fiftyMegabytes].filter(Boolean).join('; '));
      attack.diagnostic(`${name}: ${said || detail || 'nothing came of it'}`);
      assert.equal(got, false, detail);
      await turn(victim.course);
      await victim.saved(0, 10_000);
      assert.ok(server.running, 'the server runs');
      assert.ok(peakMemory(server.pid) < MEMORY_LIMIT, `peak memory ${Math.round(peakMemory(server.pid) / 1024 / 1024)} MB`);
    });
  }

  await t.test('nothing of 50 MB was kept, and the page did not say that it was', async () => {
    const kept = valuesOf(await registration(ids.hostile, data), 'cmi.suspend_data');
    assert.ok(kept.every((value) => value.length < LONGEST_KEPT), `kept ${kept.map(({ length }) => length)} characters`);
    const accepted = (await (await hostile.frame()).evaluate(() => window.fiftyMegabytes)) === 'true';
    if (accepted) assert.equal((await hostile.claim()).saved, false, 'an accepted value that is not on the server is not called saved');
  });
}

/** Both courses are there, each with a registration; then the server starts in the given way. */
async function stage(t, { names, resolve }) {
  const data = scratch(t);
  const ids = {};
  for (const [role, course] of Object.entries({ hostile: HOSTILE, victim: POT_OF_TEA })) {
    const importing = await play(t, course, { data });
    ids[role] = importing.info.registration_id;
    await importing.stop();
  }
  const port = await freePort();
  const { appUrl, contentUrl } = names(port);
  const server = await serve(t, { data, port, appUrl, contentUrl });
  const browser = await openBrowser(t, { resolve });
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
  const hostile = await launchFromApp(context, appUrl, HOSTILE_TITLE);
  const victim = await launchFromApp(context, appUrl, VICTIM_TITLE);
  return {
    server, data, context, hostile, victim, appUrl, ids,
    separateHosts: new URL(hostile.page.url()).host !== new URL(victim.page.url()).host,
    appEndpoints: () => endpointsOf(context, appUrl),
    courses: () => coursesOn(context, appUrl),
  };
}

describe('a hostile course', () => {
  it('on one content host, as the server starts by itself', { timeout: 400_000 }, async (t) => {
    // Browsers treat 127.0.0.1 as a secure context, so this is also where a service worker could be had.
    await gauntlet(t, await stage(t, { names: (port) => ({ appUrl: `http://localhost:${port}`, contentUrl: `http://127.0.0.1:${port}` }) }));
  });

  it('on a content host per registration, as for the public', { timeout: 400_000 }, async (t) => {
    const world = await stage(t, {
      names: (port) => ({ appUrl: `http://app.lyceum.test:${port}`, contentUrl: `http://*.course.test:${port}` }),
      resolve: 'MAP *.test 127.0.0.1',
    });
    assert.ok(world.separateHosts, 'each registration has a content host of its own');
    await gauntlet(t, world);
  });
});

/** Follows the launch link that the application's list has for a course. */
async function launchFromApp(context, appUrl, title) {
  const page = await context.newPage();
  await page.goto(appUrl);
  const entry = page.locator('tr, li, article').filter({ hasText: title }).last();
  const link = entry.getByRole('link', { name: /launch|play|open|resume/i }).or(entry.getByRole('button', { name: /launch|play|open|resume/i })).first();
  const popup = context.waitForEvent('page', { timeout: 5_000 }).catch(() => null);
  await link.click();
  const playerPage = (await popup) ?? page;
  const player = new Player(playerPage);
  await player.frameElement.waitFor({ state: 'attached' });
  await player.course.getByRole('heading', { level: 1 }).first().waitFor();
  return player;
}

/** Addresses of the application that take posts: those of the forms on its first page, and the usual suspects. */
async function endpointsOf(context, appUrl) {
  const page = await context.newPage();
  await page.goto(appUrl);
  const actions = await page.locator('form').evaluateAll((forms) => forms.map((form) => form.action));
  await page.close();
  return [...new Set([...actions, ...['/', '/courses', '/upload', '/registrations', '/keys'].map((place) => new URL(place, appUrl).href)])];
}

/** What the application's first page lists, as text. */
async function coursesOn(context, appUrl) {
  const page = await context.newPage();
  await page.goto(appUrl);
  const entries = await page.locator('main').getByRole('link').allTextContents();
  await page.close();
  return entries.sort();
}
