// Entries in localStorage: for the last moments of a page, where only what is synchronous is sure to happen, and for
// browsers that have no IndexedDB for this page. One key holds a run of neighbours.

const PREFIX = 'lyceum-outbox';

/** The storage, or null where this page may not use it. */
export function openEntryLocal() {
  try {
    const probe = `${PREFIX}-probe`;
    localStorage.setItem(probe, '1');
    localStorage.removeItem(probe);
    return new EntryLocal(localStorage);
  } catch {
    return null;
  }
}

class EntryLocal {
  #storage;

  constructor(storage) {
    this.#storage = storage;
  }

  /** Writes a run of neighbours, synchronously. False when the storage is full or gone. */
  put(registration, session, entries) {
    if (entries.length === 0) return true;
    const last = entries[entries.length - 1].seq;
    const key = [PREFIX, registration, session, entries[0].seq, last].join('/');
    try {
      this.#storage.setItem(key, entries.map((entry) => entry.line).join('\n'));
      return true;
    } catch {
      return false;
    }
  }

  /** Forgets runs of a session that end at or before `seq`. */
  remove(registration, session, seq) {
    for (const run of this.#runs(registration)) {
      if (run.session === session && run.last <= seq) this.#storage.removeItem(run.key);
    }
  }

  /** All entries of a registration: `[{session, seq, line}]`. */
  all(registration) {
    return this.#runs(registration).flatMap(({ key, session, first }) =>
      (this.#storage.getItem(key) ?? '').split('\n').filter(Boolean).map((line, i) => ({ session, seq: first + i, line })));
  }

  #runs(registration) {
    const runs = [];
    for (let i = 0; i < this.#storage.length; i += 1) {
      const key = this.#storage.key(i);
      const [prefix, owner, session, first, last] = key.split('/');
      if (prefix === PREFIX && owner === registration) runs.push({ key, session, first: Number(first), last: Number(last) });
    }
    return runs;
  }
}
