// How long to wait before the next try.

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * Exponential with full spread: many learners who lost the same server do not come back in the same moment.
 * @param {number} failures tries that failed in a row, from 1
 * @param {number|null} asked the least wait that the server asked for (`Retry-After`), in ms
 */
export function waitAfter(failures, asked = null, random = Math.random) {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  const wait = ceiling / 2 + (random() * ceiling) / 2;
  return Math.round(Math.max(wait, asked ?? 0));
}
