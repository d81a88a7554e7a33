// The player page by its contract: names, roles, keyboard, phone, the state of saving, reload and exit.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { violations } from './lib/axe.mjs';
import { browserForAll } from './lib/browser.mjs';
import { takeLesson, SKY, turn } from './lib/learner.mjs';
import { play } from './lib/lyceum.mjs';
import { NIGHT_SKY, outFile, POT_OF_TEA, scratch } from './lib/places.mjs';
import { OFFLINE, Player } from './lib/player.mjs';
import { callsOf, spyOnApi } from './lib/spy.mjs';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };
const SMALL_PHONE = { width: 360, height: 640 };
const TITLES = [...SKY.map(({ title }) => title), 'First night out'];

const browser = browserForAll();

/** A course played in a fresh profile. */
async function open(t, course, options = {}) {
  const server = await play(t, course, { data: scratch(t) });
  const context = await browser.newContext({ viewport: DESKTOP, ...options });
  t.after(() => context.close());
  await spyOnApi(context);
  const player = await Player.open(await context.newPage(), server.info.launch_url);
  await player.course.getByRole('button', { name: /^(Next|Begin)$/ }).waitFor();
  return { server, context, player };
}

/** The item of the table of contents that is delivered now. */
async function currentTitle(player) {
  const current = player.tree.locator('[role="treeitem"][aria-current]:not([aria-current="false"])');
  assert.equal(await current.count(), 1, 'exactly one item is the current one');
  return (await current.getAttribute('aria-label')) ?? (await current.textContent()).trim();
}

/** Waits for the course's next visit of the API, so that what follows is about the new SCO. */
async function untilHeading(player, title) {
  await player.course.getByRole('heading', { level: 1, name: title }).waitFor();
}

describe('names and roles', () => {
  it('a course of several SCOs', async (t) => {
    const { player } = await open(t, NIGHT_SKY);
    for (const name of ['Continue', 'Previous', 'Exit', 'Suspend', 'Reload']) {
      assert.ok(await player.button(name).isVisible(), `button ${name}`);
    }
    for (const title of TITLES) assert.ok(await player.tree.getByRole('treeitem', { name: title, exact: true }).isVisible(), title);
    assert.match(await currentTitle(player), /Eyes in the dark/);
    assert.ok(await player.progress.isVisible(), 'progress');
    await player.saved();
    assert.match(await player.page.title(), /Reading the Night Sky/);
    assert.ok(await player.page.locator('html').getAttribute('lang'), 'the page names its language');
  });

  it('a course of one SCO has no table of contents to choose from', async (t) => {
    const { player } = await open(t, POT_OF_TEA);
    for (const name of ['Exit', 'Reload']) assert.ok(await player.button(name).isVisible(), `button ${name}`);
    assert.equal(await player.tree.isVisible(), false);
    assert.equal(await player.button('Continue').isVisible(), false);
    assert.match(await player.page.title(), /A Good Pot of Tea/);
  });
});

describe('going about', () => {
  it('Continue and Previous', async (t) => {
    const { player } = await open(t, NIGHT_SKY);
    await player.button('Continue').click();
    await untilHeading(player, 'The turning sky');
    assert.match(await currentTitle(player), /The turning sky/);
    await player.button('Previous').click();
    await untilHeading(player, 'Eyes in the dark');
    assert.match(await currentTitle(player), /Eyes in the dark/);
  });

  it('the table of contents by mouse', async (t) => {
    const { player } = await open(t, NIGHT_SKY);
    await player.choose('The Moon');
    await untilHeading(player, 'The Moon, half of it');
    assert.match(await currentTitle(player), /The Moon/);
  });

  it('the table of contents by keyboard', async (t) => {
    const { player } = await open(t, NIGHT_SKY);
    const item = player.tree.getByRole('treeitem', { name: 'Eyes in the dark', exact: true });
    await item.focus();
    await player.page.keyboard.press('ArrowDown');
    await player.page.keyboard.press('Enter');
    await untilHeading(player, 'The turning sky');
    assert.match(await currentTitle(player), /The turning sky/);
  });

  it('every button is reached with the Tab key and shows that it is focused', async (t) => {
    const { player } = await open(t, NIGHT_SKY);
    // A course that is still loading takes the focus when it is there, and Tab would go on inside its frame.
    await untilHeading(player, 'Eyes in the dark');
    await player.page.locator('body').click({ position: { x: 1, y: 1 } });
    const reached = new Set();
    for (let i = 0; i < 40; i += 1) {
      await player.page.keyboard.press('Tab');
      const focused = await player.page.evaluate(() => {
        const element = document.activeElement;
        const style = getComputedStyle(element);
        const visible = style.outlineStyle !== 'none' || style.boxShadow !== 'none';
        return { name: element.getAttribute('aria-label') ?? element.textContent.trim(), role: element.tagName, visible };
      });
      if (focused.role === 'BUTTON') {
        assert.ok(focused.visible, `${focused.name} shows its focus`);
        reached.add(focused.name);
      }
      if (focused.role === 'IFRAME') break;
    }
    for (const name of ['Continue', 'Exit', 'Suspend', 'Reload']) assert.ok([...reached].some((text) => text.includes(name)), `${name} among ${[...reached]}`);
  });

  it('Reload loads the course frame again, at the same place', async (t) => {
    const { player } = await open(t, POT_OF_TEA);
    await turn(player.course, 3);
    await untilHeading(player, 'Ninety-nine parts water');
    await (await player.frame()).evaluate(() => { window.beforeReload = true; });
    await player.saved();
    await player.button('Reload').click();
    await player.course.getByText('Welcome back, Ada. You left off here.').waitFor();
    await untilHeading(player, 'Ninety-nine parts water');
    assert.equal(await (await player.frame()).evaluate(() => window.beforeReload), undefined);
  });

  it('Suspend leaves the course, and the next visit goes on there', async (t) => {
    const { server, context, player } = await open(t, NIGHT_SKY);
    await player.choose('Signposts');
    await untilHeading(player, 'Signposts');
    await turn(player.course, 2);
    await player.button('Suspend').click();
    await player.frameElement.waitFor({ state: 'detached' });
    const again = await Player.open(await context.newPage(), server.info.launch_url);
    await untilHeading(again, 'Orion’s belt');
    assert.match(await currentTitle(again), /Signposts/);
  });
});

