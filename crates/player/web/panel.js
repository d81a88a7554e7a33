// What stands in the place of the course while there is none: opening, choosing, the end, errors.

import { h } from './dom.js';

export class Panel {
  #place;

  constructor(place) {
    this.#place = place;
  }

  /**
   * @param {object} page
   * @param {string} page.kind `loading`, `choose`, `end` or `error`, for the style sheet
   * @param {{label: string, act: () => void, isPrimary?: boolean}[]} [page.actions]
   */
  show({ kind, title, text = '', actions = [] }) {
    const heading = h('h1', { tabIndex: -1 }, title);
    const row = h('div', { className: 'actions' }, ...actions.map(({ label, act, isPrimary }) =>
      h('button', { type: 'button', className: isPrimary ? 'primary' : '', onclick: act }, label)));
    const card = h('div', { className: 'card' }, h('span', { className: 'sign', 'aria-hidden': 'true' }), heading);
    if (text) card.append(h('p', {}, text));
    if (actions.length > 0) card.append(row);
    this.#place.dataset.kind = kind;
    this.#place.replaceChildren(card);
    this.#place.hidden = false;
    if (kind !== 'loading') heading.focus();
  }

  hide() {
    this.#place.hidden = true;
    this.#place.replaceChildren();
  }
}
