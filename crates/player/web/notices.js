// Quiet notices under the bar: they say something once and wait to be closed.

import { h } from './dom.js';

export class Notices {
  #place;

  /** @param {HTMLElement} place a polite live region */
  constructor(place) {
    this.#place = place;
  }

  /**
   * Shows a notice; one with the same key takes the place of the earlier one.
   * @param {{label: string, href: string}} [link] opened in a new window
   */
  show(key, text, link = null) {
    this.withdraw(key);
    const words = h('span', {}, text);
    if (link) words.append(' ', h('a', { href: link.href, target: '_blank', rel: 'noopener noreferrer' }, link.label));
    const close = h('button', { type: 'button', className: 'close', 'aria-label': 'Close this notice', onclick: () => notice.remove() });
    const notice = h('div', { className: 'notice', 'data-key': key }, words, close);
    this.#place.append(notice);
  }

  withdraw(key) {
    for (const notice of this.#place.children) {
      if (notice.dataset.key === key) notice.remove();
    }
  }

  clear() {
    this.#place.replaceChildren();
  }
}
