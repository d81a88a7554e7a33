// What the lesson tells the learning platform, in SCORM 1.2's own terms.

import { clockTime, timespan } from './scorm12.js';

/** The score that passes, used where the platform names none. */
const DEFAULT_PASS_MARK = 70;

/** Each kind of question as an interaction: its type and how answers are written (CMIFeedback). */
const CODECS = {
  choice: { type: 'choice', response: (r) => r.join(','), patterns: (q) => [q.correct.join(',')] },
  'true-false': { type: 'true-false', response: ([r]) => r[0], patterns: (q) => [q.correct[0][0]] },
  sequencing: { type: 'sequencing', response: (r) => r.join(','), patterns: (q) => [q.correct.join(',')] },
  matching: {
    type: 'matching',
    response: (r) => r.map((pair) => pair.join('.')).join(','),
    patterns: (q) => [Object.entries(q.correct).map((pair) => pair.join('.')).join(',')],
  },
  numeric: { type: 'numeric', response: (r) => r.replace(',', '.'), patterns: (q) => [String(q.min)] },
  'fill-in': { type: 'fill-in', response: (r) => r.slice(0, 255), patterns: (q) => q.accept },
};

/** The learner's record for this lesson. */
export class Record {
  #session;
  #counts;

  constructor(session) {
    this.#session = session;
    const mode = session.get('cmi.core.lesson_mode') || 'normal';
    this.#counts = mode === 'normal';
    const fresh = ['', 'not attempted'].includes(session.get('cmi.core.lesson_status'));
    if (this.#counts && fresh) session.set('cmi.core.lesson_status', 'incomplete');
  }

  get connected() {
    return this.#session.connected;
  }

  /** "Lovelace, Ada" is Ada. */
  get firstName() {
    const [family, given] = this.#session.get('cmi.core.student_name').split(',');
    return (given ?? family).trim();
  }

  get passMark() {
    return Number.parseFloat(this.#session.get('cmi.student_data.mastery_score')) || DEFAULT_PASS_MARK;
  }

  /** The screen and the state that the last visit left behind. */
  resume() {
    const place = this.#session.get('cmi.core.lesson_location');
    try {
      return { place, state: JSON.parse(this.#session.get('cmi.suspend_data')) };
    } catch {
      return { place, state: null };
    }
  }

  keepPlace(screen, state) {
    this.#session.set('cmi.core.lesson_location', screen);
    this.#session.set('cmi.suspend_data', JSON.stringify(state));
    this.#session.save();
  }

  /** Adds one answer at the end of the interactions; earlier ones are never overwritten. */
  answer(question, { response, correct, startedAt }) {
    if (!this.#counts) return;
    const codec = CODECS[question.type];
    const row = `cmi.interactions.${Number.parseInt(this.#session.get('cmi.interactions._count'), 10) || 0}`;
    const set = (field, value) => this.#session.set(`${row}.${field}`, value);
    const now = new Date();
    set('id', question.id);
    set('type', codec.type);
    set('time', clockTime(startedAt));
    codec.patterns(question).forEach((pattern, index) => set(`correct_responses.${index}.pattern`, pattern));
    set('weighting', '1');
    set('student_response', codec.response(response));
    set('result', correct ? 'correct' : 'wrong');
    set('latency', timespan(now - startedAt));
  }

  /** Scores from 0 to 100. */
  grade(score) {
    if (!this.#counts) return;
    this.#session.set('cmi.core.score.min', 0);
    this.#session.set('cmi.core.score.max', 100);
    this.#session.set('cmi.core.score.raw', score);
    this.#session.set('cmi.core.lesson_status', score >= this.passMark ? 'passed' : 'failed');
  }

  comment(text) {
    if (this.#counts) this.#session.set('cmi.comments', text);
  }

  save() {
    this.#session.save();
  }

  /** Leaves: for good when the quiz is `done`, otherwise to come back to the same screen. */
  leave(done) {
    this.#session.close(done ? '' : 'suspend');
  }
}
