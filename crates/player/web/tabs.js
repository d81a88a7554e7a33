// One page plays an enrolment at a time in this browser. A second page asks the learner whether to take over, but only if
// the first one answers; after a crash nobody answers, and the page goes on by itself.

const ANSWER_WITHIN_MS = 5_000;
/** Where the browser has no locks (plain http), every opening waits for an answer, so not long. */
const ANSWER_WITHOUT_LOCKS_MS = 700;
/** How long the first page may take to save its work. */
const YIELD_WITHIN_MS = 5_000;

/** For a question that is not withdrawn. */
const NEVER = new AbortController().signal;

export class Tab {
  #name;
  #id;
  #channel;
  #plays = false;
  #letGo = () => {};

  /** Called when another page takes over; resolves when this page has saved and stopped. */
  onTakenOver = async () => {};

  constructor(registration, pageId) {
    this.#name = `lyceum/${registration}`;
    this.#id = pageId;
    this.#channel = openChannel(this.#name);
    this.#channel.addEventListener('message', ({ data }) => this.#heard(data));
  }

  /**
   * Makes this page the one that plays.
   * @param {(withdrawn: AbortSignal) => Promise<boolean>} askLearner whether to take over from the page that answered;
   *   `withdrawn` says that the question is out of date: what is answered then does not matter
   * @returns {Promise<boolean>} false where the learner leaves the course in the other page
   */
  async take(askLearner) {
    const first = await this.#lock({ ifAvailable: true });
    if (first === 'held') return true;
    if (first === 'none') return this.#takeByAsking(askLearner);
    // Somebody has it: a page that answers, a page that is just closing (the lock comes free), or one that hangs.
    const waiting = new AbortController();
    const free = this.#lock({ signal: waiting.signal });
    const answer = this.#heardBack('who', 'here', ANSWER_WITHIN_MS).then((here) => (here ? 'here' : 'silent'));
    const winner = await Promise.race([free, answer]);
    if (winner === 'held') return true;
    const takes = winner === 'silent' || (await this.#askWhileBusy(free, askLearner));
    if (this.#plays) return true;
    waiting.abort();
    return takes && (await this.#lock({ steal: true })) === 'held';
  }

  /** The other page may go while the learner thinks: then there is nothing to ask any more. */
  #askWhileBusy(free, askLearner) {
    const withdrawn = new AbortController();
    free.then(() => withdrawn.abort());
    return this.#takeFrom(() => askLearner(withdrawn.signal));
  }

  /** This page plays no more. */
  release() {
    this.#plays = false;
    this.#letGo();
  }

  async #takeByAsking(askLearner) {
    const here = await this.#heardBack('who', 'here', ANSWER_WITHOUT_LOCKS_MS);
    if (here && !(await this.#takeFrom(() => askLearner(NEVER)))) return false;
    this.#plays = true;
    return true;
  }

  async #takeFrom(askLearner) {
    if (!(await askLearner())) return false;
    await this.#heardBack('yield', 'yielded', YIELD_WITHIN_MS);
    return true;
  }

  /** Resolves to `held` (until `release`), to `busy`, or to `none` where this page may not use locks. */
  #lock(options) {
    return new Promise((resolve) => {
      const hold = (lock) => {
        resolve(lock ? 'held' : 'busy');
        if (!lock) return undefined;
        this.#plays = true;
        return new Promise((letGo) => { this.#letGo = letGo; });
      };
      const request = navigator.locks?.request(this.#name, options, hold) ?? Promise.reject(new Error('no locks'));
      request.catch(() => {
        resolve('none');
        this.#taken();
      });
    });
  }

  /** Sends a word to the other pages and resolves to whether one answered in time. */
  #heardBack(word, answer, ms) {
    return new Promise((resolve) => {
      const settle = (answered) => {
        clearTimeout(timer);
        this.#channel.removeEventListener('message', listen);
        resolve(answered);
      };
      const listen = ({ data }) => data.word === answer && data.to === this.#id && settle(true);
      const timer = setTimeout(() => settle(false), ms);
      this.#channel.addEventListener('message', listen);
      this.#channel.postMessage({ word, from: this.#id });
    });
  }

  async #heard({ word, from }) {
    if (!this.#plays) return;
    if (word === 'who') this.#channel.postMessage({ word: 'here', to: from });
    if (word === 'yield') {
      await this.#taken();
      this.#channel.postMessage({ word: 'yielded', to: from });
      this.release();
    }
  }

  /** Another page has the course now. */
  async #taken() {
    if (!this.#plays) return;
    this.#plays = false;
    await this.onTakenOver();
  }
}

/** Pages in other sites' frames may be denied channels; there every page is alone. */
function openChannel(name) {
  try {
    return new BroadcastChannel(name);
  } catch {
    return Object.assign(new EventTarget(), { postMessage() {} });
  }
}
