// Entries in IndexedDB. Keys are [registration, session, seq]; values are the entries' text. No token is ever stored.

const NAME = 'lyceum-outbox';
const STORE = 'entries';
const OPEN_WITHIN_MS = 2_000;
/** A page that opens waits for what is left from earlier; a stuck database must not keep it from opening. */
const READ_WITHIN_MS = 5_000;

/** The database, or null where this page has none (private windows, blocked third-party storage, a stuck browser). */
export function openEntryDb() {
  return new Promise((resolve) => {
    const giveUp = setTimeout(() => resolve(null), OPEN_WITHIN_MS);
    const settle = (db) => {
      clearTimeout(giveUp);
      resolve(db);
    };
    try {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => settle(new EntryDb(request.result));
      request.onerror = () => settle(null);
      request.onblocked = () => settle(null);
    } catch {
      settle(null);
    }
  });
}

class EntryDb {
  #db;

  constructor(db) {
    this.#db = db;
    // A newer player in another tab may need to change the layout.
    db.onversionchange = () => db.close();
  }

  /**
   * Writes entries in one transaction. Resolves when they are in the database. The transaction is committed at once, so
   * that everything has left this process before the course runs on: a crash of the tab then loses nothing.
   */
  put(registration, session, entries) {
    return this.#transact((store) => {
      for (const { seq, line } of entries) store.put(line, [registration, session, seq]);
    });
  }

  /** Forgets the entries of a session up to and including `seq`. */
  remove(registration, session, seq) {
    return this.#transact((store) => store.delete(IDBKeyRange.bound([registration, session, 0], [registration, session, seq])));
  }

  /** All entries of a registration, in order: `[{session, seq, line}]`. Rejects when they cannot be read in time. */
  all(registration) {
    return new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error('the browser did not read its database in time')), READ_WITHIN_MS);
      const store = this.#db.transaction(STORE).objectStore(STORE);
      const range = IDBKeyRange.bound([registration], [registration, []]);
      const keys = store.getAllKeys(range);
      const lines = store.getAll(range);
      lines.onsuccess = () => resolve(keys.result.map(([, session, seq], i) => ({ session, seq, line: lines.result[i] })));
      lines.onerror = () => reject(lines.error);
    });
  }

  #transact(work) {
    return new Promise((resolve, reject) => {
      const transaction = this.#db.transaction(STORE, 'readwrite', { durability: 'relaxed' });
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('the browser gave the transaction up'));
      work(transaction.objectStore(STORE));
      transaction.commit?.();
    });
  }
}
