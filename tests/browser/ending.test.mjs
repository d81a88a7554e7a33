// The page after the course: how it ended, how it stands, and what can be done then.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { overflow, violations } from './lib/axe.mjs';
import { browserForAll } from './lib/browser.mjs';
import { writeCourse } from './lib/course.mjs';
import { play, run } from './lib/lyceum.mjs';
import { NIGHT_SKY, outFile, scratch } from './lib/places.mjs';
import { Player } from './lib/player.mjs';

const DESKTOP = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 844 };

const browser = browserForAll();

const QUIZ = `<!doctype html><title>Quiz</title><h1>Quiz</h1>
<button onclick="say('passed', 90)">Right</button><button onclick="say('failed', 20)">Wrong</button><button onclick="say('incomplete', 10)">Begin</button><script>
  const API = parent.API;
  API.LMSInitialize('');
  function say(status, score) { API.LMSSetValue('cmi.core.lesson_status', status); API.LMSSetValue('cmi.core.score.raw', String(score)); API.LMSCommit(''); }
</script>`;

const ASKING = `<!doctype html><title>Part</title><h1>Part</h1><button onclick="leave('exitAll')">All over</button><script>
  const API = parent.API_1484_11;
  API.Initialize('');
  function leave(request) { API.SetValue('adl.nav.request', request); API.Terminate(''); }
</script>`;

const SEQUENCING = 'xmlns:imsss="http://www.imsglobal.org/xsd/imsss"';

async function launch(t, course, { settings = [], ...options } = {}) {
  const data = scratch(t);
  const server = await play(t, course, { data });
  if (settings.length > 0) {
    const set = await run('course', 'settings', server.info.course_id, ...settings, '--data', data);
    assert.equal(set.code, 0, set.stderr);
  }
  const context = await browser.newContext({ viewport: DESKTOP, reducedMotion: 'reduce', ...options });
  t.after(() => context.close());
  return { server, context, page: await context.newPage() };
}

async function open(t, course, options) {
  const launched = await launch(t, course, options);
  return { ...launched, player: await Player.open(launched.page, launched.server.info.launch_url) };
}

const quiz = (t) => writeCourse(t, { standard: '1.2', title: 'Tasting', files: { 'index.html': QUIZ } });

/** The end page, once everything is saved: its title and what stands in its list, by name. */
async function endOf(page) {
  await page.getByText('Everything is saved. You can close this page.').waitFor();
  const heading = page.locator('#panel h1');
  assert.equal(await heading.evaluate((h1) => h1 === document.activeElement), true, 'the heading has the focus');
  const region = page.getByRole('region', { name: await heading.textContent() });
  assert.equal(await region.count(), 1, 'the page is a named region');
  const facts = await page.locator('#panel .facts div').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
  assert.equal(await page.locator('#bar button:visible').count(), 0, 'no control of the course is left');
  const title = await heading.textContent();
  await page.screenshot({ path: outFile(`end-${title.toLowerCase().replaceAll(' ', '-')}.png`) });
  return { title, facts: Object.fromEntries(facts), buttons: await page.locator('#panel button').allTextContents() };
}

describe('how it stands', () => {
  for (const [name, options] of Object.entries({ light: { colorScheme: 'light' }, dark: { colorScheme: 'dark' }, phone: { viewport: PHONE } })) {
    it(`passed, with score and time: ${name}`, async (t) => {
      const { page, player } = await open(t, quiz(t), { settings: ['new_attempt_on_request=yes', 'max_attempts=3'], ...options });
      await player.course.getByRole('button', { name: 'Right' }).click();
      await player.button('Exit').click();
      const { title, facts, buttons } = await endOf(page);
      assert.equal(title, 'You have left the course');
      const { Time: time, ...others } = facts;
      assert.deepEqual(others, { Completion: 'Completed', Result: 'Passed', Score: '90 %', Attempt: '1 of 3' });
      assert.match(time, /^\d+ s$/);
      assert.deepEqual(buttons.slice(-2), ['Open again', 'Begin a new attempt']);
      await page.screenshot({ path: outFile(`end-${name}.png`) });
      assert.ok((await overflow(page)) <= 0, 'nothing is beside the page');
      assert.deepEqual(await violations(page), []);
    });
  }
});

