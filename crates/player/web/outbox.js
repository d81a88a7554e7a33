// What the server does not have on disk yet. Every entry is here from the moment it arises until the server says that it is
// durable: in memory, and on the device as far as the browser allows. The server's answer alone clears it.

import { utf8Length } from './batch.js';
import { openEntryDb } from './entry-db.js';
import { openEntryLocal } from './entry-local.js';

export class Outbox {
  #registration;
  #session = null;
  #db;
  #local;
  /** Entries in order, without gaps: `{seq, line, bytes}`. */
  #entries = [];
  /** Entries up to here are in IndexedDB. */
  #written = 0;
  /** The page is going away: only synchronous writing is sure to happen. */
  #leaving = false;

  static async open(registration) {
    return new Outbox(registration, await openEntryDb(), openEntryLocal());
  }

  constructor(registration, db, local) {
    this.#registration = registration;
    this.#db = db;
    this.#local = local;
  }

  /** From now on entries belong to this session. */
  begin(session) {
    this.#session = session;
  }

  /** Whether unsent work outlives this page. */
  get isKept() {
    return this.#db !== null || this.#local !== null;
  }

  get size() {
    return this.#entries.length;
  }

  /** The last entry's number, 0 before the first. */
  get lastSeq() {
    return this.#entries.at(-1)?.seq ?? this.durableTo;
  }

  /** What the server has confirmed. */
  durableTo = 0;

  /** Entries from `seq` on. */
  since(seq) {
    const first = this.#entries[0]?.seq ?? 0;
    return this.#entries.slice(Math.max(0, seq - first));
  }

  /** Takes in new entries; `lines` are neighbours. */
  add(firstSeq, lines) {
    const entries = lines.map((line, i) => ({ seq: firstSeq + i, line, bytes: utf8Length(line) }));
    this.#entries.push(...entries);
    if (this.#db) this.#writeDb(entries);
    if (this.#leaving || !this.#db) this.#writeLocal(entries);
  }

  /** The server has everything up to `seq` on disk. */
  release(seq) {
    if (seq <= this.durableTo) return;
    this.durableTo = seq;
    this.#entries = this.#entries.filter((entry) => entry.seq > seq);
    this.forget(this.#session, seq);
  }

  /** Clears the device of a session's entries up to `seq`. */
  forget(session, seq) {
    this.#db?.remove(this.#registration, session, seq).catch(() => this.#dbIsGone());
    this.#local?.remove(this.#registration, session, seq);
  }

  /** The page is being closed: what IndexedDB has not confirmed goes to localStorage, now. */
  leave() {
    this.#leaving = true;
    this.#writeLocal(this.since(this.#written + 1));
  }

  /** The page came back (it was only hidden, or kept by the browser). */
  stay() {
    this.#leaving = false;
  }

  /** What earlier visits left behind: a Map of session to its entries in order. */
  async leftovers() {
    const fromDb = await this.#db?.all(this.#registration).catch(() => []) ?? [];
    const found = [...fromDb, ...this.#local?.all(this.#registration) ?? []];
    const sessions = new Map();
    for (const { session, seq, line } of found.sort((a, b) => a.seq - b.seq)) {
      if (session === this.#session) continue;
      const entries = sessions.get(session) ?? [];
      if (entries.at(-1)?.seq !== seq) entries.push({ seq, line, bytes: utf8Length(line) });
      sessions.set(session, entries);
    }
    return sessions;
  }

  #writeDb(entries) {
    const last = entries.at(-1).seq;
    this.#db.put(this.#registration, this.#session, entries).then(
      () => { this.#written = Math.max(this.#written, last); },
      () => {
        // Full, or taken away by the browser while the page was open.
        this.#dbIsGone();
        this.#writeLocal(this.since(this.#written + 1));
      },
    );
  }

  #writeLocal(entries) {
    if (!this.#local || entries.length === 0) return;
    if (!this.#local.put(this.#registration, this.#session, entries)) this.#local = null;
  }

  #dbIsGone() {
    this.#db = null;
  }
}
