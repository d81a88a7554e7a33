// The quiz: one question after the other, the first answer counts.

import { judge, QuestionForm } from './question.js';
import { QUESTIONS } from './questions.js';

const $ = (id) => document.getElementById(id);

/** Asks the questions and keeps the answers in `answers` (question id to response). */
export class Quiz {
  #onAnswer;
  #onDone;
  #form = null;
  #at = 0;

  constructor(answers, { onAnswer, onDone }) {
    this.answers = answers;
    this.#onAnswer = onAnswer;
    this.#onDone = onDone;
    $('quiz-next').addEventListener('click', () => this.#advance());
    this.#show(this.#firstOpen());
  }

  get done() {
    return QUESTIONS.every(({ id }) => id in this.answers);
  }

  get rightAnswers() {
    return this.verdicts().filter(({ correct }) => correct).length;
  }

  /** From 0 to 100. */
  get score() {
    return Math.round((100 * this.rightAnswers) / QUESTIONS.length);
  }

  verdicts() {
    return QUESTIONS.map((question) => ({
      question,
      correct: question.id in this.answers && judge(question, this.answers[question.id]),
    }));
  }

  /** The learner looks at the quiz now. */
  begin() {
    this.#form?.begin();
  }

  restart() {
    this.answers = {};
    this.#show(0);
  }

  #firstOpen() {
    const open = QUESTIONS.findIndex(({ id }) => !(id in this.answers));
    return open < 0 ? QUESTIONS.length - 1 : open;
  }

  #show(index) {
    this.#at = index;
    const question = QUESTIONS[index];
    $('quiz-step').textContent = `Question ${index + 1} of ${QUESTIONS.length}`;
    this.#form = new QuestionForm(question, { onAnswer: (answer) => this.#take(question, answer) });
    $('quiz-form').replaceChildren(this.#form.element);
    if (question.id in this.answers) this.#form.restore(this.answers[question.id]);
    this.#offerNext();
  }

  #take(question, answer) {
    this.answers[question.id] = answer.response;
    this.#onAnswer(question, answer);
    this.#offerNext();
    $('quiz-next').focus();
  }

  #offerNext() {
    const button = $('quiz-next');
    button.hidden = !(QUESTIONS[this.#at].id in this.answers);
    button.textContent = this.done ? 'See your result' : 'Next question';
  }

  #advance() {
    if (this.done) {
      this.#onDone();
      return;
    }
    this.#show(this.#firstOpen());
    $('quiz-step').scrollIntoView({ block: 'nearest' });
    $('quiz-form').querySelector('input, select, button:not(:disabled)').focus();
  }
}
