// Sends what earlier visits left on this device, before a new session opens, so that the new one begins with all of it.

import { firstBatch } from './batch.js';
import { Refused } from './http.js';

const BODY_BYTES = 512 * 1024;

/**
 * Throws `Unreachable`, or `Refused` where waiting helps; the caller tries again.
 * @returns {Promise<number>} entries that the server does not accept; they stay on the device
 */
export async function sendLeftovers(outbox, carrier) {
  let kept = 0;
  for (const [session, entries] of await outbox.leftovers()) {
    kept += await sendSession(outbox, carrier, session, entries);
  }
  return kept;
}

async function sendSession(outbox, carrier, session, entries) {
  let rest = entries;
  while (rest.length > 0) {
    const batch = firstBatch(rest, BODY_BYTES);
    let answer;
    try {
      // What was confirmed has left the device, from the first entry on.
      answer = await carrier.send(carrier.pack(session, batch[0].seq, batch, null, batch[0].seq - 1));
    } catch (error) {
      if (!(error instanceof Refused) || error.status >= 500 || error.status === 429) throw error;
      return rest.length;
    }
    outbox.forget(session, answer.durable_to);
    rest = rest.slice(batch.length);
  }
  return 0;
}
