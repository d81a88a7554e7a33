import assert from 'node:assert/strict';
import test from 'node:test';

import { PlayAddress } from '../../web/address.js';
import { waitAfter } from '../../web/backoff.js';
import { commitBody, firstBatch, utf8Length } from '../../web/batch.js';
import { SessionClock } from '../../web/clock.js';
import { retryAfter } from '../../web/http.js';
import { inWords, percentDone } from '../../web/progress.js';

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

test('the address of the page gives those of its endpoints, with the newest token', () => {
  globalThis.history = { state: null, replaceState(state, title, url) { this.url = url; } };
  const address = new PlayAddress('/play/abc/');
  assert.equal(address.url('commits?z=1'), '/play/abc/commits?z=1');
  address.renewed(undefined);
  assert.equal(globalThis.history.url, undefined);
  address.renewed('def');
  assert.equal(globalThis.history.url, '/play/def/');
  assert.equal(address.url('renew'), '/play/def/renew');
  assert.throws(() => new PlayAddress('/elsewhere'));
});
