// The learner's time on the content in the frame: says once when it is used up. How much there is, and what follows, the engine knows.

/** Timers take no more (HTML standard: a signed 32-bit number). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export class TimeLimit {
  #left;
  #onOver;
  #timer = 0;

  /**
   * @param {() => {left_ms: number, exit: boolean, message: boolean}|null} left
   * @param {(limit: {exit: boolean, message: boolean}) => void} onOver
   */
  constructor(left, onOver) {
    this.#left = left;
    this.#onOver = onOver;
  }

  /** Content has come into the frame. */
  watch() {
    this.stop();
    const limit = this.#left();
    if (!limit) return;
    const wait = Math.min(limit.left_ms, LONGEST_TIMER_MS);
    // Looks again rather than trusts the timer: a computer that slept wakes up late, and a clock may have been set.
    this.#timer = setTimeout(() => (this.#left()?.left_ms === 0 ? this.#onOver(limit) : this.watch()), wait);
  }

  /** It is out again. */
  stop() {
    clearTimeout(this.#timer);
  }
}
