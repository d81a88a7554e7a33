// Says whether the learner's work is safe, and how far she is.

import { setAttribute, setText } from './dom.js';
import { texts } from './texts.js';

export class Status {
  #place;
  #text;

  /** @param {HTMLElement} place the `role="status"` region; @param {HTMLElement} text the words in it */
  constructor(place, text) {
    this.#place = place;
    this.#text = text;
  }

  /** The server has everything on disk. */
  saved() {
    this.#show('saved', texts.saved, '');
  }

  /** Something is on the way to the server. */
  saving() {
    this.#show('saving', texts.saving, '');
  }

  /** The server cannot be reached. */
  offline(waiting, isKept) {
    const kept = isKept ? texts.keptOnDevice(waiting) : texts.keptInPage(waiting);
    this.#show('offline', texts.offline, waiting > 0 ? kept : '');
  }

  /** The server does not take it; waiting will not help. */
  problem(why) {
    this.#show('problem', texts.notSaving, why);
  }

  /** Changes at once, for the word must never say more than is true; but people who listen are not told of each save. */
  #show(state, word, detail) {
    const before = this.#place.dataset.state;
    const worthSaying = isTrouble(state) || isTrouble(before);
    setAttribute(this.#place, 'aria-live', worthSaying ? 'polite' : 'off');
    this.#place.dataset.state = state;
    setAttribute(this.#place, 'title', detail || null);
    setText(this.#text, word);
  }
}

const isTrouble = (state) => state === 'offline' || state === 'problem';
