// Brings the outbox to the server: one commit on the way at a time, again and again until everything is durable.

import { waitAfter } from './backoff.js';
import { firstBatch } from './batch.js';
import { KEEPALIVE_BYTES } from './carrier.js';
import { Refused } from './http.js';

/** After a change the course did not commit by itself. */
const QUIET_MS = 1_000;
/** Between the starts of two requests, so that a course which commits in a loop does not become a flood. */
const LEAST_GAP_MS = 100;
/** Waiting entries of this size leave at once, while there is time: at the end of the page 64 KiB is all that can go. */
const BIG_BYTES = 16 * 1024;
/** Rounds in which the server took everything and yet did not confirm it, before people are told. */
const ROUNDS_WITHOUT_PROGRESS = 4;
/** Room in a body for everything that is not an entry. */
const ENVELOPE_BYTES = 512;

export class Sync {
  #outbox;
  #carrier;
  #session;
  #stateHash;
  #listener;
  #maxBytes;
  #heartbeatMs;
  #pulse;

  /** Highest entry that went out in the present series. */
  #sent = 0;
  /** Highest entry that went out in a request that outlives the page. */
  #sentLast = 0;
  /** Ranges that the server has not got though it has later entries. */
  #missing = [];
  /** Last entry of the request that has no answer yet, 0 while none is on the way. */
  #onTheWay = 0;
  #failures = 0;
  /** Tells people what the failure is. */
  #trouble = () => {};
  #rounds = 0;
  #timer = 0;
  #dueAt = Infinity;
  #lastStart = -Infinity;
  #lastContact = performance.now();
  #waiters = [];

