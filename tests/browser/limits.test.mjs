// Limits act: the time that a course allows, and the number of attempts. The browser's clock is turned, nobody waits.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { browserForAll } from './lib/browser.mjs';
import { writeCourse } from './lib/course.mjs';
import { play, run, valuesOf } from './lib/lyceum.mjs';
import { outFile, scratch } from './lib/places.mjs';
import { Player } from './lib/player.mjs';

const browser = browserForAll();

/** Content as it is written everywhere: it finishes when it is taken out of its frame. */
const QUIZ = `<!doctype html><title>Quiz</title><h1>Quiz</h1><button onclick="API.LMSSetValue('cmi.core.lesson_location', 'answered')">Answer</button><script>
  const API = parent.API;
  API.LMSInitialize('');
  addEventListener('pagehide', () => { API.LMSSetValue('cmi.comments', 'last words'); API.LMSFinish(''); });
</script>`;

const limit = (time, action) => `<adlcp:maxtimeallowed>${time}</adlcp:maxtimeallowed><adlcp:timelimitaction>${action}</adlcp:timelimitaction>`;

async function open(t, item) {
  const course = writeCourse(t, { standard: '1.2', title: 'Quiz', item, files: { 'index.html': QUIZ } });
  const data = scratch(t);
  const server = await play(t, course, { data });
  const context = await browser.newContext();
  t.after(() => context.close());
  await context.clock.install();
  const player = await Player.open(await context.newPage(), server.info.launch_url);
  await player.course.getByRole('button', { name: 'Answer' }).click();
  return { server, data, context, player };
}

describe('the time that a course allows', () => {
  it('exit,message: the content has its last words, and the learner is told', async (t) => {
    const { server, context, player } = await open(t, limit('00:10:00', 'exit,message'));
    await context.clock.fastForward('09:50');
    assert.ok(await player.course.getByRole('button', { name: 'Answer' }).isVisible(), 'ten seconds are left');
    await context.clock.fastForward('00:11');
    await player.page.getByRole('heading', { name: 'The time allowed for this part is over' }).waitFor();
    assert.equal(await player.frameElement.count(), 0);
    await player.page.getByText('You can close this page.').waitFor();
    assert.equal(await player.button('Open again').count(), 0, 'it would lead here');
    await player.page.screenshot({ path: outFile('end-time-is-over.png') });
    const report = await server.registration();
    assert.equal(report.attempts[0].exit, 'time-out');
    assert.deepEqual(valuesOf(report, 'cmi.core.lesson_location'), ['answered']);
    assert.deepEqual(valuesOf(report, 'cmi.comments'), ['last words']);

    // The time is used up for good: whoever opens it again is out again.
    const again = await (await context.newPage());
    await again.goto(server.info.launch_url);
    await again.getByRole('heading', { name: 'The time allowed for this part is over' }).waitFor();
  });

  it('continue,message: only a word', async (t) => {
    const { context, player } = await open(t, limit('00:10:00', 'continue,message'));
    await context.clock.fastForward('10:01');
    await player.page.locator('#notices').getByText('The time allowed for this part is over').waitFor();
    assert.ok(await player.course.getByRole('button', { name: 'Answer' }).isVisible());
  });

  it('continue,no message: nothing', async (t) => {
    const { context, player } = await open(t, limit('00:10:00', 'continue,no message'));
    await context.clock.fastForward('30:00');
    assert.equal(await player.page.locator('#notices').innerText(), '');
    assert.ok(await player.course.getByRole('button', { name: 'Answer' }).isVisible());
  });
});

describe('the number of attempts', () => {
  it('the last one is resumed, and the learner is told', async (t) => {
    const { server, data, context, player } = await open(t, '');
    await player.button('Exit').click();
    await player.page.getByText('You can close this page.').waitFor();
    const rules = ['new_attempt=WHEN_EXISTING_REG_IS_COMPLETE', 'max_attempts=2'];
    const set = await run('course', 'settings', server.info.course_id, ...rules, '--data', data);
    assert.equal(set.code, 0, set.stderr);
    for (const [attempt, notice] of [[2, false], [2, true]]) {
      const next = await Player.open(await context.newPage(), server.info.launch_url);
      await next.course.getByRole('button', { name: 'Answer' }).click();
      assert.equal(await next.page.locator('#notices').getByText('allows 2 attempts').isVisible(), notice, `notice in attempt ${attempt}`);
      await next.button('Exit').click();
      await next.page.getByText('You can close this page.').waitFor();
      assert.equal((await server.registration()).attempts.length, attempt);
    }
  });
});
