// ADL's 188 test cases through the real player: packages made from ADL's manifests are imported, our own SCO makes the calls of
// each visit, and the questions about the user interface are answered by what is on the page.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

import { packageOf } from './lib/adl/package.mjs';
import { Tester } from './lib/adl/tester.mjs';
import { openBrowser } from './lib/browser.mjs';
import { play } from './lib/lyceum.mjs';
import { Office } from './lib/office.mjs';
import { POT_OF_TEA, scratch, SHARED } from './lib/places.mjs';

const CASES = path.join(SHARED, 'adl/testcases.json');
/** Pages that play at the same time. */
const PAGES = Number(process.env.LYCEUM_ADL_PAGES ?? 3);

/** Cases that go together: `CO-07b` builds on the global objectives that `CO-07a` has left. Each family has a learner. */
const family = (name) => name.replace(/[a-z]+$/, '');

function families(cases) {
  const found = new Map();
  for (const name of Object.keys(cases).sort()) found.set(family(name), [...(found.get(family(name)) ?? []), name]);
  // The longest first, so that no page is left alone with it.
  const length = (names) => names.reduce((sum, name) => sum + cases[name].visits.length, 0);
  return [...found.entries()].sort(([, a], [, b]) => length(b) - length(a));
}

it("ADL's test cases in the player", { skip: existsSync(CASES) ? false : 'SKIPPED: ../shared is not there', timeout: 600_000 }, async (t) => {
  const cases = JSON.parse(readFileSync(CASES, 'utf8'));
  const only = process.env.LYCEUM_ADL_CASES?.split(',');
  const wanted = Object.fromEntries(Object.entries(cases).filter(([name]) => !only || only.includes(name)));
  const server = await play(t, POT_OF_TEA, { data: scratch(t) });
  const office = new Office(server.info.app_url);
  const courses = new Map();
  for (const name of Object.keys(wanted).flatMap((each) => (each === 'DDM' ? ['DDMa', 'DDMb'] : [each]))) {
    courses.set(name, await office.import(name, packageOf(name)));
    await office.set(courses.get(name), { strictness: 'strict' });
  }
  const browser = await openBrowser(t);
  const queue = families(wanted);
  const [failures, counts, times] = [[], { deliveries: 0, calls: 0, questions: 0 }, []];
  let passed = 0;
  await Promise.all(Array.from({ length: Math.min(PAGES, queue.length) }, async () => {
    const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
    const tester = new Tester(page, office, courses);
    await tester.meet();
    for (let next = queue.shift(); next; next = queue.shift()) {
      for (const name of next[1]) {
        const began = performance.now();
        const found = await tester.play(name, wanted[name], `Learner, ${next[0]}`);
        times.push([name, Math.round(performance.now() - began)]);
        passed += found.length === 0 ? 1 : 0;
        failures.push(...found);
      }
    }
    for (const key of Object.keys(counts)) counts[key] += tester.counts[key];
  }));
  const slowest = times.sort(([, a], [, b]) => b - a).slice(0, 5).map(([name, ms]) => `${name} ${ms} ms`).join(', ');
  t.diagnostic(`${passed} of ${times.length} test cases pass: ${counts.deliveries} deliveries, ${counts.calls} calls, ${counts.questions} questions; slowest: ${slowest}`);
  assert.deepEqual(failures.sort(), []);
  assert.equal(passed, times.length);
  assert.equal(await office.metric('lyceum_outcome_differences_total') + await office.metric('lyceum_state_differences_total'), 0, 'browser and server agree');
});
