// The pages for administrators: history with the reasons of navigation, in light and dark, on a desk and on a phone.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';

import { overflow, violations } from './lib/axe.mjs';
import { browserForAll } from './lib/browser.mjs';
import { play } from './lib/lyceum.mjs';
import { NIGHT_SKY, POT_OF_TEA, outFile, scratch } from './lib/places.mjs';
import { Player } from './lib/player.mjs';
import { zipOf } from './lib/zip.mjs';

const browser = browserForAll();

/** A learner who went on once and suspended: the addresses of her pages. */
async function visited(t) {
  const server = await play(t, NIGHT_SKY, { data: scratch(t) });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  t.after(() => context.close());
  const player = await Player.open(await context.newPage(), server.info.launch_url);
  await player.button('Continue').click();
  await player.course.getByRole('heading', { name: 'The turning sky' }).waitFor();
  await player.button('Suspend').click();
  await player.page.getByText('Everything is saved.').waitFor();
  const registration = `${server.info.app_url.replace(/\/$/, '')}/registrations/${server.info.registration_id}`;
  return { registration, history: `${registration}/history` };
}

describe('history', () => {
  for (const [name, options] of Object.entries({
    light: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
    dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
    phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
  })) {
    it(`the reasons of a navigation unfold, and axe finds nothing: ${name}`, { timeout: 60_000 }, async (t) => {
      const { registration, history } = await visited(t);
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
      t.after(() => context.close());
      const page = await context.newPage();
      await page.goto(registration);
      await page.screenshot({ path: outFile(`registration-${name}.png`), fullPage: true });
      assert.ok((await overflow(page)) <= 0, 'nothing is beside the page of the registration');
      assert.deepEqual(await violations(page), []);
      await page.getByRole('link', { name: /^Navigation: every request/ }).click();
      assert.ok(page.url().startsWith(history));
      assert.equal(await page.getByLabel('Navigation only').isChecked(), true);
      const reasons = page.locator('tr.why details');
      assert.ok((await reasons.count()) >= 3, 'start, continue and suspend have their reasons');
      assert.equal(await reasons.first().evaluate((details) => details.open), false, 'folded');
      await reasons.nth(1).locator('summary').click();
      assert.ok(await reasons.nth(1).getByText('The turning sky').first().isVisible(), 'the reasons name the parts');
      await page.screenshot({ path: outFile(`history-${name}.png`), fullPage: true });
      assert.ok((await overflow(page)) <= 0, 'nothing is beside the page');
      assert.deepEqual(await violations(page), []);
    });
  }
});

/** A course folder as a person uploads it. */
function packed(folder, name) {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const place = (file) => path.join(file.parentPath, file.name);
  const content = Object.fromEntries(files.map((file) => [path.relative(folder, place(file)), readFileSync(place(file))]));
  return { name, mimeType: 'application/zip', buffer: zipOf(content) };
}

describe('upload', () => {
  it('tells of each package what became of it, and the list shows it as the rest of the page', { timeout: 60_000 }, async (t) => {
    const server = await play(t, NIGHT_SKY, { data: scratch(t) });
    const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB', timezoneId: 'Asia/Tokyo' });
    t.after(() => context.close());
    const page = await context.newPage();
    await page.goto(server.info.app_url);
    const long = `${'a-package-with-a-name-that-does-not-fit-'.repeat(2)}.zip`;
    const broken = { name: 'broken.zip', mimeType: 'application/zip', buffer: Buffer.from('not a zip') };
    await page.getByLabel('Drop a course package here, or choose one').setInputFiles([packed(POT_OF_TEA, long), broken]);
    await page.getByText('“A Good Pot of Tea” was imported.').waitFor();
    await page.getByText('broken.zip was not imported.').waitFor();
    assert.deepEqual(await page.getByRole('button', { name: 'Dismiss' }).count(), 2);
    const moment = page.getByRole('row', { name: 'A Good Pot of Tea' }).locator('time');
    await moment.waitFor();
    assert.doesNotMatch(await moment.textContent(), /UTC/, 'the reader\'s own time, after a refresh of the list too');
    assert.match(await moment.getAttribute('title'), /UTC$/, 'what the server wrote is at hand');
    await page.screenshot({ path: outFile('upload-phone.png'), fullPage: true });
    assert.ok((await overflow(page)) <= 0, 'nothing is beside the page');
    assert.deepEqual(await violations(page), []);
    await page.getByRole('button', { name: 'Dismiss' }).first().click();
    assert.equal(await page.getByRole('button', { name: 'Dismiss' }).count(), 1);
  });
});
