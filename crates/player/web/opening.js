// Opens a session: the server answers with everything that the engine and the page need.

import { waitAfter } from './backoff.js';
import { SessionClock } from './clock.js';
import { post, Refused } from './http.js';

/** `{text, opened, clock}`: the answer as it came, for the engine; the same as an object; the session's clock. */
export async function openSession(address, pageId) {
  const asked = Date.now();
  const text = await post(address.url('sessions'), JSON.stringify({ client_clock: asked, page: pageId }));
  const opened = JSON.parse(text);
  address.renewed(opened.token);
  return { text, opened, clock: new SessionClock(opened.server_clock, asked, Date.now()) };
}

/** Asks for a new attempt: the address of the page that begins it. */
export async function askForAttempt(address) {
  const { token } = JSON.parse(await post(address.url('attempts'), ''));
  return address.pageOf(token);
}

/**
 * Does the work, again and again while the server cannot be reached.
 * @param {(again: () => void) => void} onWait told before each wait; `again` ends the wait
 */
export async function untilReachable(work, onWait) {
  for (let failures = 1; ; failures += 1) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Refused && error.status < 500 && error.status !== 429) throw error;
      await new Promise((again) => {
        onWait(again);
        setTimeout(again, waitAfter(failures, error.retryAfterMs));
        addEventListener('online', again, { once: true });
      });
    }
  }
}
