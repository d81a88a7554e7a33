// A question to the learner, in the browser's own dialog element: the course behind it cannot be reached meanwhile.

import { h } from './dom.js';

/**
 * Asks, and resolves to the value of the button pressed; Escape stands for the first choice, and so does `withdrawn`, which
 * takes the question away.
 * @param {{label: string, value: any, isPrimary?: boolean}[]} choices
 * @param {AbortSignal} [withdrawn]
 */
export function ask({ title, text, choices, withdrawn }) {
  return new Promise((resolve) => {
    const heading = h('h2', { id: 'dialog-title' }, title);
    const words = h('p', { id: 'dialog-text' }, text);
    const row = h('div', { className: 'actions' });
    const dialog = h('dialog', { 'aria-labelledby': heading.id, 'aria-describedby': words.id }, heading, words, row);
    const answer = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    for (const { label, value, isPrimary } of choices) {
      row.append(h('button', { type: 'button', className: isPrimary ? 'primary' : '', onclick: () => answer(value) }, label));
    }
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      answer(choices[0].value);
    });
    withdrawn?.addEventListener('abort', () => answer(choices[0].value), { once: true });
    document.body.append(dialog);
    dialog.showModal();
    row.querySelector('.primary')?.focus();
  });
}
