// One stay of one activity's content in the frame, seen from the content: its API answers through this. When the content has
// left, what it still calls (a timer, a window it opened) is answered here and cannot reach the activity that came after.

/** What these elements hold may open or close other parts of the course. */
const MOVES = /^cmi\.(completion_status|success_status|score\.scaled|progress_measure|objectives\..*|core\.lesson_status)$/;

export class Visit {
  #session;
  #late;
  #maxValueBytes;
  #listener;
  #lateError = 0;
  #refusedSet = 0;
  #over = false;

  /** The document that called Terminate. */
  #terminatedIn = undefined;
  initialized = false;
  terminated = false;

  /**
   * @param {object} parts
   * @param {object} parts.late error codes after the end, see api.js
   * @param {number} parts.maxValueBytes a value above this would never fit into a commit
   * @param {object} parts.listener `document()`, `startAgain()`, `changed()`, `noted()`, `terminated()`, `tooLarge(element)`
   */
  constructor({ session, late, maxValueBytes, listener }) {
    this.#session = session;
    this.#late = late;
    this.#maxValueBytes = maxValueBytes;
    this.#listener = listener;
  }

  /** The content has left the frame. */
  end() {
    this.#over = true;
  }

  initialize(argument) {
    if (this.#over) return this.#refuseLate('initialize', false);
    this.#refusedSet = 0;
    if (this.terminated && this.#isAnotherDocument()) {
      // The frame was loaded again, or the content's next page begins: a new visit of the same activity, as after Reload.
      this.#listener.startAgain();
      this.terminated = false;
    }
    const done = this.#session.initialize(argument);
    this.initialized ||= done;
    return done;
  }

  terminate(argument) {
    if (this.#over) return this.#refuseLate('terminate', false);
    this.#refusedSet = 0;
    const done = this.#session.terminate(argument);
    if (done) {
      this.terminated = true;
      this.#terminatedIn = this.#listener.document();
      this.#listener.terminated();
    }
    return done;
  }

  commit(argument) {
    if (this.#over) return this.#refuseLate('commit', false);
    this.#refusedSet = 0;
    const done = this.#session.commit(argument);
    this.#listener.changed();
    return done;
  }

  getValue(element) {
    if (this.#over) return this.#refuseLate('get', '');
    this.#refusedSet = 0;
    return this.#session.getValue(element);
  }

  setValue(element, value) {
    if (this.#over) return this.#refuseLate('set', false);
    this.#refusedSet = 0;
    if (!this.#fits(value)) {
      this.#refusedSet = this.#late.setFailed;
      this.#listener.tooLarge(element);
      return false;
    }
    const done = this.#session.setValue(element, value);
    if (done && MOVES.test(element)) this.#listener.noted?.();
    return done;
  }

  lastError() {
    return this.#over ? this.#lateError : this.#refusedSet || this.#session.lastError();
  }

  errorString(code) {
    return this.#session.errorString(code);
  }

  diagnostic(code) {
    return this.#session.diagnostic(code);
  }

  #refuseLate(call, answer) {
    this.#lateError = this.#late[call];
    return answer;
  }

  #isAnotherDocument() {
    const present = this.#listener.document();
    return present !== null && this.#terminatedIn !== null && present !== this.#terminatedIn;
  }

  #fits(value) {
    // A character takes at most six bytes in JSON (\u0000).
    if (value.length * 6 <= this.#maxValueBytes) return true;
    return new TextEncoder().encode(JSON.stringify(value)).length <= this.#maxValueBytes;
  }
}
