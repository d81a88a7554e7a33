// What the modules expect of a browser, for Node.

import { mock } from 'node:test';

const listeners = new Map();

globalThis.addEventListener = (name, listener) => listeners.set(name, [...(listeners.get(name) ?? []), listener]);
globalThis.dispatch = (name) => { for (const listener of listeners.get(name) ?? []) listener({}); };

/** Timers and the clock stand still; `pass(ms)` moves them, with all promises in between. */
export function standStill() {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_000_000 });
  performance.now = () => Date.now();
}

export async function pass(ms) {
  for (let left = ms; left > 0; left -= 10) {
    mock.timers.tick(Math.min(10, left));
    await settle();
  }
}

/** Lets every promise that can go on go on. */
export async function settle() {
  for (let i = 0; i < 20; i += 1) await Promise.resolve();
}

/** A storage of the device in memory, with the interface of `EntryDb` and `EntryLocal`. */
export class FakeStore {
  entries = [];
  isFull = false;

  constructor({ isAsync }) {
    this.isAsync = isAsync;
  }

  put(registration, session, entries) {
    if (this.isFull) return this.isAsync ? Promise.reject(new Error('full')) : false;
    for (const { seq, line } of entries) this.entries.push({ registration, session, seq, line });
    return this.isAsync ? Promise.resolve() : true;
  }

  remove(registration, session, seq) {
    this.entries = this.entries.filter((e) => !(e.registration === registration && e.session === session && e.seq <= seq));
    return this.isAsync ? Promise.resolve() : undefined;
  }

  all(registration) {
    const found = this.entries.filter((e) => e.registration === registration);
    return this.isAsync ? Promise.resolve(found) : found;
  }

  /** What is kept: `session/seq`. */
  get names() {
    return this.entries.map(({ session, seq }) => `${session}/${seq}`).sort();
  }
}
