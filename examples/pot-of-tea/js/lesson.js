// Turns the screens, remembers where the learner was, and hands what she does to the record.

import { startPictures } from './explore.js';
import { QUESTIONS } from './questions.js';
import { Quiz } from './quiz.js';
import { Record } from './record.js';
import { Session } from './scorm12.js';

const $ = (id) => document.getElementById(id);
const screens = [...document.querySelectorAll('.screen:not([data-outside])')];
const titleOf = (screen) => screen.querySelector('h1').textContent;

const record = new Record(new Session());
const { place, state: kept } = record.resume();
/** What the next visit needs: screens seen, answers, the best score so far, the note. */
const state = { seen: [], answers: {}, best: null, note: '', ...kept };
let current = null;

const quiz = new Quiz(state.answers, {
  onAnswer(question, answer) {
    $('notice').replaceChildren();
    state.answers = quiz.answers;
    record.answer(question, answer);
    if (quiz.done) finishQuiz();
    record.keepPlace(current.id, state);
    showPager();
  },
  onDone: () => show($('result')),
});

/** A second try can only better the result. */
function finishQuiz() {
  if (state.best === null || quiz.score > state.best) {
    state.best = quiz.score;
    record.grade(quiz.score);
  }
  showResult();
}

function show(screen, { focus = true } = {}) {
  current = screen;
  for (const other of document.querySelectorAll('.screen')) other.hidden = other !== screen;
  if (!state.seen.includes(screen.id)) state.seen.push(screen.id);
  record.keepPlace(screen.id, state);
  if (screen.id === 'quiz') quiz.begin();
  $('notice').replaceChildren();
  showPager();
  window.scrollTo(0, 0);
  if (focus) screen.querySelector('h1').focus({ preventScroll: true });
}

function showPager() {
  const at = screens.indexOf(current);
  $('back').disabled = at === 0;
  $('next').disabled = at === screens.length - 1 || (current.id === 'quiz' && !quiz.done);
  $('next').textContent = at === 0 ? 'Begin' : 'Next';
  $('position').textContent = `${at + 1} of ${screens.length}`;
  const percent = Math.round((100 * state.seen.length) / screens.length);
  const bar = document.querySelector('.progress');
  bar.setAttribute('aria-valuenow', percent);
  bar.firstElementChild.style.width = `${percent}%`;
  for (const button of document.querySelectorAll('.contents button')) {
    button.classList.toggle('seen', state.seen.includes(button.dataset.screen));
    if (button.dataset.screen === current.id) button.setAttribute('aria-current', 'step');
    else button.removeAttribute('aria-current');
  }
}

function turn(step) {
  const target = screens[screens.indexOf(current) + step];
  const button = step > 0 ? $('next') : $('back');
  if (target && !button.disabled) show(target);
}

function showResult() {
  if (!quiz.done) return;
  const passed = state.best >= record.passMark;
  $('result-title').textContent = passed ? 'Well brewed' : 'Nearly there';
  const count = `${quiz.rightAnswers} of ${QUESTIONS.length} right, that is ${quiz.score} out of 100.`;
  const better = state.best > quiz.score ? ` Your best result, ${state.best}, stands.` : '';
  const verdict = passed ? ' You passed. Put the kettle on.' : ` ${record.passMark} would pass. Look at what went wrong and try once more.`;
  $('result-text').textContent = count + better + verdict;
  $('result-list').replaceChildren(...quiz.verdicts().map(({ question, correct }) => {
    const line = document.createElement('li');
    line.className = correct ? 'is-right' : 'is-wrong';
    line.textContent = question.prompt;
    const mark = document.createElement('span');
    mark.className = 'verdict';
    mark.textContent = correct ? 'Right' : 'Wrong';
    line.append(mark);
    return line;
  }));
  $('result-actions').hidden = false;
  $('note-form').hidden = false;
  $('score-number').textContent = quiz.score;
  $('score-fill').setAttribute('y', 252 - 1.62 * quiz.score);
}

function listContents() {
  const list = document.querySelector('.contents ol');
  for (const screen of screens) {
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset.screen = screen.id;
    button.textContent = titleOf(screen);
    button.addEventListener('click', () => {
      document.querySelector('.contents').open = false;
      show(screen);
    });
    const line = document.createElement('li');
    line.append(button);
    list.append(line);
  }
}

function saveNote(event) {
  event.preventDefault();
  const text = $('note').value.trim();
  if (!text || text === state.note) return;
  state.note = text;
  record.comment(text);
  record.keepPlace(current.id, state);
  $('note-saved').textContent = 'Saved.';
}

function retake() {
  quiz.restart();
  state.answers = quiz.answers;
  $('result-actions').hidden = true;
  $('result-list').replaceChildren();
  show($('quiz'));
}

function finish() {
  record.leave(quiz.done);
  for (const screen of document.querySelectorAll('.screen')) screen.hidden = screen.id !== 'goodbye';
  document.querySelector('.pager').hidden = true;
  document.querySelector('.contents').hidden = true;
  $('goodbye').querySelector('h1').focus();
}

function greet() {
  if (!record.connected) {
    $('notice').textContent = 'You are reading on your own: no learning platform is connected, so nothing is stored.';
    return;
  }
  const name = record.firstName;
  if (current.id !== screens[0].id) $('notice').textContent = `Welcome back${name && `, ${name}`}. You left off here.`;
  if (!name) return;
  $('greeting').textContent = `Good to have you here, ${name}.`;
  $('greeting').hidden = false;
}

function onKey(event) {
  if (event.key === 'Escape') document.querySelector('.contents').open = false;
  if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest('input, select, textarea, .question')) return;
  if (document.querySelector('.pager').hidden) return;
  if (event.key === 'ArrowRight') turn(1);
  if (event.key === 'ArrowLeft') turn(-1);
}

for (const heading of document.querySelectorAll('.screen h1')) heading.tabIndex = -1;
listContents();
startPictures();
showResult();
$('note').value = state.note;
$('back').addEventListener('click', () => turn(-1));
$('next').addEventListener('click', () => turn(1));
$('note-form').addEventListener('submit', saveNote);
$('finish').addEventListener('click', finish);
$('retake').addEventListener('click', retake);
document.addEventListener('keydown', onKey);
show(screens.find(({ id }) => id === place) ?? screens[0], { focus: false });
greet();
document.documentElement.classList.add('ready');

// A tab may vanish at any moment: hidden is the last call that phones make, pagehide the last of all.
document.addEventListener('visibilitychange', () => { if (document.hidden) record.save(); });
window.addEventListener('pagehide', () => record.leave(quiz.done));
// Back from the browser's page cache the session is over: begin a new one.
window.addEventListener('pageshow', (event) => { if (event.persisted) window.location.reload(); });
