// Two pages of one enrolment in one browser, with a browser's locks and channels in small.

import assert from 'node:assert/strict';
import test from 'node:test';

import { pass, settle, standStill } from './support.mjs';

const channels = new Set();

/** Speaks to every other channel at once. */
globalThis.BroadcastChannel = class extends EventTarget {
  constructor() {
    super();
    channels.add(this);
  }

  postMessage(data) {
    for (const other of channels) if (other !== this) other.dispatchEvent(Object.assign(new Event('message'), { data }));
  }
};

/** One lock (Web Locks, exclusive): its holder, and who waits. */
class Locks {
  #holder = null;
  #waiting = [];

  request(_name, { ifAvailable, steal, signal }, hold) {
    return new Promise((resolve, reject) => {
      const request = { hold, resolve, reject };
      if (steal) {
        this.#holder?.reject(new Error('stolen'));
        this.#grant(request);
      } else if (!this.#holder) this.#grant(request);
      else if (ifAvailable) resolve(hold(null));
      else {
        this.#waiting.push(request);
        signal?.addEventListener('abort', () => {
          this.#waiting = this.#waiting.filter((each) => each !== request);
          reject(new Error('aborted'));
        });
      }
    });
  }

  /** The holder's page is gone. */
  drop() {
    this.#holder = null;
    const next = this.#waiting.shift();
    if (next) this.#grant(next);
  }

  #grant(request) {
    this.#holder = request;
    Promise.resolve(request.hold({})).then(() => this.#holder === request && this.drop());
  }
}

standStill();

async function page(locks, id) {
  Object.defineProperty(globalThis, 'navigator', { value: { locks }, configurable: true });
  const { Tab } = await import('../../web/tabs.js');
  return new Tab('r', id);
}

async function two() {
  channels.clear();
  const locks = new Locks();
  const [first, second] = [await page(locks, 'a'), await page(locks, 'b')];
  assert.equal(await first.take(() => assert.fail('nobody to ask about')), true);
  return { locks, first, second, closeFirst: () => { channels.delete([...channels][0]); locks.drop(); } };
}

test('the learner may leave the course where it is', async () => {
  const { second } = await two();
  assert.equal(await second.take(async () => false), false);
});

test('the learner may take over, when the first page has saved', async () => {
  const { first, second } = await two();
  let saved = false;
  first.onTakenOver = async () => { saved = true; };
  assert.equal(await second.take(async () => true), true);
  assert.equal(saved, true);
});

test('a page that closes while the learner is asked makes the question needless', async () => {
  const { second, closeFirst } = await two();
  let asked = false;
  const taken = second.take((withdrawn) => new Promise((resolve) => {
    asked = true;
    withdrawn.addEventListener('abort', () => resolve(false));
  }));
  await settle();
  assert.equal(asked, true);
  closeFirst();
  assert.equal(await taken, true);
});

test('a page that does not answer is passed over', async () => {
  const { second } = await two();
  channels.delete([...channels][0]);
  const taken = second.take(() => assert.fail('nobody to ask about'));
  await settle();
  await pass(5_000);
  assert.equal(await taken, true);
});
