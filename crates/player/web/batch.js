// Cuts entries into the bodies of commits. Entries are text as the engine wrote them: nothing is parsed or written again.

/** An entry on its way: `{seq, line, bytes}`. */

const encoder = new TextEncoder();

const NOT_ASCII = /[^\0-\x7f]/;

/** Length of a text in UTF-8. Nearly all texts are ASCII, and to look for what is not costs a tenth of encoding them. */
export function utf8Length(text) {
  return NOT_ASCII.test(text) ? encoder.encode(text).length : text.length;
}

/**
 * The longest run of neighbours from the front that fits into `maxBytes`; at least one entry, however large.
 * @param {{seq: number, bytes: number}[]} entries in order, perhaps with gaps
 */
export function firstBatch(entries, maxBytes) {
  let bytes = 0;
  let n = 0;
  for (const entry of entries) {
    if (n > 0 && (entry.seq !== entries[n - 1].seq + 1 || bytes + entry.bytes > maxBytes)) break;
    bytes += entry.bytes + 1;
    n += 1;
  }
  return entries.slice(0, n);
}

/**
 * The body of a commit. No entries: a heartbeat.
 * @param {string|null} stateHash of the state after exactly these entries and all before; null where that is not at hand
 */
export function commitBody({ session, fromSeq, confirmed, entries, clientClock, stateHash }) {
  const lines = entries.map((entry) => entry.line).join(',');
  return `{"session":${JSON.stringify(session)},"from_seq":${fromSeq},"confirmed":${confirmed},"entries":[${lines}],`
    + `"client_clock":${clientClock},"state_hash":${JSON.stringify(stateHash)}}`;
}
