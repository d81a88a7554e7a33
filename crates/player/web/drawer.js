// Opens and closes the contents: beside the course where there is room, over it on a phone.

import { setAttribute } from './dom.js';

const NARROW = matchMedia('(max-width: 52rem)');

export class Drawer {
  #button;
  #panel;
  #stage;
  #onOpen;

  constructor({ button, panel, stage, onOpen }) {
    this.#button = button;
    this.#panel = panel;
    this.#stage = stage;
    this.#onOpen = onOpen;
    button.addEventListener('click', () => (this.isOpen ? this.close() : this.open()));
    panel.addEventListener('keydown', (event) => event.key === 'Escape' && NARROW.matches && this.close());
    document.addEventListener('pointerdown', (event) => this.#pressedBeside(event.target));
    NARROW.addEventListener('change', () => this.#show(!NARROW.matches));
  }

  get isOpen() {
    return !this.#panel.hidden;
  }

  /** Shows the button, and the contents too where there is room. */
  offer() {
    this.#button.hidden = false;
    this.#show(!NARROW.matches);
  }

  open() {
    this.#show(true);
    this.#onOpen();
  }

  close() {
    this.#show(false);
    this.#button.focus();
  }

  /** A part was chosen: on a phone the course is what the learner wants to see now. */
  chosen() {
    if (NARROW.matches && this.isOpen) this.close();
  }

  /** The session is over. */
  remove() {
    this.#show(false);
    this.#button.hidden = true;
  }

  #pressedBeside(target) {
    const inside = this.#panel.contains(target) || this.#button.contains(target);
    if (NARROW.matches && this.isOpen && !inside) this.close();
  }

  #show(open) {
    this.#panel.hidden = !open;
    setAttribute(this.#button, 'aria-expanded', String(open));
    document.body.classList.toggle('drawer-open', open && NARROW.matches);
    // Over the course it is the only thing that can be reached.
    this.#stage.inert = open && NARROW.matches;
  }
}
