// Courses with rules for the order of their parts, played by clicking: what may be pressed follows what the content says.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { openBrowser } from './lib/browser.mjs';
import { readLesson, standInForJquery, takeQuiz } from './lib/golf.mjs';
import { play, valuesOf } from './lib/lyceum.mjs';
import { packagePath } from './lib/packages.mjs';
import { haveShared, NIGHT_SKY, outFile, scratch } from './lib/places.mjs';
import { Player } from './lib/player.mjs';

const DESKTOP = { width: 1280, height: 800 };

async function open(t, course, { viewport = DESKTOP, prepare = () => {} } = {}) {
  const server = await play(t, course, { data: scratch(t) });
  const browser = await openBrowser(t);
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
  await prepare(context);
  const page = await context.newPage();
  page.on('dialog', (dialog) => dialog.accept().catch(() => {}));
  return { server, context, player: await Player.open(page, server.info.launch_url) };
}

/** Titles of parts that can be chosen now; the course itself, which is chosen to begin anew, is none. */
async function choosable({ page }) {
  const titles = await page.locator('[role="treeitem"]:not([aria-disabled="true"]) .toc-title').allTextContents();
  const course = await page.locator('#title').textContent();
  return titles.filter((title) => title !== course);
}

/** Whether a button of the bar is there and can be pressed. */
function pressable({ page }, request) {
  return page.locator(`[data-request="${request}"]:not([hidden])[aria-disabled="false"]`).count().then((count) => count === 1);
}

async function eventually(find, expected, what) {
  const until = Date.now() + 10_000;
  let found;
  do {
    found = await find();
    if (JSON.stringify(found) === JSON.stringify(expected)) return;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  } while (Date.now() < until);
  assert.deepEqual(found, expected, what);
}

const GOLF = [['Playing the Game', 5], ['Etiquette', 3], ['Handicapping', 4], ['Having Fun', 2]];
const LESSONS = GOLF.map(([title]) => title);
const golf = (name) => packagePath(`golf-${name}.zip`);
const limits = { skip: !haveShared('packages'), timeout: 120_000 };

/** Waits until a part is in the frame. */
function arrived({ tree, page }, title) {
  return tree.getByRole('treeitem', { name: title, exact: true }).and(page.locator('[aria-current="true"]')).waitFor();
}

/** Waits for the page after the course. */
function ended({ page }) {
  return page.getByRole('heading', { level: 1 }).filter({ hasText: /left the course|end of the course|course has ended/ }).waitFor();
}

/** How the course stands on the server. */
const standing = (server) => async () => {
  const { completion, success, score } = await server.registration();
  return [completion, success, score.scaled];
};

it('forced sequential order: a part opens when the one before is passed', limits, async (t) => {
  const { server, player } = await open(t, golf('SequencingForcedSequential_SCORM20043rdEdition'));
  for (const [at, [title, pages]] of GOLF.entries()) {
    await arrived(player, title);
    await eventually(() => choosable(player), LESSONS.slice(0, at + 1), `before ${title} is passed`);
    assert.equal(await pressable(player, 'continue'), false, `no Continue out of ${title} before it is passed`);
    await readLesson(player.course, pages);
    if (at + 1 < GOLF.length) {
      await eventually(() => choosable(player), LESSONS.slice(0, at + 2), `after ${title} is passed`);
      await player.button('Continue').click();
    }
  }
  // The fifth part is a quiz; who leaves before it is not done.
  await eventually(() => choosable(player), [...LESSONS, 'Quiz'], 'after all lessons are passed');
  await player.button('Exit all').click();
  await ended(player);
  await eventually(async () => (await standing(server)()).slice(0, 2), ['incomplete', 'unknown']);
});

it('post test rollup: lessons open one after the other, the content jumps to the quiz, which alone counts', limits, async (t) => {
  const { server, player } = await open(t, golf('SequencingPostTestRollup4thEd_SCORM20044thEdition'), { prepare: standInForJquery });
  await arrived(player, LESSONS[0]);
  await eventually(() => choosable(player), LESSONS.slice(0, 1));
  assert.equal(await player.tree.getByRole('treeitem', { name: 'Quiz', exact: true }).count(), 0, 'the quiz is hidden');
  await readLesson(player.course, GOLF[0][1]);
  await player.course.locator('#butNotes').click();
  await player.course.locator('textarea').fill('Replace divots');
  await player.course.locator('#butSaveNotes').click();
  await eventually(() => choosable(player), LESSONS.slice(0, 2), 'after the first lesson');
  await player.button('Continue').click();
  await arrived(player, LESSONS[1]);
  await player.course.locator('#butJump').click();
  await arrived(player, 'Quiz');
  await eventually(async () => (await choosable(player)).includes('Quiz'), true, 'once attempted, the quiz shows');
  await player.course.locator('#butNotes').click();
  await eventually(() => player.course.locator('textarea').inputValue(), 'Replace divots', 'the parts share their notes');
  await takeQuiz(player.course, { right: true });
  await player.button('Exit all').click();
  await ended(player);
  await eventually(standing(server), ['completed', 'passed', 1]);
});

