// The session's clock: the browser's, moved so that it agrees with the server's at the opening.

export class SessionClock {
  #offset;
  #wall;
  #last = 0;

  /**
   * @param {number} serverClock what the server's clock said, in ms since 1970
   * @param {number} asked and {number} answered: the browser's clock around that request; the middle is the best guess
   */
  constructor(serverClock, asked, answered, wall = Date.now) {
    this.#wall = wall;
    this.#offset = serverClock - (asked + answered) / 2;
  }

  /** Milliseconds since 1970; never runs backwards, even when someone sets the computer's clock. */
  now() {
    this.#last = Math.max(this.#last, Math.round(this.#wall() + this.#offset));
    return this.#last;
  }
}
