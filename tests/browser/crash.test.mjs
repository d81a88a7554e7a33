// The tab dies without a word, the server dies between commits: what the page showed as saved is there
// afterwards, and the page goes on by itself.

import assert from 'node:assert/strict';
import { it } from 'node:test';

import { openBrowser } from './lib/browser.mjs';
import { answer, answerTea, TEA, turn } from './lib/learner.mjs';
import { activitiesOf, freePort, interactionsOf, play, registration, valuesOf } from './lib/lyceum.mjs';
import { POT_OF_TEA, scratch } from './lib/places.mjs';
import { OFFLINE, Player } from './lib/player.mjs';
import { spyOnApi, valuesSet } from './lib/spy.mjs';

/** Written once and used up: not a value that could be compared later. */
const PASSING = /session_time$|\.exit$/;

async function openProfile(t) {
  const browser = await openBrowser(t);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await spyOnApi(context);
  return context;
}

/** Kills the renderer process of a page: no unload, no pagehide, nothing. */
async function killTab(page) {
  const devtools = await page.context().newCDPSession(page);
  const crashed = page.waitForEvent('crash');
  devtools.send('Page.crash').catch(() => {});
  await crashed;
  await page.close();
}

/** Every value set by these calls is on the server, or a newer one of `later`. */
function assertKept(record, calls, later = calls) {
  for (const [element, value] of valuesSet(calls)) {
    if (PASSING.test(element)) continue;
    const newer = later.filter(({ method, args }) => method === 'SetValue' && args[0] === element).map(({ args }) => args[1]);
    const kept = valuesOf(record, element);
    assert.ok([value, ...newer].some((wanted) => kept.includes(wanted)), `${element} was shown as saved with ${value}, the server has ${JSON.stringify(kept)}`);
  }
}

/** Answers the question that the quiz shows now; the quiz itself knows which. */
async function answerNext(course) {
  const id = await course.locator('form.question').getAttribute('data-question');
  const [, given] = TEA.find(([name]) => name === id);
  await answer(course, id, given);
}

async function nextQuestion(course) {
  const button = course.getByRole('button', { name: /^(Next question|See your result)$/ });
  if (await button.isVisible()) await button.click();
}

it('the tab is killed again and again in the middle of the quiz', { timeout: 180_000 }, async (t) => {
  const server = await play(t, POT_OF_TEA, { data: scratch(t) });
  const context = await openProfile(t);
  let player = await Player.open(await context.newPage(), server.info.launch_url);
  await turn(player.course, 9);

  for (let round = 0; round < TEA.length - 1; round += 1) {
    await player.course.locator('form.question').waitFor();
    await nextQuestion(player.course);
    await answerNext(player.course);
    // Every second time the tab dies at once, otherwise when the page claims that all is safe.
    if (round % 2 === 0) await player.saved();
    const claim = await player.claim();
    await killTab(player.page);
    if (claim.saved) assertKept(await server.registration(), claim.calls);
    if (round % 2 === 0) assert.ok(claim.saved);

    player = await Player.open(await context.newPage(), server.info.launch_url);
    await player.course.getByText('Welcome back, Ada. You left off here.').waitFor();
    await player.saved();
  }

  const answered = interactionsOf(activitiesOf(await server.registration())[0]).map(({ id }) => id);
  assert.deepEqual([...new Set(answered)], answered, 'no answer is stored twice');
  const sure = TEA.filter((_, index) => index % 2 === 0 && index < TEA.length - 1).map(([id]) => id);
  for (const id of sure) assert.ok(answered.includes(id), `${id} was saved before the tab died`);
});

it('the server is killed and restarted under an open page', { timeout: 180_000 }, async (t) => {
  const data = scratch(t);
  const listen = `127.0.0.1:${await freePort()}`;
  let server = await play(t, POT_OF_TEA, { data, listen });
  const id = server.info.registration_id;
  const context = await openProfile(t);
  const player = await Player.open(await context.newPage(), server.info.launch_url);
  await turn(player.course, 9);
  await player.saved();

  for (const [round, question] of TEA.entries()) {
    await answer(player.course, ...question);
    if (round % 2 === 0) await player.saved();
    const claim = await player.claim();
    await server.kill();
    if (claim.saved) assertKept(await registration(id, data), claim.calls);

    // The course goes on without the server, and the page says how things stand.
    await player.course.getByRole('button', { name: /^(Next question|See your result)$/ }).click();
    if (round === TEA.length - 1) await player.course.getByRole('heading', { name: 'Well brewed' }).waitFor();
    else await turnBackAndForth(player.course);
    await player.says(OFFLINE);

    server = await play(t, POT_OF_TEA, { data, listen });
    assert.equal(server.info.registration_id, id, 'the same registration goes on');
    await player.saved(0, 30_000);
    const now = await player.claim();
    assertKept(await registration(id, data), now.calls);
  }

  const record = await registration(id, data);
  assert.equal(record.attempts.length, 1);
  const lesson = activitiesOf(record)[0];
  assert.deepEqual(interactionsOf(lesson).map(({ id: name }) => name), TEA.map(([name]) => name), 'every answer once, in order');
  assert.deepEqual([lesson.cmi['cmi.core.lesson_status'], lesson.cmi['cmi.core.score.raw']], ['passed', '100']);
});

/** Something that makes the course store its place twice. */
async function turnBackAndForth(course) {
  await course.getByRole('button', { name: 'Back', exact: true }).click();
  await course.getByRole('heading', { name: 'When a cup goes wrong' }).waitFor();
  await course.getByRole('button', { name: 'Next', exact: true }).click();
}

it('server and tab die together: what waited in the browser arrives with the next visit', { timeout: 120_000 }, async (t) => {
  const data = scratch(t);
  const listen = `127.0.0.1:${await freePort()}`;
  const server = await play(t, POT_OF_TEA, { data, listen });
  const context = await openProfile(t);
  const player = await Player.open(await context.newPage(), server.info.launch_url);
  await turn(player.course, 9);
  await player.saved();
  await server.kill();
  for (const question of TEA.slice(0, 3)) await answerTea(player.course, question);
  await player.says(OFFLINE);
  const { calls } = await player.claim();
  await killTab(player.page);

  const again = await play(t, POT_OF_TEA, { data, listen });
  const next = await Player.open(await context.newPage(), again.info.launch_url);
  await next.saved();
  const { calls: since } = await next.claim();
  const record = await again.registration();
  assertKept(record, calls, [...calls, ...since]);
  assert.equal(interactionsOf(activitiesOf(record)[0]).length, 3);
  await next.course.getByText('Question 4 of 7').waitFor();
});
