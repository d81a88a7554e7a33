// The buttons of the bar. A request that is not possible now keeps its place but cannot be pressed; one that this course
// never offers is not shown.

/** Name of a request in the engine's `controls`. */
const CONTROL = {
  continue: 'continue', previous: 'previous', exit: 'exit', exitAll: 'exitAll', suspendAll: 'suspend',
  abandon: 'abandon', abandonAll: 'abandonAll', retry: 'retry',
};

/** Shown in every course with several parts, pressable or not: a button that comes and goes is hard to hit. */
const STEADY = new Set(['continue', 'previous']);

export class Controls {
  #buttons;
  #several;
  #possible = {};
  #busy = false;

  /** @param {HTMLButtonElement[]} buttons each names its request in `data-request` */
  constructor(buttons, several, onRequest) {
    this.#buttons = buttons;
    this.#several = several;
    for (const button of buttons) button.addEventListener('click', () => onRequest(button.dataset.request));
  }

  /** @param {object} possible the engine's `controls` */
  show(possible) {
    this.#possible = possible;
    this.#refresh();
  }

  /** While the content is changing nothing may be pressed twice. */
  set busy(busy) {
    this.#busy = busy;
    this.#refresh();
  }

  /** The session is over. */
  remove() {
    for (const button of this.#buttons) button.hidden = true;
  }

  #refresh() {
    for (const button of this.#buttons) {
      const { request } = button.dataset;
      const possible = this.#possible[CONTROL[request]] === true;
      button.hidden = !(possible || (this.#several && STEADY.has(request)));
      // Not `disabled`: that would take the focus away from someone who pressed Continue and wants to press it again.
      button.setAttribute('aria-disabled', String(!possible || this.#busy));
    }
  }

  /** Whether a press counts. */
  allows(request) {
    return !this.#busy && this.#possible[CONTROL[request]] === true;
  }
}
