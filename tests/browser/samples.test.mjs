// Our own sample courses, taken as a person takes them: read, answered, left half-way, resumed, finished.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

import { openBrowser } from './lib/browser.mjs';
import { answer, answerTea, SKY, SKY_CHECK, takeLesson, TEA, turn } from './lib/learner.mjs';
import { activitiesOf, check, interactionsOf, play } from './lib/lyceum.mjs';
import { NIGHT_SKY, outFile, POT_OF_TEA, scratch } from './lib/places.mjs';
import { Player } from './lib/player.mjs';
import { closeAbruptly, spyOnApi } from './lib/spy.mjs';

/** A page in a fresh browser profile; `again` opens another tab of the same profile. */
async function learner(t, link) {
  const browser = await openBrowser(t);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await spyOnApi(context);
  const errors = [];
  context.on('weberror', (error) => errors.push(error.error().message));
  t.after(() => assert.deepEqual(errors, [], 'no script fails'));
  return { open: async () => Player.open(await context.newPage(), link) };
}

it('both samples hold the same question component', () => {
  const pairs = [['js/question.js', 'shared/question.js'], ['question.css', 'shared/question.css']];
  for (const [tea, sky] of pairs) {
    assert.equal(readFileSync(path.join(POT_OF_TEA, tea), 'utf8'), readFileSync(path.join(NIGHT_SKY, sky), 'utf8'), `${tea} is copied to ${sky}`);
  }
});

it('both samples are checked without a complaint', async () => {
  const tea = await check(POT_OF_TEA);
  assert.deepEqual([tea.standard, tea.title, tea.items, tea.launchable], ['SCORM_12', 'A Good Pot of Tea', 1, true]);
  const sky = await check(NIGHT_SKY);
  assert.deepEqual([sky.standard, sky.title, sky.launchable], ['SCORM_2004_4TH_EDITION', 'Reading the Night Sky', true]);
  for (const { diagnostics } of [tea, sky]) {
    assert.deepEqual(diagnostics.filter(({ severity }) => severity !== 'info'), []);
  }
});

it('a pot of tea: left in the middle of the quiz, resumed, passed', { timeout: 120_000 }, async (t) => {
  const server = await play(t, POT_OF_TEA, { data: scratch(t) });
  const person = await learner(t, server.info.launch_url);

  let player = await person.open();
  await player.course.getByText('Good to have you here, Ada.').waitFor();
  await turn(player.course, 9);
  for (const question of TEA.slice(0, 3)) await answerTea(player.course, question);
  await player.page.screenshot({ path: outFile('tea-quiz.png') });
  await player.saved();
  const halfWay = activitiesOf(await server.registration())[0];
  assert.equal(halfWay.cmi['cmi.core.lesson_location'], 'quiz');
  assert.equal(halfWay.cmi['cmi.core.lesson_status'], 'incomplete');
  assert.equal(interactionsOf(halfWay).length, 3);
  await closeAbruptly(player.page);

  player = await person.open();
  await player.course.getByText('Welcome back, Ada. You left off here.').waitFor();
  assert.equal(await player.course.locator('#quiz-step').textContent(), 'Question 4 of 7');
  // One wrong answer, so that the score says something.
  const rest = TEA.slice(3).map(([id, given]) => (id === 'bitterness' ? [id, ['Hotter water', 'Softer water']] : [id, given]));
  for (const question of rest) await answerTea(player.course, question);
  await player.course.getByRole('heading', { name: 'Well brewed' }).waitFor();
  await player.page.screenshot({ path: outFile('tea-result.png') });
  await player.course.getByLabel('What will you do differently with your next pot?').fill('Weigh the leaf.');
  await player.course.getByRole('button', { name: 'Save note' }).click();
  await player.saved();
  await player.course.getByRole('button', { name: 'Finish the lesson' }).click();

  const record = await settled(server, (one) => activitiesOf(one)[0]?.cmi['cmi.core.score.raw'] === '86');
  const lesson = activitiesOf(record)[0];
  assert.equal(lesson.cmi['cmi.core.lesson_status'], 'passed');
  assert.equal(lesson.score.raw, 86);
  assert.deepEqual([record.completion, record.success], ['completed', 'passed']);
  assert.match(lesson.cmi['cmi.comments'], /Weigh the leaf\./);
  assert.ok(record.total_seconds > 0, 'time was counted');
  assert.deepEqual(
    interactionsOf(lesson).map(({ id, type, student_response: response, result }) => [id, type, response, result]),
    [
      ['one-plant', 'choice', 'b', 'correct'],
      ['weak-tea', 'true-false', 'f', 'correct'],
      ['temperatures', 'matching', 'a.2,b.3,c.1', 'correct'],
      ['weigh-it', 'numeric', '7.5', 'correct'],
      ['the-order', 'sequencing', 'a,b,c,d,e', 'correct'],
      ['bitterness', 'choice', 'a,b', 'wrong'],
      ['browning', 'fill-in', 'Oxidation', 'correct'],
    ],
  );
});