it('random test: opens when all lessons are done, and a learner has two tries', limits, async (t) => {
  const { server, player } = await open(t, golf('SequencingRandomTest_SCORM20043rdEdition'));
  for (const [title, pages] of GOLF) {
    await arrived(player, title);
    assert.ok(!(await choosable(player)).includes('Post Test'), `no test before ${title} is done`);
    await readLesson(player.course, pages);
    await player.saved();
    if (title !== LESSONS.at(-1)) await player.button('Continue').click();
  }
  await eventually(() => pressable(player, 'continue'), true, 'the test is open');
  await player.button('Continue').click();
  await takeQuiz(player.course, { right: false });
  assert.equal(await pressable(player, 'suspendAll'), false, 'the author hides Suspend while a test is taken');
  await player.button('Continue').click();
  // Failed: the next attempt begins at once, and it is the last one.
  await takeQuiz(player.course, { right: true });
  await player.button('Continue').click();
  await ended(player);
  await eventually(standing(server), ['completed', 'passed', 1]);
});

it('simple remediation: the second round leads only through what was failed', limits, async (t) => {
  const { server, player } = await open(t, golf('SequencingSimpleRemediation_SCORM20043rdEdition'));
  assert.deepEqual(await choosable(player), [], 'nothing may be chosen here');
  for (const [title, pages] of GOLF) {
    await arrived(player, title);
    await readLesson(player.course, pages);
    await player.button('Continue').click();
  }
  for (const quiz of ['Playing', 'Etiquette', 'Handicapping', 'Having Fun']) {
    await arrived(player, `${quiz} Quiz`);
    await takeQuiz(player.course, { right: quiz !== 'Etiquette' });
    await player.button('Continue').click();
  }
  await arrived(player, 'Etiquette');
  await readLesson(player.course, 3);
  await player.button('Continue').click();
  await arrived(player, 'Etiquette Quiz');
  await takeQuiz(player.course, { right: true });
  await player.button('Continue').click();
  // The last quiz has rules of its own in the place of those by which others are skipped (imsss IDRef).
  await arrived(player, 'Having Fun Quiz');
  await takeQuiz(player.course, { right: true });
  await player.button('Continue').click();
  await ended(player);
  await eventually(standing(server), ['completed', 'passed', 1]);
});

it('advanced run-time calls: a single part with a quiz, and what was answered', limits, async (t) => {
  const { server, player } = await open(t, golf('RunTimeAdvancedCalls_SCORM20043rdEdition'));
  await player.course.locator('#butNext').waitFor();
  while (await player.course.locator('#butNext').isEnabled()) await player.course.locator('#butNext').click();
  await takeQuiz(player.course, { right: true });
  await player.button('Exit').click();
  await ended(player);
  await eventually(standing(server), ['completed', 'passed', 1]);
  const registration = await server.registration();
  assert.ok(valuesOf(registration, 'cmi.interactions.0.learner_response').length > 0, 'answers are on record');
});

it('minimum run-time calls: parts that say nothing are done when they were seen', limits, async (t) => {
  const { server, player } = await open(t, golf('RuntimeMinimumCalls_SCORM20043rdEdition'));
  const parts = await player.tree.locator('[role="treeitem"]:not([aria-expanded]) .toc-title').allTextContents();
  assert.equal(parts.length, 18);
  for (const part of parts) {
    await player.choose(part);
    await player.course.locator('body').waitFor();
  }
  await player.button('Exit all').click();
  await ended(player);
  await eventually(async () => (await standing(server)()).slice(0, 1), ['completed']);
});

it('the night sky: the check is closed until the lessons are done, and the panel says why', { timeout: 60_000 }, async (t) => {
  const { player } = await open(t, NIGHT_SKY);
  await eventually(() => choosable(player).then((titles) => titles.includes('First night out')), false);
  assert.equal(await pressable(player, 'previous'), false);
  const bar = await player.page.locator('#bar').evaluate((element) => [element.scrollWidth, element.clientWidth]);
  assert.ok(bar[0] <= bar[1], `all controls are on the page: ${bar}`);
  await player.page.screenshot({ path: outFile('sequenced-desktop.png') });
  await player.button('Why?').click();
  const panel = player.page.getByRole('dialog', { name: 'What is possible now, and why' });
  await panel.getByLabel('Choosing a part:').selectOption({ label: 'First night out' });
  await panel.getByText(/First night out . not possible/).waitFor();
  await player.page.screenshot({ path: outFile('sequenced-why.png') });
  await panel.getByRole('button', { name: 'Close' }).click();
  await player.button('Continue').click();
  await player.course.getByRole('heading', { name: 'The turning sky' }).waitFor();
  await player.button('Suspend').click();
  await player.page.getByRole('button', { name: 'Go on with the course' }).click();
  await player.course.getByRole('heading', { name: 'The turning sky' }).waitFor();
});

it('the night sky on a phone has room for its controls', { timeout: 60_000 }, async (t) => {
  const { player } = await open(t, NIGHT_SKY, { viewport: { width: 390, height: 844 } });
  await player.button('Continue').waitFor();
  const width = await player.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `nothing is beside the page: ${width}`);
  await player.page.screenshot({ path: outFile('sequenced-phone.png') });
});
