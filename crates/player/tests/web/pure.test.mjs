import assert from 'node:assert/strict';
import test from 'node:test';

import { PlayAddress } from '../../web/address.js';
import { waitAfter } from '../../web/backoff.js';
import { commitBody, firstBatch, utf8Length } from '../../web/batch.js';
import { SessionClock } from '../../web/clock.js';
import { Contents } from '../../web/contents.js';
import { endingOf } from '../../web/ending.js';
import { retryAfter } from '../../web/http.js';
import { duration, outcomeOf } from '../../web/outcome.js';
import { inWords, percentDone } from '../../web/progress.js';
import { texts } from '../../web/texts.js';

const entries = (...seqs) => seqs.map((seq) => ({ seq, line: `{"seq":${seq}}`, bytes: 10 }));

test('waits grow, are spread, are bounded, and never shorter than the server asks', () => {
  const table = [
    [1, null, 0, 500], [1, null, 1, 1_000], [3, null, 0, 2_000], [3, null, 1, 4_000],
    [100, null, 1, 60_000], [1, 7_000, 0, 7_000], [100, 7_000, 1, 60_000],
  ];
  for (const [failures, asked, chance, expected] of table) {
    assert.equal(waitAfter(failures, asked, () => chance), expected, `${failures} ${asked} ${chance}`);
  }
});

test('Retry-After is read as seconds and as a date', () => {
  const now = Date.parse('Sat, 21 Nov 2026 09:00:00 GMT');
  const table = [
    [null, null], ['', null], ['2', 2_000], [' 0 ', 0], ['soon', null],
    ['Sat, 21 Nov 2026 09:00:03 GMT', 3_000], ['Sat, 21 Nov 2026 08:00:00 GMT', 0],
  ];
  for (const [header, expected] of table) assert.equal(retryAfter(header, now), expected, String(header));
});

test('a batch is a run of neighbours that fits, and never empty', () => {
  const table = [
    [[], 100, []],
    [entries(1, 2, 3), 100, [1, 2, 3]],
    [entries(1, 2, 3), 21, [1, 2]],
    [entries(1, 2, 3), 1, [1]],
    [entries(1, 2, 5, 6), 100, [1, 2]],
  ];
  for (const [given, maxBytes, expected] of table) {
    assert.deepEqual(firstBatch(given, maxBytes).map((e) => e.seq), expected, `${given.length} ${maxBytes}`);
  }
});

test('a commit body is JSON whose entries are the text as it was', () => {
  const body = commitBody({ session: 's"1', fromSeq: 4, confirmed: 3, entries: entries(4, 5), clientClock: 12, stateHash: null });
  assert.deepEqual(JSON.parse(body), {
    session: 's"1', from_seq: 4, confirmed: 3, entries: [{ seq: 4 }, { seq: 5 }], client_clock: 12, state_hash: null,
  });
  assert.equal(utf8Length('aé€😀'), 10);
});

test('the clock follows the server and never runs backwards', () => {
  let wall = 1_000;
  const clock = new SessionClock(50_000, 900, 1_100, () => wall);
  assert.equal(clock.now(), 50_000);
  wall = 1_700;
  assert.equal(clock.now(), 50_700);
  wall = 200;
  assert.equal(clock.now(), 50_700);
});

test('progress is what the engine knows, else the parts that are done', () => {
  const parts = [
    { kind: 'cluster', completion: 'incomplete' },
    { kind: 'sco', completion: 'completed' },
    { kind: 'asset', completion: 'incomplete' },
  ];
  const table = [
    [{ completion: 'unknown', success: 'unknown', progress: null }, [], 0, 'Not started'],
    [{ completion: 'incomplete', success: 'unknown', progress: null }, [], 0, 'In progress'],
    [{ completion: 'incomplete', success: 'unknown', progress: null }, parts, 50, '50 % done'],
    [{ completion: 'incomplete', success: 'unknown', progress: 3_349 }, parts, 33, '33 % done'],
    [{ completion: 'completed', success: 'failed', progress: null }, parts, 100, 'Completed, Not passed'],
  ];
  for (const [summary, contents, percent, words] of table) {
    assert.equal(percentDone(summary, contents), percent);
    assert.equal(inWords(summary, percent), words);
  }
});

