// What the learner sees after content has exited: by `cmi.exit`, by where the part is in the course, by how it stands, and by what the
// course's settings say. The decisions alone are a table beside the engine (`crates/attempt/tests/settings/exits.txt`).

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { browserForAll } from './lib/browser.mjs';
import { writeCourse } from './lib/course.mjs';
import { activitiesOf, play, run } from './lib/lyceum.mjs';
import { scratch } from './lib/places.mjs';
import { Player } from './lib/player.mjs';

/** Everything here happens at once; a debug build on a busy machine takes a few seconds. */
const PATIENCE_MS = 10_000;

const browser = browserForAll();

/** Content that says what it is told to say, and exits. */
const CONTENT = `<!doctype html><title>Part</title><h1>Part</h1><script>
  const is2004 = 'API_1484_11' in parent;
  const API = is2004 ? parent.API_1484_11 : parent.API;
  const initialized = is2004 ? API.Initialize('') : API.LMSInitialize('');
  const set = (element, value) => (is2004 ? API.SetValue(element, value) : API.LMSSetValue(element, value));
  window.finish = (status, exit) => {
    const said = [set(is2004 ? 'cmi.completion_status' : 'cmi.core.lesson_status', status)];
    if (exit) said.push(set(is2004 ? 'cmi.exit' : 'cmi.core.exit', exit));
    return [initialized, ...said, is2004 ? API.Terminate('') : API.LMSFinish('')].join();
  };
</script>`;

const LEFT = 'You have left the course';
const OVER = 'The course has ended';

async function untilEnd({ page, player }, title) {
  await page.getByRole('heading', { name: title, exact: true }).waitFor();
  await page.getByText('You can close this page.').waitFor();
  assert.equal(await player.frameElement.count(), 0);
}

/** What each word of the table looks like. */
const SEEN = {
  told: async ({ page, player }) => {
    await page.locator('#notices').getByText('This part is finished.', { exact: true }).waitFor();
    assert.ok(await player.frameElement.isVisible(), 'the content stays in view');
  },
  'told, with a way on': async ({ page, player }) => {
    await page.locator('#notices').getByText('This part is finished. Go on with Continue, or leave with Exit.').waitFor();
    assert.ok(await player.frameElement.isVisible(), 'the content stays in view');
  },
  'told, at the end': async ({ page, player }) => {
    await page.locator('#notices').getByText('This part is finished. You can leave with Exit.').waitFor();
    assert.ok(await player.frameElement.isVisible(), 'the content stays in view');
  },
  'told, as the only part': async ({ page, player }) => {
    await page.locator('#notices').getByText('The content is finished. You can leave with Exit.').waitFor();
    assert.ok(await player.frameElement.isVisible(), 'the content stays in view');
  },
  'the next part': async ({ player, isCurrent, at }) => {
    await isCurrent(at + 1);
    await player.course.getByRole('heading', { name: 'Part' }).waitFor();
  },
  'the end': (scene) => untilEnd(scene, OVER),
  'asked, and left': async (scene) => {
    await scene.page.getByRole('dialog').getByRole('button', { name: 'Leave the course' }).click();
    await untilEnd(scene, LEFT);
  },
  'asked, and stayed': async ({ page, player }) => {
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Stay here' }).click();
    await dialog.waitFor({ state: 'hidden' });
    assert.ok(await player.frameElement.isVisible());
    assert.equal(await page.getByRole('heading', { name: LEFT }).count(), 0);
  },
  nothing: async ({ page, player, isCurrent, at }) => {
    await player.saved();
    // Whatever the player does after an exit it has begun before what comes by a later task of the same page is done.
    await page.evaluate(() => new Promise((done) => { setTimeout(() => requestAnimationFrame(done)); }));
    assert.ok(await player.frameElement.isVisible());
    assert.equal(await page.locator('#notices').innerText(), '');
    assert.equal(await page.getByRole('dialog').count(), 0);
    await isCurrent(at);
  },
};

const TWO = ['One', 'Two'];
const ONE = ['Only'];

/**
 * Standard, parts, the one that exits, its status and `cmi.exit`, settings; what is seen, and `cmi.entry` at the next launch, where that
 * opens the same part.
 */