it('a pot of tea: failed, taken again, passed', { timeout: 120_000 }, async (t) => {
  const server = await play(t, POT_OF_TEA, { data: scratch(t) });
  const player = await (await learner(t, server.info.launch_url)).open();
  await turn(player.course, 9);
  const wrong = TEA.map(([id, given]) => ({ 'one-plant': [id, ['two different plants']], 'weak-tea': [id, ['True']], 'weigh-it': [id, '75'] })[id] ?? [id, given]);
  for (const question of wrong) await answerTea(player.course, question);
  await player.course.getByRole('heading', { name: 'Nearly there' }).waitFor();
  await player.saved();
  const failed = activitiesOf(await server.registration())[0];
  assert.deepEqual([failed.cmi['cmi.core.lesson_status'], failed.cmi['cmi.core.score.raw']], ['failed', '57']);

  await player.course.getByRole('button', { name: 'Take the quiz again' }).click();
  for (const question of TEA) await answerTea(player.course, question);
  await player.course.getByRole('heading', { name: 'Well brewed' }).waitFor();
  const record = await settled(server, (one) => activitiesOf(one)[0].cmi['cmi.core.score.raw'] === '100');
  const passed = activitiesOf(record)[0];
  assert.equal(passed.cmi['cmi.core.lesson_status'], 'passed');
  assert.equal(interactionsOf(passed).length, 14, 'the answers of both rounds are kept');
});

it('reading the night sky: all lessons and the check, one lesson left and resumed', { timeout: 180_000 }, async (t) => {
  const server = await play(t, NIGHT_SKY, { data: scratch(t) });
  const person = await learner(t, server.info.launch_url);
  let player = await person.open();

  await takeLesson(player.course, SKY[0]);
  await player.saved();
  await player.choose(SKY[1].title);
  await player.course.getByRole('heading', { name: 'The turning sky' }).waitFor();
  await turn(player.course, 2);
  await player.saved();
  await closeAbruptly(player.page);

  player = await person.open();
  await player.course.getByRole('heading', { name: 'Four minutes a day' }).waitFor();
  await player.course.getByText('Welcome back, Ada. You left off here.').waitFor();
  await takeLesson(player.course, { ...SKY[1], pages: 1 });
  for (const lesson of SKY.slice(2)) {
    await player.saved();
    await player.choose(lesson.title);
    await takeLesson(player.course, lesson);
  }
  await player.page.screenshot({ path: outFile('sky-lesson.png') });
  await player.saved();

  await player.choose('First night out');
  for (const part of SKY_CHECK) {
    await turn(player.course);
    for (const [id, given] of part) await answer(player.course, id, given);
  }
  await turn(player.course);
  await player.course.getByRole('heading', { name: 'Clear skies' }).waitFor();
  await player.course.getByText('6 of 7 right.').waitFor();
  await player.page.screenshot({ path: outFile('sky-result.png') });
  await player.course.getByLabel('When and where will you go out first?').fill('Saturday, on the meadow');
  await player.course.getByRole('button', { name: 'Save note' }).click();
  await player.saved();

  const record = await server.registration();
  const byTitle = Object.fromEntries(activitiesOf(record).map((activity) => [activity.title, activity]));
  for (const { title } of SKY) {
    const { cmi } = byTitle[title];
    assert.deepEqual([title, cmi['cmi.completion_status'], cmi['cmi.success_status'], Number(cmi['cmi.progress_measure'])], [title, 'completed', 'passed', 1]);
  }
  const exam = byTitle['First night out'];
  assert.deepEqual([exam.completion, exam.success], ['completed', 'passed']);
  assert.ok(Math.abs(exam.score.scaled - 6 / 7) < 0.001, `scaled score ${exam.score.scaled}`);
  assert.equal(exam.cmi['cmi.comments_from_learner.0.comment'], 'Saturday, on the meadow');
  assert.deepEqual(
    interactionsOf(exam).map(({ id, type, learner_response: response, result }) => [id, type, response, result]),
    [
      ['check.torch', 'choice', 'b', 'correct'],
      ['check.vega', 'numeric', '35', 'correct'],
      ['check.polaris', 'true-false', 'false', 'correct'],
      ['check.rotation', 'choice', 'a[,]c', 'correct'],
      ['check.moonrise', 'sequencing', 'new[,]first[,]full[,]last', 'correct'],
      ['check.where', 'matching', 'a[.]3[,]b[.]1[,]c[.]4[,]d[.]2', 'correct'],
      ['check.line', 'fill-in', 'horizon', 'incorrect'],
      ['check.confidence', 'likert', 'fairly', 'neutral'],
    ],
  );
});

/** The registration, as soon as it is as expected; what it is at last, if it never is. */
async function settled(server, expected) {
  const until = Date.now() + 15_000;
  for (;;) {
    const record = await server.registration();
    if (expected(record) || Date.now() > until) return record;
    await new Promise((resolve) => { setTimeout(resolve, 100); });
  }
}