describe('saving', () => {
  it('says saving while a commit is under way, and saved after it', async (t) => {
    const { player } = await open(t, POT_OF_TEA);
    await player.saved();
    let let_go;
    const held = new Promise((resolve) => { let_go = resolve; });
    await player.page.route(/\/commits/, async (route) => {
      await held;
      await route.continue();
    });
    await turn(player.course);
    await player.says(/saving/i);
    let_go();
    await player.saved();
  });

  it('says offline without a connection, lets the learner go on, and saves when it is back', async (t) => {
    const { server, context, player } = await open(t, POT_OF_TEA);
    await player.saved();
    await context.setOffline(true);
    await turn(player.course, 2);
    await player.says(OFFLINE);
    const { length } = await callsOf(player.page);
    await turn(player.course, 2);
    await untilHeading(player, 'How hot is hot?');
    await context.setOffline(false);
    await player.saved(length + 1, 30_000);
    const [{ cmi }] = (await server.registration()).attempts.at(-1).activities;
    assert.equal(cmi['cmi.core.lesson_location'], 'heat');
  });

  it('Exit asks first while something is not saved, and leaves at once when all is', async (t) => {
    const { context, player } = await open(t, POT_OF_TEA);
    await player.saved();
    await context.setOffline(true);
    await turn(player.course);
    await player.says(OFFLINE);
    const asked = askedBy(player.page);
    // The browser's own question holds the click until it is answered.
    const click = player.button('Exit').click();
    await (await asked).stay();
    await click;
    await untilHeading(player, 'One plant, many teas');
    await context.setOffline(false);
    await player.saved(0, 30_000);
    await player.button('Exit').click();
    await player.frameElement.waitFor({ state: 'detached' });
  });
});

/** The question that comes up next, be it the browser's own or one of the page. */
function askedBy(page) {
  const native = new Promise((resolve) => {
    page.once('dialog', (dialog) => resolve({ stay: () => dialog.dismiss() }));
  });
  const own = page.getByRole('dialog').or(page.getByRole('alertdialog')).first();
  const drawn = own.waitFor().then(() => ({
    stay: async () => {
      await page.keyboard.press('Escape');
      await own.waitFor({ state: 'hidden' });
    },
  }));
  drawn.catch(() => {}); // It never comes up where the browser asks.
  return Promise.race([native, drawn]);
}

describe('on a phone', () => {
  for (const viewport of [PHONE, SMALL_PHONE]) {
    it(`nothing is cut off at ${viewport.width} px`, async (t) => {
      const { player } = await open(t, NIGHT_SKY, { viewport, hasTouch: true, isMobile: true, reducedMotion: 'reduce' });
      const { scroll, width } = await player.page.evaluate(() => ({ scroll: document.documentElement.scrollWidth, width: window.innerWidth }));
      assert.ok(scroll <= width, `the page is ${scroll} px wide in a window of ${width} px`);
      const frame = await player.frameElement.boundingBox();
      assert.ok(frame.height >= viewport.height * 0.6, `the course has ${frame.height} of ${viewport.height} px`);
      for (const name of ['Continue', 'Exit']) {
        const box = await player.button(name).boundingBox();
        assert.ok(box && box.x >= 0 && box.x + box.width <= viewport.width, `${name} is within reach`);
        assert.ok(box.height >= 24, `${name} can be hit with a finger`);
      }
      await player.choose('The Moon');
      await untilHeading(player, 'The Moon, half of it');
      await player.page.screenshot({ path: outFile(`player-${viewport.width}.png`) });
    });
  }
});

describe('accessibility', () => {
  for (const [name, options] of Object.entries({
    light: { colorScheme: 'light' },
    dark: { colorScheme: 'dark' },
    phone: { viewport: PHONE, colorScheme: 'light' },
  })) {
    it(`axe finds nothing: ${name}`, async (t) => {
      const { player } = await open(t, NIGHT_SKY, { viewport: DESKTOP, reducedMotion: 'reduce', ...options });
      await takeLesson(player.course, SKY[0]);
      await player.saved();
      await player.page.screenshot({ path: outFile(`player-${name}.png`) });
      assert.deepEqual(await violations(player.page), []);
    });
  }

  it('axe finds nothing: the contents open on a phone, and the page after the end', async (t) => {
    const { player } = await open(t, NIGHT_SKY, { viewport: PHONE, reducedMotion: 'reduce' });
    await player.saved();
    await player.page.getByRole('button', { name: /contents/i }).click();
    await player.tree.waitFor();
    await player.page.screenshot({ path: outFile('player-contents.png') });
    // The course, which is the page's main landmark, is out of reach on purpose while the contents lie over it.
    assert.deepEqual((await violations(player.page)).filter((text) => !text.startsWith('landmark-one-main')), []);
    await player.page.keyboard.press('Escape');
    await player.button('Exit').click();
    await player.frameElement.waitFor({ state: 'detached' });
    await player.page.getByRole('heading', { level: 1 }).last().waitFor();
    await player.page.screenshot({ path: outFile('player-end.png') });
    assert.deepEqual(await violations(player.page), []);
  });
});