describe('a new attempt', () => {
  it('is begun from here as often as the course allows, and an unfinished one is asked about', async (t) => {
    const { server, page, player } = await open(t, quiz(t), { settings: ['new_attempt_on_request=yes', 'max_attempts=2'] });
    await player.course.getByRole('button', { name: 'Begin' }).click();
    await player.button('Exit').click();
    await endOf(page);
    await player.button('Begin a new attempt').click();
    const question = page.getByRole('dialog', { name: 'Begin a new attempt?' });
    await question.getByRole('button', { name: 'Keep this attempt' }).click();
    assert.equal((await server.registration()).attempts.length, 1, 'kept');
    await player.button('Begin a new attempt').click();
    await question.getByRole('button', { name: 'Begin a new attempt' }).click();
    await player.course.getByRole('button', { name: 'Wrong' }).click();
    await player.button('Exit').click();
    const { facts, buttons } = await endOf(page);
    assert.deepEqual([facts.Result, facts.Attempt], ['Not passed', '2 of 2']);
    await page.getByText('This was the last of 2 attempts.').waitFor();
    assert.equal(buttons.includes('Begin a new attempt'), false, 'none is left');
    await page.screenshot({ path: outFile('end-last.png') });
    assert.equal((await server.registration()).attempts.length, 2);
  });

  it('is not offered where the settings leave that to others, and refused where they have changed meanwhile', async (t) => {
    const { server, page, player } = await open(t, quiz(t));
    await player.button('Exit').click();
    assert.equal((await endOf(page)).buttons.includes('Begin a new attempt'), false);
    const token = new URL(page.url()).pathname.split('/').at(-2);
    const answer = await page.evaluate(async (path) => (await fetch(path, { method: 'POST' })).status, `/play/${token}/attempts`);
    assert.equal(answer, 409);
    assert.equal((await server.registration()).attempts.length, 1);
  });
});

describe('how it ended', () => {
  it('suspended: it goes on from here', async (t) => {
    const { page, player } = await open(t, NIGHT_SKY);
    await player.button('Continue').click();
    await player.course.getByRole('heading', { name: 'The turning sky' }).waitFor();
    await player.button('Suspend').click();
    const { title, facts, buttons } = await endOf(page);
    assert.equal(title, 'The course is suspended');
    assert.equal(facts.Completion, 'In progress');
    assert.equal(buttons[0], 'Go on with the course');
    await player.button('Go on with the course').click();
    await player.course.getByRole('heading', { name: 'The turning sky' }).waitFor();
  });

  it('abandoned', async (t) => {
    const { page, player } = await open(t, NIGHT_SKY);
    await player.button('Abandon all').click();
    const { title, buttons } = await endOf(page);
    assert.equal(title, 'You have abandoned the course');
    await page.getByText('What you did in the last part does not count.').waitFor();
    assert.deepEqual(buttons.slice(-1), ['Open again']);
    await player.button('Open again').click();
    await player.course.getByRole('heading').first().waitFor();
  });

  it('reached: Continue after the last part leads out of the course', async (t) => {
    const flow = `<imsss:sequencing ${SEQUENCING}><imsss:controlMode flow="true"/></imsss:sequencing>`;
    const course = writeCourse(t, { standard: '2004', title: 'Two', parts: ['One', 'Two'], organization: flow, files: { 'index.html': ASKING } });
    const { page, player } = await open(t, course);
    for (let part = 0; part < 2; part += 1) {
      await player.course.getByRole('heading', { name: 'Part' }).waitFor();
      await player.button('Continue').click();
    }
    assert.equal((await endOf(page)).title, 'You have reached the end of the course');
  });

  it('left: the course opens again from here', async (t) => {
    const { page, player } = await open(t, quiz(t));
    await player.button('Exit').click();
    await endOf(page);
    await player.button('Open again').click();
    await player.course.getByRole('heading', { name: 'Quiz' }).waitFor();
  });

  it('by the content, and then there is no attempt left', async (t) => {
    const item = `<imsss:sequencing ${SEQUENCING}><imsss:limitConditions attemptLimit="1"/></imsss:sequencing>`;
    const course = writeCourse(t, { standard: '2004', title: 'Once only', organization: item, files: { 'index.html': ASKING } });
    const { server, context, page, player } = await open(t, course);
    await player.course.getByRole('button', { name: 'All over' }).click();
    const over = await endOf(page);
    assert.equal(over.title, 'The course has ended');
    assert.equal(over.buttons.includes('Open again'), false, 'it would not open');
    const again = await context.newPage();
    await again.goto(server.info.launch_url);
    await again.getByText('You have used all the attempts that this course allows.').waitFor();
    const { title, facts, buttons } = await endOf(again);
    assert.equal(title, 'The course cannot be opened now');
    assert.equal(buttons.includes('Open again'), false, 'it would lead here');
    assert.equal(facts.Completion, 'Completed');
    assert.deepEqual(await violations(again), []);
  });
});
