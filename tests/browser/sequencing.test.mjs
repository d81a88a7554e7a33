// Courses with rules for the order of their parts, played by clicking: what may be pressed follows what the content says.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { openBrowser } from './lib/browser.mjs';
import { play } from './lib/lyceum.mjs';
import { packagePath } from './lib/packages.mjs';
import { haveShared, NIGHT_SKY, outFile, scratch } from './lib/places.mjs';
import { Player } from './lib/player.mjs';

const DESKTOP = { width: 1280, height: 800 };

async function open(t, course, viewport = DESKTOP) {
  const server = await play(t, course, { data: scratch(t) });
  const browser = await openBrowser(t);
  const context = await browser.newContext({ viewport, reducedMotion: 'reduce' });
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

it('forced sequential order: a part opens when the one before is passed', { skip: !haveShared('packages'), timeout: 120_000 }, async (t) => {
  const { server, player } = await open(t, packagePath('golf-SequencingForcedSequential_SCORM20043rdEdition.zip'));
  const titles = GOLF.map(([title]) => title);
  for (const [at, [title, pages]] of GOLF.entries()) {
    await player.tree.getByRole('treeitem', { name: title, exact: true }).and(player.page.locator('[aria-current="true"]')).waitFor();
    await eventually(() => choosable(player), titles.slice(0, at + 1), `before ${title} is passed`);
    assert.equal(await pressable(player, 'continue'), false, `no Continue out of ${title} before it is passed`);
    for (let page = 1; page < pages; page += 1) await player.course.locator('#butNext').click();
    if (at + 1 < GOLF.length) {
      await eventually(() => choosable(player), titles.slice(0, at + 2), `after ${title} is passed`);
      await player.button('Continue').click();
    }
  }
  // The fifth part is a quiz; who leaves before it is not done.
  await eventually(() => choosable(player), [...titles, 'Quiz'], 'after all lessons are passed');
  await player.button('Exit all').click();
  await player.page.getByRole('heading', { level: 1 }).filter({ hasText: /left the course/ }).waitFor();
  const standing = async () => {
    const { completion, success } = await server.registration();
    return [completion, success];
  };
  await eventually(standing, ['incomplete', 'unknown']);
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
  await player.page.getByRole('button', { name: 'Open again' }).click();
  await player.course.getByRole('heading', { name: 'The turning sky' }).waitFor();
});

it('the night sky on a phone has room for its controls', { timeout: 60_000 }, async (t) => {
  const { player } = await open(t, NIGHT_SKY, { width: 390, height: 844 });
  await player.button('Continue').waitFor();
  const width = await player.page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 390, `nothing is beside the page: ${width}`);
  await player.page.screenshot({ path: outFile('sequenced-phone.png') });
});
