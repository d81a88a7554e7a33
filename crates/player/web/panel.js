// What stands in the place of the course while there is none: opening, choosing, the end, errors.

import { h, setText } from './dom.js';

export class Panel {
  #place;
  #words;
  #row;

  constructor(place) {
    this.#place = place;
  }

  /**
   * @param {object} page
   * @param {string} page.kind `loading`, `choose`, `end` or `error`, for the style sheet
   * @param {string} [page.sign] which sign stands above the title of an end
   * @param {[string, string][]} [page.facts] how the course stands: names and values
   * @param {{label: string, act: () => void, isPrimary?: boolean}[]} [page.actions]
   */
  show({ kind, sign = '', title, facts = [], text = '', actions = [] }) {
    const heading = h('h1', { id: 'panel-title', tabIndex: -1 }, title);
    this.#words = h('p', kind === 'end' ? { role: 'status' } : {}, text);
    this.#row = h('div', { className: 'actions' });
    const card = h('section', { className: 'card', 'aria-labelledby': heading.id },
      h('span', { className: 'sign', 'aria-hidden': 'true' }), heading);
    if (facts.length > 0) card.append(h('dl', { className: 'facts' }, ...facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))));
    card.append(this.#words, this.#row);
    this.#place.dataset.kind = kind;
    this.#place.dataset.sign = sign;
    this.#place.replaceChildren(card);
    this.#place.hidden = false;
    this.say(text, actions);
    if (kind !== 'loading') heading.focus();
  }

  /** Changes what the page says below its title and offers, without taking anybody away from where she is. */
  say(text, actions = []) {
    setText(this.#words, text);
    this.#words.hidden = text === '';
    this.#row.replaceChildren(...actions.map(({ label, act, isPrimary }) =>
      h('button', { type: 'button', className: isPrimary ? 'primary' : '', onclick: act }, label)));
    this.#row.hidden = actions.length === 0;
  }

  hide() {
    this.#place.hidden = true;
    this.#place.replaceChildren();
  }
}
