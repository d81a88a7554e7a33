// One load of the player page: the engine, its clock, and the way of its entries into the outbox.

import { Contents } from './contents.js';

export class Session {
  #player;
  #contents;
  #clock;
  #outbox;
  #sync;
  #nextSeq = 1;
  #collecting = false;
  #urgent = false;
  #leaving = false;
  #broken = null;
  /** Answers of the engine that hold until something changes: content that polls is not passed on each time. */
  #answers = new Map();
  /** Whether the engine's last call left no error, so that an answer from here leaves the error that one from there would. */
  #isClean = false;

  /**
   * @param {object[]} activities of the plan
   * @param {(error: Error) => void} onBroken the engine stopped in the middle of a call; it cannot go on
   */
  constructor({ player, activities, clock, outbox, onBroken }) {
    this.#player = player;
    this.#contents = new Contents(activities);
    this.#clock = clock;
    this.#outbox = outbox;
    this.onBroken = onBroken;
  }

  /** Who is told of new entries. Not there yet while the session is put together. */
  set sync(sync) {
    this.#sync = sync;
  }

  // ---- the course's calls -------------------------------------------------------------------------------------------

  initialize(argument) {
    return this.#change(() => this.#player.initialize(argument, this.#clock.now()));
  }

  terminate(argument) {
    return this.#change(() => this.#player.terminate(argument, this.#clock.now()), true);
  }

  commit(argument) {
    return this.#change(() => this.#player.commit(argument, this.#clock.now()), true);
  }

  setValue(element, value) {
    return this.#change(() => this.#player.setValue(element, value, this.#clock.now()));
  }

  /** A refused read is an entry too. */
  getValue(element) {
    const known = this.#isClean ? this.#answers.get(element) : undefined;
    if (known !== undefined) return known;
    const value = this.#guard(() => this.#player.getValue(element, this.#clock.now()), '');
    // A refused read answers nothing, so something is no error, and the engine need not be asked.
    this.#isClean = value !== '' || this.lastError() === 0;
    if (this.#isClean) this.#remember(element, value);
    else this.#collectSoon(false);
    return value;
  }

  #remember(element, value) {
    // What may be requested next may depend on the time.
    if (element.startsWith('adl.nav.')) return;
    if (this.#answers.size >= MOST_ANSWERS) this.#answers.clear();
    this.#answers.set(element, value);
  }

  lastError() {
    return this.#guard(() => this.#player.lastError(), GENERAL_ERROR);
  }

  errorString(code) {
    return this.#guard(() => this.#player.errorString(code), '');
  }

  diagnostic(code) {
    return this.#guard(() => this.#player.diagnostic(code), '');
  }

  // ---- the player's calls -------------------------------------------------------------------------------------------

  /** `{deliver, ended, stay, error}`: which activity comes next, or how the session ended, or why nothing happens and which
   *  activity then stays in the frame. */
  navigate(request) {
    const refused = '{"error":""}';
    return JSON.parse(this.#change(() => this.#player.navigate(request, this.#clock.now()), true, refused));
  }

  deliver(activity) {
    return this.#change(() => this.#player.deliver(activity, this.#clock.now()), true);
  }

  leave() {
    this.#change(() => this.#player.leave(this.#clock.now()), true);
  }

  /** What the content asked for by `adl.nav.request`; null where nothing is to be done. */
  pendingNavigation() {
    return this.#guard(() => this.#player.pendingNavigation(), undefined) ?? null;
  }

  /** What the course's settings say to do after the content has terminated; a word of the engine's `ExitAction`. */
  exitAction() {
    return this.#guard(() => this.#player.exitAction(), undefined) ?? 'DO_NOTHING';
  }

  /** `{left_ms, exit, message}` of the content in the frame; null where no limit acts. */
  timeLimit() {
    return JSON.parse(this.#guard(() => this.#player.timeLimit(this.#clock.now()), 'null'));
  }

  /** The content is out because its time is used up; what comes next, a word of the engine's `ExitAction`. */
  timeOut() {
    return this.#change(() => this.#player.timeOut(this.#clock.now()), true, 'EXIT_COURSE');
  }

  /** `{summary, controls}` of the moment. */
  standing() {
    return JSON.parse(this.#guard(() => this.#player.standing(this.#clock.now()), '{}'));
  }

  /** Why a request is possible or not; null in a course without rules. */
  explain(request) {
    return JSON.parse(this.#guard(() => this.#player.explain(request, this.#clock.now()), 'null'));
  }

  /** Whether something of the course would open if it were launched now; without rules for its order it always does. */
  canOpen() {
    return this.explain('start')?.possible !== false || this.offersMore();
  }

  /** Something besides leaving is possible. */
  offersMore() {
    const { choice, continue: next, previous, retry } = this.standing().controls ?? {};
    return Boolean(choice || next || previous || retry);
  }

  /** The lines of the table of contents. */
  contents() {
    return this.#contents.update(this.#guard(() => this.#player.toc(this.#clock.now()), []));
  }

  /** The hash of the state after entry `seq`, where that is the present. */
  stateHashAt(seq) {
    return this.#guard(() => (this.#player.lastSeq() === seq ? this.#player.stateHash() : null), null);
  }

  // ---- the way of the entries ---------------------------------------------------------------------------------------

  /** Whether the page is being closed. */
  get isLeaving() {
    return this.#leaving;
  }

  /** The page is being closed. From now on everything is written and sent within the call that causes it. */
  leaving() {
    this.#collect();
    this.#leaving = true;
    this.#outbox.leave();
    this.#sync.hurry(true);
  }

  /** The page came back. */
  staying() {
    this.#leaving = false;
    this.#outbox.stay();
    this.#sync.stay();
  }

  /** Brings everything that the engine has noted so far into the outbox. */
  flush() {
    this.#collect();
    this.#sync.flush();
  }

  #change(call, urgent = false, otherwise = false) {
    this.#answers.clear();
    const answer = this.#guard(call, otherwise);
    this.#collectSoon(urgent);
    return answer;
  }

  /** Once after everything that the course does in one go. While the page is being closed, before the call returns. */
  #collectSoon(urgent) {
    this.#urgent ||= urgent;
    if (this.#leaving) {
      this.#collect();
      queueMicrotask(() => this.#sync.hurry(true));
    } else if (!this.#collecting) {
      this.#collecting = true;
      queueMicrotask(() => this.#collect());
    }
  }

  #collect() {
    const urgent = this.#urgent;
    this.#collecting = false;
    this.#urgent = false;
    const text = this.#guard(() => this.#player.takeEntries(), '');
    if (text === '') return;
    const lines = text.split('\n');
    this.#outbox.add(this.#nextSeq, lines);
    this.#nextSeq += lines.length;
    this.#sync.changed(urgent);
  }

  /** Nothing that goes wrong in the engine may be thrown into the course. */
  #guard(call, otherwise) {
    if (this.#broken) return otherwise;
    try {
      return call();
    } catch (error) {
      this.#broken = error;
      console.error('Lyceum: the engine stopped', error);
      queueMicrotask(() => this.onBroken(error));
      return otherwise;
    }
  }
}

/** Answers that are remembered: more than content asks for between two changes, unless it reads everything once. */
const MOST_ANSWERS = 256;

/** "General exception" in every edition. */
const GENERAL_ERROR = 101;
