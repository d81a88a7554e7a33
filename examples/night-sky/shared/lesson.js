// Runs one lesson: turns its screens, asks its questions, remembers where the learner was.

import { buildFrame } from './frame.js';
import { judge, QuestionForm } from './question.js';
import { Record } from './record.js';
import { Session } from './scorm2004.js';

/** The scaled score that passes the check where no platform names one. */
const DEFAULT_PASS_MARK = 0.7;

const $ = (id) => document.getElementById(id);

function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/**
 * One lesson. In a practice lesson a wrong answer can be tried again, and it is done when every
 * screen was seen and every question is answered rightly. A `graded` one keeps first answers and
 * is done when all are given; its score decides. `topics` are the learning objectives that questions
 * name: those with `readOnly` belong to another lesson, which alone says whether they are met.
 */
export class Lesson {
  #record = new Record(new Session());
  #screens;
  #forms = new Map();
  #current = null;
  #resumeAt;

  constructor({ questions, graded = false, topics = {} }) {
    this.#screens = [...document.querySelectorAll('.screen')];
    buildFrame();
    this.questions = questions;
    this.graded = graded;
    this.topics = topics;
    const { place, state } = this.#record.resume();
    this.#resumeAt = place;
    /** What the next visit needs: screens seen, last answers, questions missed at first, own notes. */
    this.state = { seen: [], answers: {}, missed: [], ...state };
    this.#listScreens();
    for (const question of questions) this.#ask(question);
    this.#listen();
  }

  get record() {
    return this.#record;
  }

  /** Shows the screen of the last visit. Called last, when the pictures are drawn. */
  start() {
    this.#show(this.#screens.find(({ id }) => id === this.#resumeAt) ?? this.#screens[0], { focus: false });
    this.#greet();
    document.documentElement.classList.add('ready');
  }

  /** Stores what was changed in `state`. */
  save() {
    this.#record.keepPlace(this.#current.id, this.state);
  }

  get done() {
    return this.#progress() === 1;
  }

