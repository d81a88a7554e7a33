// Moves the learner through the course: out with one content, in with the next.
//
// The order matters. The old content is taken out first, because its unload handlers still report; only then is the request
// decided, with everything that the content has said; only then does the next content get its address.

import { lateCodes, offerApi } from './api.js';
import { endingOf } from './ending.js';
import { texts } from './texts.js';
import { TimeLimit } from './time-limit.js';
import { Visit } from './visit.js';

/** Content that was opened in a window of its own reports a moment after its opener went. */
const GRACE_MS = 250;
/** How soon controls and contents follow what the content says without Commit. */
const REFRESH_MS = 150;

export class Navigation {
  #session;
  #frame;
  #plan;
  #contentBase;
  #maxValueBytes;
  #view;
  #visit = null;
  #activity = null;
  /** The content is being taken out. */
  #busy = false;
  #refreshing = null;
  #time;

  /**
   * @param {object} parts
   * @param {object} parts.view what people see: `refresh()`, `busy(bool)`, `showCourse()`, `choosePart()`, `partFinished()`, `confirmExit()`, `notice(key,
   *   text, link)`, `withdraw(key)`, `ended(ending, text)`
   */
  constructor({ session, frame, plan, contentBase, maxValueBytes, view }) {
    this.#session = session;
    this.#frame = frame;
    this.#plan = plan;
    this.#contentBase = new URL(contentBase, location.origin);
    this.#maxValueBytes = maxValueBytes;
    this.#view = view;
    this.#time = new TimeLimit(() => session.timeLimit(), (limit) => this.#timeIsUp(limit));
  }

  /** Opens the course where the learner left it. */
  start() {
    const next = this.#session.navigate('start');
    if (next.error && !this.#session.offersMore()) {
      // Nothing can be opened, and nothing chosen: there is no course to be in.
      const { ended } = this.#session.navigate('exit');
      this.#follow({ ended }, { request: 'exit', by: 'start', text: next.error });
      return;
    }
    this.#follow(next);
    this.#frame.focus();
  }

