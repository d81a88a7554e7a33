// What a lesson tells the learning platform, in SCORM 2004's own terms.

import { duration, timestamp } from './scorm2004.js';

/** Where all lessons keep from which half of the Earth the learner looks up (4th edition's shared data). */
const OBSERVER_STORE = 'org.lyceum.examples.night-sky.observer';

/** How each kind of question writes its answers and its right answers. */
const CODECS = {
  choice: { response: (r) => r.join('[,]'), patterns: (q) => [q.correct.join('[,]')] },
  'true-false': { response: ([r]) => r, patterns: (q) => [q.correct[0]] },
  sequencing: { response: (r) => r.join('[,]'), patterns: (q) => [q.correct.join('[,]')] },
  matching: { response: writePairs, patterns: (q) => [writePairs(Object.entries(q.correct))] },
  numeric: { response: (r) => r.replace(',', '.'), patterns: (q) => [`${q.min}[:]${q.max}`] },
  'fill-in': { response: (r) => r.slice(0, 250), patterns: (q) => q.accept.map((word) => `{case_matters=false}${word}`) },
  likert: { response: ([r]) => r, patterns: () => [] },
};

function writePairs(pairs) {
  return pairs.map((pair) => pair.join('[.]')).join('[,]');
}

/** A real(10,7) as the standard wants it, without a tail of rounding errors. */
function real(number) {
  return String(Math.round(number * 10_000) / 10_000);
}

const RESULTS = { true: 'correct', false: 'incorrect', null: 'neutral' };

/** The learner's record for one lesson. */
export class Record {
  #session;
  #counts;

  constructor(session) {
    this.#session = session;
    this.#counts = (session.get('cmi.mode') || 'normal') === 'normal';
    const fresh = ['', 'unknown', 'not attempted'].includes(session.get('cmi.completion_status'));
    if (this.#counts && fresh) session.set('cmi.completion_status', 'incomplete');
  }

  get connected() {
    return this.#session.connected;
  }

  /** "Lovelace, Ada" is Ada. */
  get firstName() {
    const [family, given] = this.#session.get('cmi.learner_name').split(',');
    return (given ?? family).trim();
  }

  /** The scaled score that passes, as the manifest sets it; `fallback` where no platform says so. */
  passMark(fallback) {
    return Number.parseFloat(this.#session.get('cmi.scaled_passing_score')) || fallback;
  }

  get canContinue() {
    return this.#session.allows('continue');
  }

  /** The screen and the state that the last visit left behind. */
  resume() {
    const place = this.#session.get('cmi.location');
    try {
      return { place, state: JSON.parse(this.#session.get('cmi.suspend_data')) };
    } catch {
      return { place, state: null };
    }
  }

  keepPlace(screen, state) {
    this.#session.set('cmi.location', screen);
    this.#session.set('cmi.suspend_data', JSON.stringify(state));
    this.#session.save();
  }

  /** Adds one answer at the end of the interactions; earlier ones are never overwritten. */
  answer(question, { response, correct, startedAt }) {
    if (!this.#counts) return;
    const codec = CODECS[question.type];
    const row = `cmi.interactions.${this.#session.count('cmi.interactions')}`;
    const set = (field, value) => this.#session.set(`${row}.${field}`, value);
    set('id', question.id);
    set('type', question.type);
    if (question.objective) set('objectives.0.id', question.objective);
    set('timestamp', timestamp(startedAt));
    codec.patterns(question).forEach((pattern, index) => set(`correct_responses.${index}.pattern`, pattern));
    set('weighting', correct === null ? '0' : '1');
    set('learner_response', codec.response(response));
    set('result', RESULTS[correct]);
    set('latency', duration(Date.now() - startedAt));
    set('description', question.prompt);
  }

  /** How much of the lesson is done, from 0 to 1. The platform holds it against the completion threshold. */
  progress(measure) {
    if (!this.#counts) return;
    this.#session.set('cmi.progress_measure', real(measure));
    const threshold = Number.parseFloat(this.#session.get('cmi.completion_threshold')) || 1;
    this.#session.set('cmi.completion_status', measure >= threshold ? 'completed' : 'incomplete');
  }

  /** The lesson's own score: `right` answers of `total`. */
  grade(right, total) {
    if (!this.#counts) return;
    this.#session.set('cmi.score.min', 0);
    this.#session.set('cmi.score.max', total);
    this.#session.set('cmi.score.raw', right);
    this.#session.set('cmi.score.scaled', real(right / total));
  }

  /** `passed` or `failed`; through the manifest's map it is also what opens the way to the final check. */
  success(status) {
    if (this.#counts) this.#session.set('cmi.success_status', status);
  }

  /** What was reached in one learning objective; only the fields that are given are set. */
  objective(id, { scaled, success, completion }) {
    if (!this.#counts || !this.connected) return;
    const row = this.#session.row('cmi.objectives', id);
    if (scaled !== undefined) this.#session.set(`${row}.score.scaled`, real(scaled));
    if (success !== undefined) this.#session.set(`${row}.success_status`, success);
    if (completion !== undefined) this.#session.set(`${row}.completion_status`, completion);
  }

  /** Whether a learning objective is known to be met, here or in the lesson that it comes from. */
  isMet(id) {
    const rows = this.#session.count('cmi.objectives');
    for (let n = 0; n < rows; n += 1) {
      if (this.#session.get(`cmi.objectives.${n}.id`) === id) {
        return this.#session.get(`cmi.objectives.${n}.success_status`) === 'passed';
      }
    }
    return false;
  }

  comment(text, place) {
    if (!this.#counts || !this.connected) return;
    const row = `cmi.comments_from_learner.${this.#session.count('cmi.comments_from_learner')}`;
    this.#session.set(`${row}.comment`, text);
    this.#session.set(`${row}.location`, place);
    this.#session.set(`${row}.timestamp`, timestamp(new Date()));
  }

  /** `north` or `south`, as chosen in any lesson; empty where the platform shares no data. */
  get hemisphere() {
    const row = this.#observerRow();
    return row && this.#session.get(`${row}.store`);
  }

  set hemisphere(half) {
    const row = this.#observerRow();
    if (row) this.#session.set(`${row}.store`, half);
  }

  #observerRow() {
    const rows = this.#session.count('adl.data');
    for (let n = 0; n < rows; n += 1) {
      if (this.#session.get(`adl.data.${n}.id`) === OBSERVER_STORE) return `adl.data.${n}`;
    }
    return '';
  }

  save() {
    this.#session.save();
  }

  /** Leaves with `suspend` (everything stays) or `normal` (the next visit starts afresh). */
  leave(exit, request) {
    this.#session.close(exit, request);
  }
}
