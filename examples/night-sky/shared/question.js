// One question on the page: a form that works with mouse, touch, keyboard and screen reader.
// It knows nothing of any learning standard: an answer is a list of option ids (choice,
// true-false, sequencing, likert), a list of id pairs (matching) or the text that was typed
// (numeric, fill-in). The same file serves both sample courses.

/** Whether an answer is right; `null` where there is no right or wrong (likert). */
export function judge(question, response) {
  switch (question.type) {
    case 'likert':
      return null;
    case 'numeric': {
      const value = toNumber(response);
      return value >= question.min && value <= question.max;
    }
    case 'fill-in':
      return question.accept.includes(response.trim().toLowerCase());
    case 'matching':
      return response.every(([left, right]) => question.correct[left] === right);
    case 'choice':
      return sameList([...response].sort(), [...question.correct].sort());
    default:
      return sameList(response, question.correct);
  }
}

/** A number as people type it, with a comma or a point; NaN for anything else. */
export function toNumber(text) {
  const plain = text.trim().replace(',', '.');
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : NaN;
}

function sameList(a, b) {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** Makes an element: `el('p', { class: 'x' }, 'text', child)`. */
function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** Radio buttons, or check boxes where several answers are right. */
class OptionList {
  constructor(question, name) {
    this.type = question.type === 'choice' && question.correct.length > 1 ? 'checkbox' : 'radio';
    this.question = question;
    this.element = el('div', { class: question.type === 'likert' ? 'options scale' : 'options' });
    for (const option of question.options) {
      const input = el('input', { type: this.type, name, value: option.id });
      this.element.append(el('label', { class: 'option' }, input, el('span', {}, option.text)));
    }
  }

  get missing() {
    const wanted = this.type === 'checkbox' ? this.question.correct.length : 1;
    if (this.read().length === wanted) return '';
    return wanted === 1 ? 'Choose an answer first.' : `Choose ${wanted} answers.`;
  }

  read() {
    return [...this.element.querySelectorAll('input:checked')].map((input) => input.value);
  }

  write(response) {
    for (const input of this.element.querySelectorAll('input')) input.checked = response.includes(input.value);
  }

  /** Marks the chosen and, if it may be told, the right options; in words too, as colour is not for everyone. */
  mark(correct, reveal) {
    if (!this.question.correct) return;
    for (const label of this.element.querySelectorAll('.option')) {
      const input = label.querySelector('input');
      const right = this.question.correct.includes(input.value);
      if (!input.checked && !(right && reveal)) continue;
      label.classList.add(right ? 'is-right' : 'is-wrong');
      label.append(el('span', { class: 'verdict' }, verdictOf(right, input.checked)));
    }
  }

  clearMarks() {
    for (const label of this.element.querySelectorAll('.option')) {
      label.classList.remove('is-right', 'is-wrong');
      label.querySelector('.verdict')?.remove();
    }
  }
}

function verdictOf(right, chosen) {
  if (!right) return 'Your answer';
  return chosen ? 'Right' : 'Right answer';
}

/** One select box for each thing that wants a partner. */
class Pairing {
  constructor(question, name) {
    this.question = question;
    this.element = el('div', { class: 'pairs' });
    for (const left of question.left) {
      const id = `${name}-${left.id}`;
      const select = el('select', { id, 'data-left': left.id }, el('option', { value: '' }, 'Choose …'));
      select.append(...question.right.map((right) => el('option', { value: right.id }, right.text)));
      this.element.append(el('div', { class: 'pair' }, el('label', { for: id }, left.text), select));
    }
  }

  get #selects() {
    return [...this.element.querySelectorAll('select')];
  }

  get missing() {
    return this.#selects.every((select) => select.value) ? '' : 'Choose a partner for each of them first.';
  }

  read() {
    return this.#selects.map((select) => [select.dataset.left, select.value]);
  }

  write(response) {
    const chosen = Object.fromEntries(response);
    for (const select of this.#selects) select.value = chosen[select.dataset.left] ?? '';
  }

  mark() {
    for (const select of this.#selects) {
      const right = this.question.correct[select.dataset.left] === select.value;
      select.closest('.pair').classList.add(right ? 'is-right' : 'is-wrong');
    }
  }

  clearMarks() {
    for (const select of this.#selects) select.closest('.pair').classList.remove('is-right', 'is-wrong');
  }
}

/** A list to be put in order with two buttons a row. */
class Ordering {
  constructor(question, name, announce) {
    this.question = question;
    this.announce = announce;
    this.element = el('ol', { class: 'ordering' });
    for (const option of question.options) this.element.append(this.#row(option));
    this.#refresh();
  }

  #row(option) {
    const up = el('button', { type: 'button', 'aria-label': `Move up: ${option.text}` }, '↑');
    const down = el('button', { type: 'button', 'aria-label': `Move down: ${option.text}` }, '↓');
    const row = el('li', { 'data-id': option.id }, el('span', {}, option.text), el('span', { class: 'moves' }, up, down));
    up.addEventListener('click', () => this.#move(row, -1, up, down));
    down.addEventListener('click', () => this.#move(row, 1, down, up));
    return row;
  }

  #move(row, step, pressed, other) {
    if (step < 0) row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    this.#refresh();
    (pressed.disabled ? other : pressed).focus();
    const rows = [...this.element.children];
    this.announce(`${row.firstChild.textContent}: now ${rows.indexOf(row) + 1} of ${rows.length}`);
  }

  #refresh() {
    for (const row of this.element.children) {
      const [up, down] = row.querySelectorAll('button');
      up.disabled = row === this.element.firstElementChild;
      down.disabled = row === this.element.lastElementChild;
    }
  }

  get missing() {
    return '';
  }

  read() {
    return [...this.element.children].map((row) => row.dataset.id);
  }

  write(response) {
    for (const id of response) this.element.append(this.element.querySelector(`[data-id="${id}"]`));
    this.#refresh();
  }

  mark() {
    [...this.element.children].forEach((row, index) => {
      row.classList.add(this.question.correct[index] === row.dataset.id ? 'is-right' : 'is-wrong');
    });
  }

  clearMarks() {
    for (const row of this.element.children) row.classList.remove('is-right', 'is-wrong');
    this.#refresh();
  }
}

/** A word or a number to type. */
class TextField {
  constructor(question, name) {
    this.question = question;
    const numeric = question.type === 'numeric';
    this.input = el('input', {
      type: 'text', id: name, name, class: numeric ? 'short' : '', autocomplete: 'off', autocapitalize: 'none',
      spellcheck: 'false', inputmode: numeric ? 'decimal' : 'text',
    });
    const label = el('label', { for: name, class: 'field-label' }, question.label ?? 'Your answer');
    this.element = el('div', { class: 'field' }, label, this.input);
    if (question.unit) this.element.append(el('span', { class: 'unit' }, question.unit));
  }

  get missing() {
    if (this.input.value.trim() === '') return 'Type an answer first.';
    return this.question.type === 'numeric' && Number.isNaN(toNumber(this.read())) ? 'Type a number, such as 12.5.' : '';
  }

  read() {
    return this.input.value.trim();
  }

  write(response) {
    this.input.value = response;
  }

  mark(correct) {
    this.element.classList.add(correct ? 'is-right' : 'is-wrong');
  }

  clearMarks() {
    this.element.classList.remove('is-right', 'is-wrong');
  }
}

const CONTROLS = {
  choice: OptionList, 'true-false': OptionList, likert: OptionList,
  matching: Pairing, sequencing: Ordering, numeric: TextField, 'fill-in': TextField,
};

/** The right answer in words, for those kinds whose form does not show it by itself. */
function solution(question) {
  const textOf = (list, id) => list.find((entry) => entry.id === id).text;
  switch (question.type) {
    case 'matching':
      return question.left.map(({ id, text }) => `${text}: ${textOf(question.right, question.correct[id])}`);
    case 'sequencing':
      return question.correct.map((id) => textOf(question.options, id));
    case 'numeric':
    case 'fill-in':
      return [question.answer];
    default:
      return [];
  }
}

/**
 * A question with its button and its feedback.
 * `onAnswer({ response, correct, startedAt })` is called for each answer given;
 * with `retry` a wrong answer can be mended, without it the first answer stands.
 */
export class QuestionForm {
  #control;
  #options;
  #startedAt = new Date();

  constructor(question, options) {
    this.question = question;
    this.#options = options;
    const name = `q-${question.id}`;
    this.feedback = el('div', { class: 'feedback', role: 'status' });
    this.#control = new CONTROLS[question.type](question, name, (text) => { this.feedback.textContent = text; });
    this.fields = el('fieldset', {}, el('legend', {}, question.prompt), this.#control.element);
    if (question.hint) this.fields.querySelector('legend').append(el('small', {}, question.hint));
    this.button = el('button', { type: 'submit', class: 'button primary' }, question.type === 'likert' ? 'Save answer' : 'Check answer');
    this.again = el('button', { type: 'button', class: 'button', hidden: true }, 'Try again');
    this.element = el('form', { class: 'question', novalidate: true, 'data-question': question.id },
      this.fields, this.feedback, el('p', { class: 'actions' }, this.button, this.again));
    this.element.addEventListener('submit', (event) => this.#submit(event));
    this.again.addEventListener('click', () => this.#reopen());
  }

  /** Starts the clock for the latency of the answer: call it when the learner first sees the question. */
  begin() {
    if (!this.fields.disabled) this.#startedAt = new Date();
  }

  /** Shows an answer given earlier, as it looked after it was checked. */
  restore(response) {
    this.#control.write(response);
    this.#close(response, judge(this.question, response));
  }

  #submit(event) {
    event.preventDefault();
    const missing = this.#control.missing;
    if (missing) {
      this.feedback.textContent = missing;
      this.fields.querySelector('input, select, button')?.focus();
      return;
    }
    const response = this.#control.read();
    const correct = judge(this.question, response);
    this.#close(response, correct);
    this.#options.onAnswer({ response, correct, startedAt: this.#startedAt });
    if (!this.again.hidden) this.again.focus();
  }

  #close(response, correct) {
    const mayRetry = correct === false && this.#options.retry === true;
    this.#control.mark(correct, !mayRetry);
    this.fields.disabled = true;
    this.button.hidden = true;
    this.again.hidden = !mayRetry;
    this.#explain(correct, mayRetry);
  }

  #explain(correct, mayRetry) {
    const text = mayRetry ? this.question.nudge : this.question.explain;
    const heading = { true: 'That’s right.', false: 'Not quite.', null: 'Thank you.' }[correct];
    this.feedback.className = `feedback ${{ true: 'is-right', false: 'is-wrong', null: '' }[correct]}`;
    this.feedback.replaceChildren(el('p', {}, el('strong', {}, heading), ` ${text}`));
    const right = correct === false && !mayRetry ? solution(this.question) : [];
    if (right.length === 1) this.feedback.append(el('p', {}, `Answer: ${right[0]}`));
    if (right.length > 1) {
      const list = el(this.question.type === 'sequencing' ? 'ol' : 'ul', {}, ...right.map((line) => el('li', {}, line)));
      this.feedback.append(list);
    }
  }

  #reopen() {
    this.#control.clearMarks();
    this.fields.disabled = false;
    this.button.hidden = false;
    this.again.hidden = true;
    this.feedback.className = 'feedback';
    this.feedback.replaceChildren();
    this.#startedAt = new Date();
    this.fields.querySelector('input, select, button:not(:disabled)')?.focus();
  }
}
