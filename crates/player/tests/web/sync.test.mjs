import assert from 'node:assert/strict';
import test, { beforeEach, mock } from 'node:test';

import { FakeStore, pass, settle, standStill } from './support.mjs';
import { Outbox } from '../../web/outbox.js';
import { Refused, Unreachable } from '../../web/http.js';
import { Sync } from '../../web/sync.js';

beforeEach(() => {
  mock.timers.reset();
  standStill();
  // The spread of the waits, so that the times below are exact.
  Math.random = () => 0.9;
});

/**
 * A sync with a server that behaves as `answers` say, one after the other: an answer, an error, or a function of the parcel.
 * After the last one the server takes everything.
 */
function begin(answers = [], { maxBytes = 10_000, packedBytes = (entries) => entries.reduce((n, e) => n + e.bytes, 0), answersLast = false } = {}) {
  const outbox = new Outbox('r1', new FakeStore({ isAsync: true }), new FakeStore({ isAsync: false }));
  outbox.begin('s1');
  const said = [];
  const sent = [];
  const last = [];
  const carrier = {
    pack: (session, fromSeq, entries, hash) => ({ seqs: entries.map((e) => e.seq), fromSeq, hash, bytes: packedBytes(entries) }),
    send: async (parcel) => {
      sent.push(parcel.seqs);
      const answer = answers.shift() ?? takeAll(parcel);
      const made = typeof answer === 'function' ? await answer(parcel) : answer;
      if (made instanceof Error) throw made;
      return made;
    },
    sendLast: async (parcel) => {
      last.push(parcel.seqs);
      return answersLast ? takeAll(parcel) : null;
    },
  };
  const listener = Object.fromEntries(['saved', 'saving', 'offline', 'refused', 'superseded'].map((name) =>
    [name, (what) => said.push(what ? `${name} ${what.code ?? what}` : name)]));
  const sync = new Sync({ outbox, carrier, session: 's1', stateHash: () => 'h', listener, maxBytes, heartbeatMs: 30_000 });
  let next = 1;
  const set = (n = 1, { urgent = false, size = 10 } = {}) => {
    outbox.add(next, Array.from({ length: n }, () => 'x'.repeat(size)));
    next += n;
    sync.changed(urgent);
  };
  return { outbox, sync, sent, last, said, set };
}

const takeAll = ({ seqs, fromSeq }) => ({ durable_to: seqs.at(-1) ?? fromSeq - 1, missing: [], state_hash: 'h', superseded: false });

test('changes leave after a quiet second, together', async () => {
  const { set, sent, said, sync } = begin();
  set();
  await pass(500);
  set(2);
  assert.deepEqual(sent, []);
  assert.equal(sync.isSaved, false);
  await pass(600);
  assert.deepEqual(sent, [[1, 2, 3]]);
  assert.deepEqual([said.at(-1), sync.isSaved], ['saved', true]);
});

test('a commit leaves at once, big values too', async () => {
  for (const how of [{ urgent: true }, { size: 20_000 }]) {
    const { set, sent } = begin([], { maxBytes: 1e6 });
    set(1, how);
    await pass(10);
    assert.deepEqual(sent, [[1]], JSON.stringify(how));
  }
});

test('one request is on the way at a time; what comes meanwhile goes together in the next', async () => {
  let answer;
  const { set, sent } = begin([(parcel) => new Promise((resolve) => { answer = () => resolve(takeAll(parcel)); })]);
  set(1, { urgent: true });
  await pass(20);
  for (let i = 0; i < 3; i += 1) set(1, { urgent: true });
  await pass(500);
  assert.deepEqual(sent, [[1]]);
  answer();
  await pass(20);
  assert.deepEqual(sent, [[1], [2, 3, 4]]);
});

test('a course that commits in a loop does not become a flood', async () => {
  const { set, sent } = begin();
  for (let i = 0; i < 100; i += 1) {
    set(1, { urgent: true });
    await pass(10);
  }
  assert.ok(sent.length <= 11, `${sent.length} requests in a second`);
});

test('failures are repeated, later and later, and nothing is lost', async () => {
  const { set, sent, said, sync } = begin([new Unreachable('x'), new Refused(503, 'x', 'x', 5_000), new Refused(500, 'x', 'x', null)]);
  set(1, { urgent: true });
  await pass(20);
  assert.deepEqual([sent.length, said.at(-1)], [1, 'offline']);
  set(1, { urgent: true });
  await pass(400);
  assert.equal(sent.length, 1, 'a commit does not shorten the wait');
  await pass(700);
  assert.equal(sent.length, 2);
  await pass(4_500);
  assert.equal(sent.length, 2, 'the server asked for five seconds');
  await pass(600);
  assert.equal(sent.length, 3);
  await pass(5_000);
  assert.deepEqual([sent.at(-1), said.at(-1), sync.isSaved], [[1, 2], 'saved', true]);
});

test('the network coming back ends the wait', async () => {
  const { set, sent, said } = begin([new Unreachable('x')]);
  set(1, { urgent: true });
  await pass(20);
  globalThis.dispatch('online');
  await pass(150);
  assert.deepEqual([sent.length, said.at(-1)], [2, 'saved']);
});

