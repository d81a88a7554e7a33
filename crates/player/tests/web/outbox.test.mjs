import assert from 'node:assert/strict';
import test from 'node:test';

import { FakeStore, settle } from './support.mjs';
import { sendLeftovers } from '../../web/leftovers.js';
import { Outbox } from '../../web/outbox.js';
import { Refused, Unreachable } from '../../web/http.js';

function outbox({ db = new FakeStore({ isAsync: true }), local = new FakeStore({ isAsync: false }) } = {}) {
  const made = new Outbox('r1', db, local);
  made.begin('s1');
  return { made, db, local };
}

test('entries go to the database at once, and leave when the server has them', async () => {
  const { made, db, local } = outbox();
  made.add(1, ['{"seq":1}', '{"seq":2}']);
  made.add(3, ['{"seq":3}']);
  assert.deepEqual(db.names, ['s1/1', 's1/2', 's1/3']);
  assert.deepEqual(local.names, []);
  await settle();
  made.release(2);
  assert.deepEqual(db.names, ['s1/3']);
  assert.deepEqual([made.size, made.durableTo, made.lastSeq], [1, 2, 3]);
  made.release(1);
  assert.equal(made.durableTo, 2, 'an older answer takes nothing back');
  assert.deepEqual(made.since(1).map((e) => e.seq), [3]);
});

test('while the page goes, what the database has not confirmed is written to localStorage', async () => {
  const { made, local } = outbox();
  made.add(1, ['{"seq":1}']);
  await settle();
  made.add(2, ['{"seq":2}']);
  made.leave();
  assert.deepEqual(local.names, ['s1/2']);
  made.add(3, ['{"seq":3}']);
  assert.deepEqual(local.names, ['s1/2', 's1/3']);
});

test('a database that fails in the middle is replaced by localStorage', async () => {
  const { made, db, local } = outbox();
  made.add(1, ['{"seq":1}']);
  await settle();
  db.isFull = true;
  made.add(2, ['{"seq":2}']);
  await settle();
  assert.deepEqual(local.names, ['s1/2']);
  made.add(3, ['{"seq":3}']);
  assert.deepEqual(local.names, ['s1/2', 's1/3']);
  assert.equal(made.isKept, true);
});

test('without any storage everything still works, and says so', async () => {
  const { made } = outbox({ db: null, local: null });
  made.add(1, ['{"seq":1}']);
  made.leave();
  assert.equal(made.isKept, false);
  assert.equal(made.size, 1);
  made.release(1);
  assert.equal(made.size, 0);
});

test('a full localStorage is honest about it', () => {
  const local = new FakeStore({ isAsync: false });
  const { made } = outbox({ db: null, local });
  local.isFull = true;
  assert.equal(made.isKept, true);
  made.add(1, ['{"seq":1}']);
  assert.equal(made.isKept, false);
});

async function left(entries) {
  const db = new FakeStore({ isAsync: true });
  const local = new FakeStore({ isAsync: false });
  for (const [where, session, seq] of entries) {
    (where === 'db' ? db : local).entries.push({ registration: 'r1', session, seq, line: `{"seq":${seq}}` });
  }
  db.entries.push({ registration: 'r2', session: 'other', seq: 1, line: '{}' });
  return { made: new Outbox('r1', db, local), db, local };
}

test('what earlier visits left is put in order and counted once', async () => {
  const { made } = await left([['local', 's0', 3], ['db', 's0', 2], ['db', 's0', 3], ['db', 's9', 7]]);
  const found = await made.leftovers();
  const seqs = [...found].map(([session, entries]) => [session, entries.map((e) => e.seq)]);
  assert.deepEqual(seqs, [['s0', [2, 3]], ['s9', [7]]]);
});

/** A carrier that answers each commit by a function of `[session, seqs]`. */
function carrier(answer) {
  const sent = [];
  return {
    sent,
    pack: (session, fromSeq, entries) => ({ session, seqs: entries.map((e) => e.seq) }),
    send: async (parcel) => {
      sent.push([parcel.session, parcel.seqs]);
      return answer(parcel);
    },
  };
}

test('leftovers are sent in runs and forgotten as far as they are durable', async () => {
  const { made, db } = await left([['db', 's0', 1], ['db', 's0', 2], ['db', 's0', 4]]);
  const c = carrier(({ seqs }) => ({ durable_to: Math.min(seqs.at(-1), 2) }));
  assert.equal(await sendLeftovers(made, c), 0);
  assert.deepEqual(c.sent, [['s0', [1, 2]], ['s0', [4]]]);
  assert.deepEqual(db.names, ['other/1', 's0/4']);
});

test('leftovers that the server does not want stay, and do not keep the course from opening', async () => {
  const { made, db } = await left([['db', 's0', 1], ['db', 's0', 2], ['db', 's1', 1]]);
  const c = carrier(({ session, seqs }) => {
    if (session === 's0') throw new Refused(404, 'unknown-session', 'no', null);
    return { durable_to: seqs.at(-1) };
  });
  assert.equal(await sendLeftovers(made, c), 2);
  assert.deepEqual(db.names, ['other/1', 's0/1', 's0/2']);
});

test('a server that cannot be reached is tried again by the caller', async () => {
  for (const error of [new Unreachable('x'), new Refused(503, 'x', 'x', 1), new Refused(429, 'x', 'x', 1)]) {
    const { made, db } = await left([['db', 's0', 1]]);
    await assert.rejects(sendLeftovers(made, carrier(() => { throw error; })), error);
    assert.deepEqual(db.names, ['other/1', 's0/1']);
  }
});