  get #scored() {
    return this.questions.filter(({ type }) => type !== 'likert');
  }

  /** Questions that were right at the first try. */
  get firstTimeRight() {
    return this.#scored.filter((question) => this.#isRight(question) && !this.state.missed.includes(question.id));
  }

  get score() {
    return this.firstTimeRight.length / this.#scored.length;
  }

  get passed() {
    return this.done && this.score >= this.#record.passMark(DEFAULT_PASS_MARK);
  }

  #isRight({ id, ...question }) {
    return id in this.state.answers && judge(question, this.state.answers[id]) !== false;
  }

  #isSettled(question) {
    return this.graded ? question.id in this.state.answers : this.#isRight(question);
  }

  /** Share of screens seen and questions settled, from 0 to 1; in a graded lesson only questions count. */
  #progress() {
    const settled = this.questions.filter((question) => this.#isSettled(question)).length;
    if (this.graded) return settled / this.questions.length;
    const seen = this.#screens.filter(({ id }) => this.state.seen.includes(id)).length;
    return (seen + settled) / (this.#screens.length + this.questions.length);
  }

  #ask(question) {
    const place = document.querySelector(`[data-ask="${question.id}"]`);
    const form = new QuestionForm(question, {
      retry: !this.graded,
      onAnswer: (answer) => this.#take(question, answer),
    });
    place.replaceChildren(form.element);
    if (question.id in this.state.answers) form.restore(this.state.answers[question.id]);
    this.#forms.set(question.id, form);
  }

  #take(question, answer) {
    $('notice').replaceChildren();
    this.state.answers[question.id] = answer.response;
    if (answer.correct === false && !this.state.missed.includes(question.id)) this.state.missed.push(question.id);
    this.#record.answer(question, answer);
    this.#reportTopics();
    this.#store();
  }

  /** Tells the platform how far this is: progress, learning objectives and, at the end, score and success. */
  #store() {
    this.#record.progress(this.#progress());
    if (this.done) {
      this.#record.grade(this.firstTimeRight.length, this.#scored.length);
      this.#record.success(this.graded && !this.passed ? 'failed' : 'passed');
    }
    this.#record.keepPlace(this.#current.id, this.state);
    this.#showPager();
    this.onProgress?.();
  }

  /** Each learning objective whose questions are all settled. */
  #reportTopics() {
    for (const [objective, { readOnly = false }] of Object.entries(this.topics)) {
      const asked = this.#scored.filter((question) => question.objective === objective);
      if (asked.length === 0 || !asked.every((question) => this.#isSettled(question))) continue;
      const scaled = asked.filter((question) => this.firstTimeRight.includes(question)).length / asked.length;
      this.#record.objective(objective, readOnly ? { scaled } : { scaled, success: 'passed', completion: 'completed' });
    }
  }

  #show(screen, { focus = true } = {}) {
    this.#current = screen;
    for (const other of document.querySelectorAll('.screen')) other.hidden = other !== screen;
    if (!this.state.seen.includes(screen.id)) this.state.seen.push(screen.id);
    for (const form of this.#forms.values()) if (screen.contains(form.element)) form.begin();
    $('notice').replaceChildren();
    this.#store();
    window.scrollTo(0, 0);
    if (focus) screen.querySelector('h1').focus({ preventScroll: true });
  }

  #showPager() {
    const at = this.#screens.indexOf(this.#current);
    const last = at === this.#screens.length - 1;
    $('back').disabled = at === 0;
    $('next').hidden = last;
    $('position').textContent = `${at + 1} of ${this.#screens.length}`;
    const percent = Math.round(100 * this.#progress());
    const bar = document.querySelector('.progress');
    bar.setAttribute('aria-valuenow', percent);
    bar.firstElementChild.style.width = `${percent}%`;
    for (const button of document.querySelectorAll('.contents button')) {
      button.classList.toggle('seen', this.state.seen.includes(button.dataset.screen));
      if (button.dataset.screen === this.#current.id) button.setAttribute('aria-current', 'step');
      else button.removeAttribute('aria-current');
    }
    this.#offerWayOn(last);
  }

  /** At the end: a button where the platform takes us on, a link where there is none, else a hint. */
  #offerWayOn(last) {
    const place = $('way-on');
    place.replaceChildren();
    if (!last || !this.done || this.graded) return;
    const following = document.body.dataset.next;
    if (!this.#record.connected) {
      const link = make('a', 'button primary', 'Next lesson');
      link.href = following;
      place.append(link);
    } else if (this.#record.canContinue) {
      const button = make('button', 'button primary', 'Next lesson');
      button.type = 'button';
      button.addEventListener('click', () => this.leave('continue'));
      place.append(button);
    } else {
      place.append(make('span', 'hint', 'Done. Choose the next lesson outside this page.'));
    }
  }

  /**
   * Ends the visit on the learner's own request. Everything stays as it is for the next one
   * (`suspend`); only a failed check ends its attempt (`normal`), so that it can be taken afresh.
   */
  leave(request) {
    this.#record.leave(this.#exit, request);
    for (const screen of document.querySelectorAll('.screen')) screen.hidden = screen.id !== 'goodbye';
    document.querySelector('.pager').hidden = true;
    document.querySelector('.contents').hidden = true;
    $('goodbye').querySelector('h1').focus();
  }

  get #exit() {
    return this.graded && this.done && !this.passed ? 'normal' : 'suspend';
  }

  /** Forgets the answers of a graded lesson; what was recorded of them stays recorded. */
  retake(firstScreen) {
    this.state.answers = {};
    this.state.missed = [];
    for (const question of this.questions) this.#ask(question);
    this.#show($(firstScreen));
  }

  #turn(step) {
    const target = this.#screens[this.#screens.indexOf(this.#current) + step];
    if (target) this.#show(target);
  }

  #listScreens() {
    const list = document.querySelector('.contents ol');
    for (const screen of this.#screens) {
      const button = make('button', '', screen.querySelector('h1').textContent);
      button.type = 'button';
      button.dataset.screen = screen.id;
      button.addEventListener('click', () => {
        document.querySelector('.contents').open = false;
        this.#show(screen);
      });
      const line = document.createElement('li');
      line.append(button);
      list.append(line);
    }
    for (const heading of document.querySelectorAll('.screen h1')) heading.tabIndex = -1;
  }

  #greet() {
    if (!this.#record.connected) {
      $('notice').textContent = 'You are reading on your own: no learning platform is connected, so nothing is stored.';
    } else if (this.#current !== this.#screens[0]) {
      const name = this.#record.firstName;
      $('notice').textContent = `Welcome back${name && `, ${name}`}. You left off here.`;
    }
  }

  #listen() {
    $('back').addEventListener('click', () => this.#turn(-1));
    $('next').addEventListener('click', () => this.#turn(1));
    document.addEventListener('keydown', (event) => this.#onKey(event));
    // A tab may vanish at any moment: hidden is the last call that phones make, pagehide the last of all.
    document.addEventListener('visibilitychange', () => { if (document.hidden) this.#record.save(); });
    window.addEventListener('pagehide', () => this.#record.leave(this.#exit));
    // Back from the browser's page cache the session is over: begin a new one.
    window.addEventListener('pageshow', (event) => { if (event.persisted) window.location.reload(); });
  }

  #onKey(event) {
    if (event.key === 'Escape') document.querySelector('.contents').open = false;
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest('input, select, textarea, .question')) return;
    if (document.querySelector('.pager').hidden) return;
    if (event.key === 'ArrowRight') this.#turn(1);
    if (event.key === 'ArrowLeft') this.#turn(-1);
  }
}
