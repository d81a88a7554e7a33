// The panel for authors: what is possible now and why, by the course's own rules. Opened by the button Why?.

import { h } from './dom.js';
import { texts } from './texts.js';

/** Requests that are explained without being asked for, with the names of their buttons. */
const REQUESTS = [['continue', 'Continue'], ['previous', 'Previous'], ['exit', 'Exit'], ['suspendAll', 'Suspend'], ['exitAll', 'Exit all']];

/**
 * @param {object} parts
 * @param {(request: string) => object | null} parts.explain the engine's explanation of a request
 * @param {() => object[]} parts.contents the lines of the table of contents
 */
export function showExplanations({ explain, contents }) {
  const heading = h('h2', { id: 'why-title' }, texts.whyTitle);
  const close = h('button', { type: 'button', className: 'primary' }, texts.close);
  const list = h('div', { className: 'explanations' }, ...REQUESTS.map(([request, name]) => explained(name, explain(request))));
  const dialog = h('dialog', { id: 'why-panel', 'aria-labelledby': heading.id }, heading, h('p', {}, texts.whyText), list,
    ...partsExplained(contents(), explain), h('div', { className: 'actions' }, close));
  const done = () => dialog.remove();
  dialog.addEventListener('close', done);
  close.addEventListener('click', () => dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}

/** A part of the course to be picked, with the reason why it can be chosen or not. */
function partsExplained(items, explain) {
  if (items.length === 0) return [];
  const place = h('div', { className: 'explanations', 'aria-live': 'polite' });
  const options = items.map(({ id, title, depth }) => h('option', { value: id }, '\u2003'.repeat(depth) + title));
  const picker = h('select', { id: 'why-part' }, h('option', { value: '' }, texts.whyPick), ...options);
  picker.addEventListener('change', () => {
    const item = items.find(({ id }) => id === picker.value);
    place.replaceChildren(...(item ? [explained(item.title, explain(`choice ${item.id}`), true)] : []));
  });
  return [h('label', { for: 'why-part' }, texts.whyPart), picker, place];
}

function explained(name, explanation, open = false) {
  if (!explanation) return '';
  const { possible, text, exception, steps } = explanation;
  const word = possible ? texts.possible : texts.notPossible;
  const code = exception ? h('code', {}, exception) : '';
  const lines = steps.map(({ process, about, text: decided }) =>
    h('li', {}, process ? h('code', {}, process) : '', about ? h('b', {}, ` ${about}: `) : ' ', decided));
  const summary = h('summary', {}, h('b', {}, name), ` \u2013 ${word}. ${text} `, code);
  const element = h('details', { open }, summary, h('ol', {}, ...lines));
  element.dataset.possible = String(possible);
  return element;
}