test('lines of the contents are read from their numbers, and stay the same objects while the course has the same lines', () => {
  const contents = new Contents([
    { id: 'root', title: 'Course', kind: 'cluster' },
    { id: 'c', title: 'Unit', kind: 'cluster', parent: 0 },
    { id: 'i', title: 'Part', kind: 'sco', parent: 1 },
  ]);
  const word = (place, { visible = 1, current = 0, disabled = 0, completion = 0, success = 0 } = {}) =>
    (place << 8) | (success << 5) | (completion << 3) | (disabled << 2) | (current << 1) | visible;
  const [unit, part] = contents.update(Uint32Array.of(word(1, { disabled: 1 }), word(2, { current: 1, completion: 1 })));
  const { word: first, place, ...shown } = part;
  assert.deepEqual(shown, {
    id: 'i', title: 'Part', kind: 'sco', depth: 1, parent: 'c', visible: true, current: true, disabled: false, completion: 'incomplete', success: 'unknown',
  });
  assert.deepEqual([unit.depth, unit.parent, unit.disabled], [0, undefined, true]);
  const again = contents.update(Uint32Array.of(word(1, { disabled: 1 }), word(2, { visible: 0, completion: 2, success: 2 })));
  assert.ok(again[1] === part && part.word !== first);
  assert.deepEqual([part.visible, part.current, part.completion, part.success], [false, false, 'completed', 'failed']);
  // The course itself became a line, above all others.
  const withRoot = contents.update(Uint32Array.of(word(0), word(1), word(2, { success: 1 })));
  assert.deepEqual(withRoot.map((item) => [item.id, item.depth, item.parent]), [['root', 0, undefined], ['c', 1, 'root'], ['i', 2, 'c']]);
  assert.equal(withRoot[2].success, 'passed');
  assert.deepEqual(contents.update([]), []);
});

test('how a session ended has a word, and every word its texts', () => {
  const table = [
    ['exit', 'exit', 'learner', 'left'], ['exit', 'exitAll', 'learner', 'left'], ['exit', 'exitAll', 'content', 'over'],
    ['exit', 'continue', 'learner', 'reachedEnd'], ['exit', 'choice i2', 'content', 'reachedEnd'],
    ['exit', 'abandonAll', 'learner', 'abandoned'], ['exit', 'abandon', 'content', 'abandoned'],
    ['suspend', 'suspendAll', 'learner', 'suspended'], ['suspend', 'exit', 'learner', 'suspended'],
    ['exit', 'exitAll', 'time', 'timeUp'], ['exit', 'exit', 'start', 'closed'],
  ];
  for (const [ended, request, by, word] of table) {
    assert.equal(endingOf(ended, request, by), word, `${ended} ${request} ${by}`);
    assert.ok(texts.endings[word].title, word);
  }
});

test('the outcome of an attempt says what is known, and nothing else', () => {
  const nothing = { completion: 'unknown', success: 'unknown', score: {}, progress: null, total_time: 0 };
  const first = { number: 1, limit: null };
  const table = [
    [nothing, first, { Completion: 'Nothing reported yet', Time: '0 s' }],
    [{ ...nothing, completion: 'incomplete', progress: 3_349, total_time: 1_250 }, { number: 2, limit: null },
      { Completion: 'In progress', Progress: '33 %', Time: '12 s', Attempt: '2' }],
    [{ completion: 'completed', success: 'passed', score: { scaled: '0.855', raw: '6', max: '7' }, progress: 10_000, total_time: 366_000 }, { number: 2, limit: 3 },
      { Completion: 'Completed', Result: 'Passed', Score: '86 % (6 / 7)', Time: '1 h 01 min', Attempt: '2 of 3' }],
    [{ ...nothing, success: 'failed', score: { scaled: '0', raw: '0', max: '100' } }, first,
      { Completion: 'Nothing reported yet', Result: 'Not passed', Score: '0 %', Time: '0 s' }],
    [{ ...nothing, score: { scaled: null, raw: '17' } }, first, { Completion: 'Nothing reported yet', Score: '17', Time: '0 s' }],
  ];
  for (const [summary, attempts, expected] of table) assert.deepEqual(Object.fromEntries(outcomeOf(summary, attempts)), expected);
  assert.deepEqual([0, 59.9, 60, 3_599, 3_600, 86_399].map(duration), ['0 s', '59 s', '1 min 00 s', '59 min 59 s', '1 h 00 min', '23 h 59 min']);
});

test('the address of the page gives those of its endpoints, with the newest token', () => {
  globalThis.history = { state: null, replaceState(state, title, url) { this.url = url; } };
  const address = new PlayAddress('/play/abc/');
  assert.equal(address.url('commits?z=1'), '/play/abc/commits?z=1');
  address.renewed(undefined);
  assert.equal(globalThis.history.url, undefined);
  address.renewed('def');
  assert.equal(globalThis.history.url, '/play/def/');
  assert.equal(address.url('renew'), '/play/def/renew');
  assert.equal(address.pageOf('ghi'), '/play/ghi/');
  assert.throws(() => new PlayAddress('/elsewhere'));
});