test('what the server misses is sent again', async () => {
  const { set, sent, sync } = begin([
    takeAll,
    () => ({ durable_to: 2, missing: [[3, 4]], state_hash: null }),
    () => ({ durable_to: 6, missing: [], state_hash: 'h' }),
  ]);
  set(2, { urgent: true });
  await pass(200);
  set(4, { urgent: true });
  await pass(300);
  assert.deepEqual(sent, [[1, 2], [3, 4, 5, 6], [3, 4]]);
  assert.equal(sync.isSaved, true);
});

test('entries that are taken and never confirmed are sent again, ever later, and people are told', async () => {
  const { set, sent, said } = begin(Array.from({ length: 6 }, () => ({ durable_to: 0, missing: [], state_hash: null })));
  set(1, { urgent: true });
  await pass(30_000);
  assert.ok(sent.length >= 5 && sent.length <= 9, `${sent.length} requests`);
  assert.ok(said.includes('refused not-confirmed'));
});

test('a body that is too large is halved', async () => {
  const tooLarge = (parcel) => (parcel.seqs.length > 1 ? new Refused(413, 'too-large', 'x', null) : takeAll(parcel));
  const { set, sent, sync } = begin([tooLarge, tooLarge, tooLarge, tooLarge, tooLarge], { maxBytes: 600 });
  set(4, { urgent: true, size: 20 });
  await pass(2_000);
  assert.deepEqual(sent[0], [1, 2, 3, 4]);
  assert.equal(sync.isSaved, true);
});

test('a refusal that waiting does not heal is told, and tried again all the same', async () => {
  const { set, sent, said, sync } = begin([new Refused(404, 'unknown-session', 'x', null)]);
  set(1, { urgent: true });
  await pass(20);
  assert.equal(said.at(-1), 'refused unknown-session');
  set(1);
  assert.equal(said.at(-1), 'refused unknown-session', 'more changes do not hide it');
  await pass(1_500);
  assert.deepEqual([sent.length, sync.isSaved], [2, true]);
});

test('in the last moment everything unconfirmed goes out, split and within the browser’s limit', async () => {
  const { set, sync, last, sent } = begin([() => new Promise(() => {})], { maxBytes: 1e6 });
  set(1, { urgent: true });
  await pass(20);
  assert.deepEqual(sent, [[1]]);
  set(4, { size: 20_000 });
  sync.hurry(false);
  await settle();
  // 80 kB do not fit into 60 kB: two halves, of which one fits.
  assert.deepEqual(last, [[2, 3]]);
  sync.hurry(true);
  await settle();
  assert.deepEqual(last, [[2, 3]], 'nothing goes twice');
});

test('a request that ends with the page is sent again', async () => {
  const { set, sync, last } = begin([() => new Promise(() => {})]);
  set(2, { urgent: true });
  await pass(20);
  sync.hurry(true);
  assert.deepEqual(last, [[1, 2]]);
});

test('an answer to the last words ends the wait after a failure: what comes later is sent', async () => {
  const { set, sent, sync } = begin([new Unreachable('gone')], { answersLast: true });
  set(1, { urgent: true });
  await pass(10);
  // Hidden: these words get through, and nothing is left to be sent when the wait is over.
  sync.hurry(true);
  await pass(70_000);
  assert.equal(sync.isSaved, true);
  const before = sent.length;
  set();
  await pass(1_100);
  assert.deepEqual(sent.slice(before), [[2]]);
});

test('a request that fails after its entries got through another way holds nothing up', async () => {
  let fail;
  const lost = () => new Promise((_, reject) => { fail = () => reject(new Unreachable('no answer')); });
  const { set, sent, said, sync } = begin([lost], { answersLast: true });
  set(1, { urgent: true });
  await pass(10);
  sync.hurry(true);
  await settle();
  assert.equal(sync.isSaved, true);
  fail();
  await settle();
  assert.equal(said.at(-1), 'saved');
  set();
  await pass(1_100);
  assert.deepEqual(sent, [[1], [2]]);
});

test('waiting for everything to be saved ends with it, or with the time', async () => {
  const { set, sync } = begin([new Unreachable('x')]);
  assert.equal(await sync.settled(10), true);
  set(1);
  let first, second;
  sync.settled(300).then((saved) => { first = saved; });
  sync.settled(10_000).then((saved) => { second = saved; });
  await pass(400);
  assert.deepEqual([first, second], [false, undefined]);
  await pass(2_000);
  assert.equal(second, true);
});

test('a quiet page gives signs of life until the visit is over', async () => {
  const { sync, sent } = begin();
  await pass(61_000);
  assert.deepEqual(sent, [[], []]);
  sync.rest();
  await pass(61_000);
  assert.equal(sent.length, 2);
});

test('a correction by a person is told as such', async () => {
  const { set, said } = begin([(parcel) => ({ ...takeAll(parcel), superseded: true, corrected: true })]);
  set(1, { urgent: true });
  await pass(20);
  assert.ok(said.includes('superseded true'));
});

test('being overtaken is told', async () => {
  const { set, said } = begin([(parcel) => ({ ...takeAll(parcel), superseded: true })]);
  set(1, { urgent: true });
  await pass(20);
  assert.ok(said.includes('superseded'));
});
