// The table of contents: a tree in the sense of the ARIA Authoring Practices, as a flat list whose lines know their level.
// Built once; afterwards only what changed is written, for a course may have thousands of lines.

import { h, setAttribute } from './dom.js';
import { texts } from './texts.js';

export class Toc {
  #tree;
  #onChoose;
  #lines = [];
  #typed = '';
  #typedAt = 0;

  /** @param {HTMLElement} tree the `role="tree"`; @param {(id: string) => void} onChoose */
  constructor(tree, onChoose) {
    this.#tree = tree;
    this.#onChoose = onChoose;
    tree.addEventListener('click', (event) => this.#clicked(event));
    tree.addEventListener('keydown', (event) => this.#pressed(event));
  }

  /** Shows the engine's lines of the table of contents. */
  show(items) {
    const visible = items.filter((item) => item.visible);
    if (visible.length !== this.#lines.length || visible.some((item, i) => item.id !== this.#lines[i].id)) this.#build(visible);
    visible.forEach((item, i) => this.#lines[i].word !== item.word && this.#update(this.#lines[i], item));
    this.#keepOneTabStop();
  }

  /** Brings the line of the present part into view. */
  revealCurrent() {
    const line = this.#lines.find((each) => each.item.current);
    if (!line) return;
    for (let up = line.parent; up; up = up.parent) this.#expand(up, true);
    line.element.scrollIntoView({ block: 'nearest' });
  }

  /** Puts the keyboard on the present part, or on the first line. */
  focus() {
    const line = this.#lines.find((each) => each.item.current) ?? this.#lines[0];
    if (line) this.#focus(line);
  }

  // ---- building -----------------------------------------------------------------------------------------------------

  #build(items) {
    this.#lines = items.map((item, i) => this.#line(item, i));
    const byId = new Map(this.#lines.map((line) => [line.id, line]));
    const top = [];
    for (const line of this.#lines) {
      line.parent = byId.get(line.item.parent) ?? null;
      (line.parent?.children ?? top).push(line);
    }
    number(top, 1);
    this.#tree.replaceChildren(...this.#lines.map((line) => line.element));
  }

  #line(item, i) {
    const label = h('span', { id: `toc-${i}`, className: 'toc-title', dir: 'auto' }, item.title);
    const toggle = h('span', { className: 'toc-toggle', 'aria-hidden': 'true' });
    const mark = h('span', { className: 'toc-mark', 'aria-hidden': 'true' });
    const element = h('li', { role: 'treeitem', 'aria-labelledby': label.id, tabIndex: -1 }, toggle, label, mark);
    element.style.setProperty('--depth', item.depth);
    return { id: item.id, item, word: null, element, mark, parent: null, children: [], isOpen: true };
  }

  #update(line, item) {
    line.item = item;
    line.word = item.word;
    const { element } = line;
    setAttribute(element, 'aria-current', item.current ? 'true' : null);
    setAttribute(element, 'aria-disabled', item.disabled ? 'true' : null);
    const state = stateOf(item);
    element.dataset.state = state;
    setAttribute(element, 'aria-description', texts[state] ?? null);
  }

  // ---- moving -------------------------------------------------------------------------------------------------------

  #expand(line, open) {
    if (line.children.length === 0 || line.isOpen === open) return;
    line.isOpen = open;
    setAttribute(line.element, 'aria-expanded', String(open));
    for (const each of this.#lines) each.element.hidden = hasClosedAncestor(each);
    this.#keepOneTabStop();
  }

  #clicked(event) {
    const line = this.#lineOf(event.target);
    if (!line) return;
    this.#focus(line);
    const isFold = event.target.classList.contains('toc-toggle') || (line.item.kind === 'cluster' && line.item.disabled);
    if (isFold && line.children.length > 0) this.#expand(line, !line.isOpen);
    else this.#choose(line);
  }

  #pressed(event) {
    const line = this.#lineOf(event.target);
    if (!line || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = this.#keys(line)[event.key];
    if (act) act();
    else if (event.key.length === 1) this.#jumpTo(line, event.key);
    else return;
    event.preventDefault();
  }

  #keys(line) {
    const shown = this.#lines.filter((each) => !each.element.hidden);
    const at = shown.indexOf(line);
    const go = (target) => () => target && this.#focus(target);
    return {
      ArrowDown: go(shown[at + 1]),
      ArrowUp: go(shown[at - 1]),
      Home: go(shown[0]),
      End: go(shown.at(-1)),
      ArrowRight: () => (line.children.length > 0 && !line.isOpen ? this.#expand(line, true) : go(line.children[0])()),
      ArrowLeft: () => (line.children.length > 0 && line.isOpen ? this.#expand(line, false) : go(line.parent)()),
      Enter: () => this.#choose(line),
      ' ': () => this.#choose(line),
    };
  }

  /** The next line whose title begins with what was typed. */
  #jumpTo(line, key) {
    const now = performance.now();
    this.#typed = now - this.#typedAt < 700 ? this.#typed + key.toLowerCase() : key.toLowerCase();
    this.#typedAt = now;
    const shown = this.#lines.filter((each) => !each.element.hidden);
    const from = shown.indexOf(line) + (this.#typed.length === 1 ? 1 : 0);
    const inOrder = [...shown.slice(from), ...shown.slice(0, from)];
    const found = inOrder.find((each) => each.item.title.toLowerCase().startsWith(this.#typed));
    if (found) this.#focus(found);
  }

  #choose(line) {
    if (!line.item.disabled) this.#onChoose(line.id);
  }

  #focus(line) {
    for (const each of this.#lines) each.element.tabIndex = each === line ? 0 : -1;
    line.element.focus();
  }

  /** One line is in the tab order: the one with the focus, else the present part, else the first. */
  #keepOneTabStop() {
    const shown = this.#lines.filter((line) => !line.element.hidden);
    const stop = shown.find((line) => line.element === document.activeElement)
      ?? shown.find((line) => line.item.current) ?? shown[0];
    for (const { element } of this.#lines) {
      const wanted = element === stop?.element ? 0 : -1;
      if (element.tabIndex !== wanted) element.tabIndex = wanted;
    }
  }

  #lineOf(target) {
    const element = target.closest('[role="treeitem"]');
    return this.#lines.find((line) => line.element === element);
  }
}

/** Tells assistive technology where each line stands among its neighbours. */
function number(lines, level) {
  lines.forEach(({ element, children }, i) => {
    setAttribute(element, 'aria-level', level);
    setAttribute(element, 'aria-posinset', i + 1);
    setAttribute(element, 'aria-setsize', lines.length);
    if (children.length > 0) setAttribute(element, 'aria-expanded', 'true');
    number(children, level + 1);
  });
}

function hasClosedAncestor(line) {
  for (let up = line.parent; up; up = up.parent) {
    if (!up.isOpen) return true;
  }
  return false;
}

/** The word of `texts` and of the style sheet for how a part stands. */
function stateOf(item) {
  if (item.success === 'failed') return 'failed';
  if (item.completion === 'completed') return item.success === 'passed' ? 'passed' : 'completed';
  return item.completion === 'incomplete' ? 'incomplete' : 'fresh';
}