  /** A request of the learner, or what the course's settings say to do after its content. */
  async request(request, by = 'learner') {
    let next;
    // Decided between the last word of the content and its leave: for the rules of the course it is still there.
    if (await this.#clear(() => { next = this.#session.navigate(request); })) this.#follow(next, { request, by });
  }

  /** Loads the content again. */
  async reload() {
    const activity = this.#activity;
    if (activity === null || !(await this.#clear())) return;
    this.#follow({ deliver: activity });
  }

  /** Takes the content out; the page stops playing. */
  async stop() {
    await this.#clear();
    this.#session.flush();
  }

  // ---- in and out ---------------------------------------------------------------------------------------------------

  /** Takes the content out of the frame; `decide` runs when it has said its last word. False where that is under way already. */
  async #clear(decide = () => {}) {
    if (this.#busy) return false;
    this.#busy = true;
    this.#time.stop();
    this.#view.busy(true);
    await this.#frame.empty();
    const visit = this.#visit;
    if (visit?.initialized && !visit.terminated) await new Promise((resolve) => { setTimeout(resolve, GRACE_MS); });
    visit?.end();
    decide();
    this.#session.leave();
    this.#visit = null;
    this.#activity = null;
    this.#busy = false;
    this.#view.busy(false);
    return true;
  }

  /** @param {{request: string, by: string, text?: string}} [why] what led here, for the page after the course */
  #follow({ deliver, ended, stay, error }, { request = '', by = 'learner', text = null } = {}) {
    this.#view.withdraw('part');
    if (error) this.#view.notice('part', error);
    if (ended) this.#view.ended(endingOf(ended, request, by), text);
    else if (deliver ?? stay) this.#deliver(deliver ?? stay);
    else this.#view.choosePart();
    this.#view.refresh();
  }

  #deliver(id) {
    const activity = this.#plan.activities.find((each) => each.id === id);
    const address = this.#addressOf(activity);
    if (!address || !this.#session.deliver(id)) {
      this.#view.notice('part', texts.refusedAddress);
      this.#view.choosePart();
      return;
    }
    this.#activity = id;
    this.#visit = new Visit({
      session: this.#session,
      late: lateCodes(this.#plan.edition),
      maxValueBytes: this.#maxValueBytes,
      listener: {
        document: () => this.#frame.document,
        startAgain: () => this.#startAgain(id),
        changed: () => this.#view.refresh(),
        noted: () => this.#refreshSoon(),
        terminated: () => this.#terminated(),
        tooLarge: (element) => this.#tooLarge(element),
      },
    });
    // The API first: content looks for it as soon as it runs.
    offerApi(this.#plan.edition, this.#visit);
    this.#view.showCourse();
    this.#frame.show(address.href);
    this.#time.watch();
    if (address.origin !== location.origin) {
      this.#view.notice('part', texts.elsewhere, { label: texts.elsewhereLink, href: address.href });
    }
  }

  /** Once after everything that the content sets in one go, and not too often: a course may have thousands of parts. */
  #refreshSoon() {
    this.#refreshing ??= setTimeout(() => {
      this.#refreshing = null;
      if (!this.#busy) this.#view.refresh();
    }, REFRESH_MS);
  }

  /** Content may be anywhere on the web, but nothing other than a web address gets into the frame. */
  #addressOf(activity) {
    if (!activity?.launch) return null;
    const address = new URL(activity.launch, this.#contentBase);
    return ['http:', 'https:'].includes(address.protocol) ? address : null;
  }

  // ---- what the content does ----------------------------------------------------------------------------------------

  /** The frame's content began anew by itself, after it had terminated. */
  #startAgain(id) {
    this.#view.withdraw('part');
    this.#session.leave();
    this.#session.deliver(id);
    this.#time.watch();
  }

  /** The learner's time on this content is used up. By both standards the content acts; what it has left undone is done here. */
  async #timeIsUp({ exit, message }) {
    if (!exit) {
      this.#view.notice('time', texts.timeIsUp);
      return;
    }
    let action = null;
    if (!(await this.#clear(() => { action = this.#session.timeOut(); }))) return;
    if (action === 'EXIT_COURSE' || action === 'EXIT_COURSE_AFTER_CONFIRM') {
      this.#follow(this.#session.navigate('exitAll'), { request: 'exitAll', by: message ? 'time' : 'content' });
      return;
    }
    if (message) this.#view.notice('time', texts.timeIsUp);
    if (action === 'GO_TO_NEXT_SCO') this.#follow(this.#session.navigate('continue'), { request: 'continue', by: 'content' });
    else this.#follow({});
  }

  #terminated() {
    this.#view.refresh();
    // What the learner pressed wins over what the content asks for while it is being taken out.
    if (this.#busy) return;
    const request = this.#session.pendingNavigation();
    if (this.#session.isLeaving) {
      if (request) this.#session.navigate(request);
    } else if (request) {
      setTimeout(() => this.#byContent(request));
    } else {
      // The content is still in its call of Terminate.
      setTimeout(() => this.#afterExit(this.#session.exitAction()));
    }
  }

  /** The content has exited and asked for nothing: the course's settings say what comes next. */
  async #afterExit(action) {
    if (this.#busy || this.#visit === null) return;
    if (action === 'GO_TO_NEXT_SCO') await this.request('continue', 'content');
    else if (action === 'EXIT_COURSE') await this.request('exitAll', 'content');
    else if (action === 'DISPLAY_MESSAGE') this.#view.partFinished();
    else if (action === 'EXIT_COURSE_AFTER_CONFIRM' && (await this.#view.confirmExit())) await this.request('exitAll');
  }

  /** What the content asked for before it terminated. */
  async #byContent(request) {
    if (this.#busy) return;
    const next = this.#session.navigate(request);
    if (next.stay) {
      this.#view.notice('part', next.error);
      return;
    }
    if (await this.#clear()) this.#follow(next, { request, by: 'content' });
  }

  #tooLarge(element) {
    console.warn(`Lyceum: refused a value of ${element}: it is over ${this.#maxValueBytes} bytes`);
    this.#view.notice('value', texts.valueTooLarge);
  }
}