const TABLE = [
  // ---- the standards' own behaviour: the learner decides, and where there is only one part there is nothing to tell
  ['1.2', TWO, 0, 'completed', '', [], 'told, with a way on'],
  ['1.2', TWO, 1, 'completed', '', [], 'told, at the end'],
  ['1.2', TWO, 0, 'incomplete', 'suspend', [], 'told, with a way on', 'resume'],
  ['1.2', TWO, 0, 'incomplete', 'time-out', [], 'told, with a way on', ''],
  ['1.2', TWO, 0, 'incomplete', 'logout', [], 'the end', ''],
  ['1.2', ONE, 0, 'completed', 'logout', [], 'the end', ''],
  ['2004', ONE, 0, 'completed', 'normal', [], 'nothing', 'ab-initio'],
  ['2004', ONE, 0, 'incomplete', 'suspend', [], 'nothing', 'resume'],
  ['2004', ONE, 0, 'incomplete', 'time-out', [], 'the end', 'ab-initio'],
  ['2004', ONE, 0, 'incomplete', 'logout', [], 'the end', 'ab-initio'],
  // ---- settings: the part's own result in the middle, the course's at the end
  ['1.2', TWO, 0, 'completed', '', ['exit_normal_intermediate_satisfied=GO_TO_NEXT_SCO'], 'the next part'],
  ['1.2', TWO, 0, 'incomplete', '', ['exit_normal_intermediate_satisfied=GO_TO_NEXT_SCO'], 'told, with a way on'],
  ['1.2', TWO, 0, 'failed', '', ['exit_normal_intermediate_not_satisfied=EXIT_COURSE'], 'the end'],
  ['1.2', TWO, 1, 'passed', '', ['exit_normal_final_not_satisfied=EXIT_COURSE_AFTER_CONFIRM'], 'asked, and left'],
  ['1.2', ONE, 0, 'passed', '', ['exit_normal_final_satisfied=EXIT_COURSE_AFTER_CONFIRM'], 'asked, and stayed'],
  ['1.2', ONE, 0, 'passed', '', ['exit_normal_final_satisfied=DO_NOTHING'], 'nothing'],
  ['1.2', ONE, 0, 'passed', '', ['exit_normal_final_satisfied=DISPLAY_MESSAGE'], 'told, as the only part'],
  ['1.2', TWO, 1, 'passed', '', ['exit_normal_final_not_satisfied=GO_TO_NEXT_SCO'], 'told, at the end'],
  ['1.2', TWO, 0, 'incomplete', 'suspend', ['exit_suspend_intermediate_not_satisfied=EXIT_COURSE'], 'the end', 'resume'],
  ['1.2', TWO, 0, 'incomplete', 'logout', ['exit_logout_intermediate_not_satisfied=GO_TO_NEXT_SCO'], 'the next part'],
  ['1.2', TWO, 0, 'incomplete', 'time-out', ['exit_timeout_intermediate_not_satisfied=EXIT_COURSE'], 'the end', ''],
  ['2004', ONE, 0, 'completed', 'normal', ['exit_normal_final_satisfied=EXIT_COURSE'], 'the end', 'ab-initio'],
  // ---- a SCORM 2004 course of several parts: the author's rules decide
  ['2004', TWO, 0, 'completed', 'normal', ['exit_normal_intermediate_satisfied=EXIT_COURSE'], 'told'],
];

async function open(t, [standard, parts, at, , , settings]) {
  const course = writeCourse(t, { standard, title: 'Course', parts, files: { 'index.html': CONTENT } });
  const data = scratch(t);
  const server = await play(t, course, { data });
  if (settings.length > 0) {
    const set = await run('course', 'settings', server.info.course_id, ...settings, '--data', data);
    assert.equal(set.code, 0, set.stderr);
  }
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const player = await Player.open(page, server.info.launch_url);
  const isCurrent = (n) => page.waitForFunction(
    (name) => document.querySelector('[role="treeitem"][aria-current]:not([aria-current="false"])')?.textContent.includes(name),
    parts[n],
  );
  if (at > 0) await player.choose(parts[at]);
  await player.course.getByRole('heading', { name: 'Part' }).waitFor();
  return { server, page, player, at, isCurrent: parts.length > 1 ? isCurrent : async () => {} };
}

describe('after content has exited', () => {
  for (const row of TABLE) {
    const [standard, parts, at, status, exit, settings, seen, entry] = row;
    const where = parts.length === 1 ? 'the only part' : `part ${at + 1} of ${parts.length}`;
    it(`${standard}, ${where}, ${status}, exit "${exit}"${settings.map((one) => `, ${one}`).join('')}: ${seen}`, async (t) => {
      const scene = await open(t, row);
      const { server, player } = scene;
      const answers = await (await player.frame()).evaluate(([is, how]) => window.finish(is, how), [status, exit]);
      assert.match(answers, /^true(,true)+$/, 'the API takes all of it');
      await SEEN[seen](scene);
      if (await player.frameElement.count()) await player.saved();
      const known = activitiesOf(await server.registration()).find(({ title }) => title === parts[at]);
      assert.equal(known.cmi[standard === '2004' ? 'cmi.completion_status' : 'cmi.core.lesson_status'], status);
      if (entry === undefined) return;
      // How the part is found at the next launch says how its exit was taken.
      const context = scene.page.context();
      if (await player.frameElement.count()) {
        await player.button('Exit').click();
        await scene.page.getByText('You can close this page.').waitFor();
      }
      await scene.page.close();
      const next = await Player.open(await context.newPage(), server.info.launch_url);
      await next.course.getByRole('heading', { name: 'Part' }).waitFor();
      const [name, element] = standard === '2004' ? ['GetValue', 'cmi.entry'] : ['LMSGetValue', 'cmi.core.entry'];
      const found = await (await next.frame()).evaluate(([get, what]) => (parent.API_1484_11 ?? parent.API)[get](what), [name, element]);
      assert.equal(found, entry, 'cmi.entry of the next launch');
    });
  }
});