  /**
   * @param {object} parts
   * @param {(seq: number) => string|null} parts.stateHash the state's hash after entry `seq`, where that is the present
   * @param {object} parts.listener told what happens: `saved()`, `saving()`, `offline()`, `refused(error)`, `superseded(corrected)`
   */
  constructor({ outbox, carrier, session, stateHash, listener, maxBytes, heartbeatMs }) {
    this.#outbox = outbox;
    this.#carrier = carrier;
    this.#session = session;
    this.#stateHash = stateHash;
    this.#listener = listener;
    this.#maxBytes = maxBytes;
    this.#heartbeatMs = heartbeatMs;
    this.#pulse = setInterval(() => this.#heartbeat(), heartbeatMs);
    addEventListener('online', () => (this.isSaved ? this.#listener.saved() : this.retryNow()));
    addEventListener('offline', () => this.#listener.offline());
  }

  /** Whether the server has everything on disk. */
  get isSaved() {
    return this.#outbox.size === 0;
  }

  /** Entries have arrived in the outbox. `urgent`: the course asked to commit. */
  changed(urgent) {
    if (this.#failures === 0) this.#listener.saving();
    else this.#trouble();
    const waiting = this.#outbox.since(this.#sent + 1).reduce((sum, entry) => sum + entry.bytes, 0);
    this.#within(urgent || waiting >= BIG_BYTES ? 0 : QUIET_MS);
  }

  /** Sends what is there now. Does not shorten the wait after a failure. */
  flush() {
    if (!this.isSaved) this.#within(0);
  }

  /** Sends what is there now, also after failures: the network is back, or someone pressed the button. */
  retryNow() {
    if (this.isSaved) return;
    this.#dueAt = Infinity;
    this.#at(0);
  }

  /** Resolves to true once everything is durable, to false after `ms`. */
  settled(ms) {
    if (this.isSaved) return Promise.resolve(true);
    this.flush();
    return new Promise((resolve) => {
      const timer = ms === Infinity ? 0 : setTimeout(() => resolve(false), ms);
      this.#waiters.push(() => { clearTimeout(timer); resolve(true); });
    });
  }

  /**
   * The page may end in this moment: what is not confirmed goes out by requests that outlive it, within what the browser
   * lets through. The rest stays on the device.
   * @param {boolean} again also what is on the way: where the page really ends, that request ends with it, and the server
   *   drops doubles
   */
  hurry(again) {
    const from = Math.max(this.#outbox.durableTo, this.#sentLast, again ? 0 : this.#onTheWay);
    const entries = this.#outbox.since(from + 1);
    let room = KEEPALIVE_BYTES;
    for (const parcel of this.#parcels(entries, KEEPALIVE_BYTES)) {
      if (parcel.bytes > room) continue;
      room -= parcel.bytes;
      this.#carrier.sendLast(parcel).then((answer) => answer && this.#answered(answer), () => {});
    }
    this.#sentLast = entries.at(-1)?.seq ?? this.#sentLast;
  }

  /** The visit is over: no more signs of life. What is still waiting goes on being sent. */
  rest() {
    clearInterval(this.#pulse);
  }

  /** The page is still there: what went out last was perhaps not taken. */
  stay() {
    this.#sentLast = 0;
    this.flush();
  }

  // ---- one after the other ------------------------------------------------------------------------------------------

  /** Starts a request within `ms`, unless one is due earlier or a failure makes it wait. */
  #within(ms) {
    if (this.#failures === 0) this.#at(ms);
  }

  #at(ms) {
    if (this.#onTheWay) return;
    const dueAt = Math.max(performance.now() + ms, this.#lastStart + LEAST_GAP_MS);
    if (dueAt >= this.#dueAt) return;
    clearTimeout(this.#timer);
    this.#dueAt = dueAt;
    this.#timer = setTimeout(() => this.#go(), dueAt - performance.now());
  }

  async #go() {
    this.#dueAt = Infinity;
    const parcel = this.#next();
    if (!parcel || this.#onTheWay) return;
    this.#onTheWay = parcel.to;
    this.#lastStart = performance.now();
    try {
      const answer = await this.#carrier.send(parcel);
      this.#onTheWay = 0;
      this.#sent = Math.max(this.#sent, parcel.to);
      this.#answered(answer, parcel);
    } catch (error) {
      this.#onTheWay = 0;
      this.#failed(error, parcel);
    }
  }

  /** The next request: first what the server misses, then what is new. */
  #next() {
    const [hole] = this.#missing;
    const waiting = hole
      ? this.#outbox.since(hole[0]).filter((entry) => entry.seq >= hole[0] && entry.seq <= hole[1])
      : this.#outbox.since(this.#sent + 1);
    const entries = firstBatch(waiting, this.#maxBytes - ENVELOPE_BYTES);
    return entries.length > 0 ? this.#pack(entries) : null;
  }

  #pack(entries) {
    const to = entries.at(-1).seq;
    const hash = this.#stateHash(to);
    const packed = this.#carrier.pack(this.#session, entries[0].seq, entries, hash, this.#outbox.durableTo);
    return { ...packed, to, count: entries.length, hash };
  }

  #answered(answer, parcel) {
    // Whatever was answered: the server is there, and what comes next need not wait for it.
    this.#failures = 0;
    this.#lastContact = performance.now();
    if (answer.durable_to > this.#outbox.durableTo) this.#rounds = 0;
    this.#outbox.release(answer.durable_to);
    this.#missing = (answer.missing ?? []).filter(([from, to]) => this.#has(from, to));
    this.#sent = Math.max(this.#sent, answer.durable_to);
    // A newer session elsewhere has gone on from another state; otherwise both sides must agree.
    if (parcel?.hash && answer.state_hash && parcel.hash !== answer.state_hash && !answer.superseded) {
      console.warn(`Lyceum: the server's state differs from the page's after entry ${parcel.to}. The server's counts.`);
    }
    if (answer.superseded) this.#listener.superseded(answer.corrected === true);
    if (this.isSaved) this.#settle();
    else this.#more();
  }

  #has(from, to) {
    return this.#outbox.since(from).some((entry) => entry.seq <= to);
  }

  #settle() {
    this.#listener.saved();
    for (const tell of this.#waiters.splice(0)) tell();
  }

  #more() {
    if (this.#outbox.lastSeq > this.#sent || this.#missing.length > 0) {
      this.#at(0);
      return;
    }
    // Everything went out, nothing is missing, and still not everything is confirmed: begin again where the server stands.
    this.#sent = this.#outbox.durableTo;
    this.#rounds += 1;
    if (this.#rounds >= ROUNDS_WITHOUT_PROGRESS) this.#listener.refused(new Refused(200, 'not-confirmed', 'entries are not confirmed'));
    this.#at(waitAfter(this.#rounds));
  }

  #failed(error, parcel) {
    if (error instanceof Refused && error.status === 413 && parcel.count > 1) {
      this.#maxBytes = Math.max(1, Math.floor(this.#maxBytes / 2));
      this.#at(0);
      return;
    }
    // What it carried got through by the last words of a hidden page: nothing is left that could fail, or be tried again.
    if (this.isSaved) return;
    this.#failures += 1;
    const final = error instanceof Refused && isFinal(error.status);
    this.#trouble = final ? () => this.#listener.refused(error) : () => this.#listener.offline();
    this.#trouble();
    this.#at(waitAfter(this.#failures, error.retryAfterMs));
  }

  /** A sign of life, so that the server knows that the learner is still there. */
  #heartbeat() {
    const silent = performance.now() - this.#lastContact >= this.#heartbeatMs / 2;
    if (!silent || this.#onTheWay || !this.isSaved) return;
    const confirmed = this.#outbox.durableTo;
    const parcel = this.#carrier.pack(this.#session, confirmed + 1, [], null, confirmed);
    this.#carrier.send(parcel).then((answer) => this.#answered(answer), () => {});
  }

  /** Requests for all entries, none larger than `maxBytes` as it travels. One that alone is larger is left out. */
  #parcels(entries, maxBytes) {
    if (entries.length === 0) return [];
    const parcel = this.#pack(entries);
    if (parcel.bytes <= maxBytes) return [parcel];
    if (entries.length === 1) return [];
    const middle = entries.length >> 1;
    return [...this.#parcels(entries.slice(0, middle), maxBytes), ...this.#parcels(entries.slice(middle), maxBytes)];
  }
}

/** Answers that a repetition alone does not change. They are tried again all the same, but people are told. */
function isFinal(status) {
  return status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429;
}
