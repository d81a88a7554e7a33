// Puts the parts together for one session, and tells each what the others have to say.

import { Carrier } from './carrier.js';
import { Controls } from './controls.js';
import { Drawer } from './drawer.js';
import { confirmExit, mayLeave, showEnd } from './ending.js';
import { showExplanations } from './explain.js';
import { CourseFrame } from './frame.js';
import { watchLifecycle } from './lifecycle.js';
import { Navigation } from './navigation.js';
import { Notices } from './notices.js';
import { places } from './page.js';
import { showProgress } from './progress.js';
import { Session } from './session.js';
import { Status } from './status.js';
import { Sync } from './sync.js';
import { texts } from './texts.js';
import { Toc } from './toc.js';

/** Requests after which the learner is out of the course. Where it has rules and several parts, Exit leaves one part. */
const LEAVES_COURSE = new Set(['exit', 'exitAll', 'suspendAll', 'abandonAll']);
/** Room in a commit for what is not the value. */
const AROUND_A_VALUE_BYTES = 8 * 1024;
/** How long a page that is taken over tries to bring its last entries to the server. */
const LAST_ENTRIES_WITHIN_MS = 3_000;

export class Player {
  #opened;
  #outbox;
  #address;
  #panel;
  #tab;
  #leaveFor;
  #session;
  #sync;
  #navigation;
  #controls;
  #drawer;
  #several;
  /** The author has rules for the order of the parts. */
  #ruled;
  #status = new Status(places.status, places.statusWord, places.statusDetail);
  #notices = new Notices(places.notices);
  #toc = new Toc(places.tree, (id) => this.#choose(id));
  #frame = new CourseFrame(places.stage);
  #hasEnded = false;

  constructor({ engine, text, opened, clock, address, outbox, tab, panel, leaveFor }) {
    this.#opened = opened;
    this.#outbox = outbox;
    this.#address = address;
    this.#panel = panel;
    this.#tab = tab;
    this.#leaveFor = leaveFor;
    const { plan } = opened;
    this.#several = plan.activities.filter((activity) => activity.launch).length > 1;
    this.#ruled = plan.sequencing !== undefined;
    outbox.begin(opened.session);
    this.#session = new Session({ player: new engine.Player(text), activities: plan.activities, clock, outbox, onBroken: () => this.#broken() });
    this.#sync = this.#openSync(new Carrier(address, clock, engine.deflate));
    this.#session.sync = this.#sync;
    this.#navigation = this.#openNavigation(plan);
    this.#controls = new Controls(places.buttons, this.#several, (request) => this.#pressed(request));
    this.#drawer = this.#openDrawer();
    places.reload.addEventListener('click', () => this.#navigation.reload());
    places.why.addEventListener('click', () => showExplanations({
      explain: (request) => this.#session.explain(request),
      contents: () => this.#session.contents(),
    }));
    tab.onTakenOver = () => this.#takenOver();
    watchLifecycle({ session: this.#session, sync: this.#sync, outbox, mayLose: () => !this.#sync.isSaved && !this.#hasEnded });
  }

  /** Opens the course. */
  start() {
    for (const text of this.#opened.notices ?? []) this.notice(text, text);
    if (this.#several) this.#drawer.offer();
    places.reload.hidden = false;
    places.why.hidden = !(this.#ruled && this.#several);
    document.body.classList.toggle('many-tools', this.#ruled && this.#several);
    this.#status.saved();
    this.#navigation.start();
  }

  notice(key, text, link = null) {
    this.#notices.show(key, text, link);
  }

  // ---- putting together ---------------------------------------------------------------------------------------------

  #openSync(carrier) {
    const { session, commit } = this.#opened;
    return new Sync({
      outbox: this.#outbox,
      carrier,
      session,
      stateHash: (seq) => this.#session.stateHashAt(seq),
      maxBytes: commit.max_body_bytes,
      heartbeatMs: commit.heartbeat_ms,
      listener: {
        saved: () => this.#status.saved(),
        saving: () => this.#status.saving(),
        offline: () => this.#status.offline(this.#outbox.size, this.#outbox.isKept),
        refused: (error) => this.#refused(error),
        superseded: (corrected) => this.#superseded(corrected),
      },
    });
  }

  #openNavigation(plan) {
    return new Navigation({
      session: this.#session,
      frame: this.#frame,
      plan,
      contentBase: this.#opened.content_base,
      maxValueBytes: this.#opened.commit.max_body_bytes - AROUND_A_VALUE_BYTES,
      view: {
        refresh: () => this.#refresh(),
        busy: (busy) => { this.#controls.busy = busy; },
        showCourse: () => this.#panel.hide(),
        choosePart: () => this.#choosePart(),
        partFinished: () => this.#partFinished(),
        confirmExit: () => confirmExit(),
        notice: (key, text, link) => this.notice(key, text, link),
        withdraw: (key) => this.#notices.withdraw(key),
        ended: (ending, text) => this.#ended(ending, text),
      },
    });
  }

  #openDrawer() {
    return new Drawer({
      button: places.contentsButton,
      panel: places.contents,
      stage: places.stage,
      onOpen: () => this.#toc.focus(),
    });
  }

  // ---- what the learner does ----------------------------------------------------------------------------------------

  async #pressed(request) {
    if (!this.#controls.allows(request)) return;
    if (this.#leavesCourse(request) && !(await mayLeave({ sync: this.#sync, outbox: this.#outbox }))) return;
    await this.#navigation.request(request);
  }

  #leavesCourse(request) {
    return LEAVES_COURSE.has(request) && !(request === 'exit' && this.#ruled && this.#several);
  }

  #choose(id) {
    this.#drawer.chosen();
    this.#navigation.request(`choice ${id}`);
  }

  // ---- what is seen -------------------------------------------------------------------------------------------------

  #refresh() {
    if (this.#hasEnded) return;
    const { summary, controls } = this.#session.standing();
    if (!summary) return;
    const contents = this.#session.contents();
    this.#controls.show(controls);
    showProgress(places.progress, summary, contents);
    if (!this.#several) return;
    this.#toc.show(contents);
    this.#toc.revealCurrent();
  }

  #choosePart() {
    const { controls } = this.#session.standing();
    const [title, text] = controls?.choice ? [texts.chooseTitle, texts.chooseText] : [texts.betweenTitle, texts.betweenText];
    this.#panel.show({ kind: 'choose', title, text });
  }

  #partFinished() {
    if (!this.#several) this.notice('part', texts.contentFinished);
    else if (this.#controls.allows('continue')) this.notice('part', texts.partFinishedNext);
    else this.notice('part', this.#ruled ? texts.partFinished : texts.partFinishedLast);
  }

  // ---- the end, and what comes instead ------------------------------------------------------------------------------

  #ended(ending, text) {
    const { summary } = this.#session.standing();
    showProgress(places.progress, summary, this.#session.contents());
    this.#clearAway();
    this.#tab.release();
    const { after_exit: afterExit, attempts } = this.#opened;
    const parts = { panel: this.#panel, sync: this.#sync, outbox: this.#outbox, address: this.#address, leaveFor: this.#leaveFor };
    showEnd({ ...parts, ending, text, summary, attempts, canOpen: this.#canOpenAfter(ending), afterExit });
  }

  /** Whether the course would open again. The only part does not when its time is used up. */
  #canOpenAfter(ending) {
    if (ending === 'closed' || (ending === 'timeUp' && !this.#several)) return false;
    return ending === 'suspended' || this.#session.canOpen();
  }

  async #takenOver() {
    await this.#stopPlaying(texts.takenOverTitle, texts.takenOverText);
  }

  #superseded(corrected) {
    if (this.#hasEnded) return;
    if (corrected) this.#stopPlaying(texts.correctedTitle, texts.correctedText);
    else this.#stopPlaying(texts.supersededTitle, texts.supersededText);
  }

  async #stopPlaying(title, text) {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    await this.#navigation.stop();
    this.#clearAway();
    this.#sync.rest();
    this.#panel.show({ kind: 'end', title, text, actions: [{ label: texts.useHere, act: () => this.#leaveFor(null), isPrimary: true }] });
    await this.#sync.settled(LAST_ENTRIES_WITHIN_MS);
  }

  #broken() {
    if (this.#hasEnded) return;
    this.#clearAway();
    const again = { label: texts.reloadPage, act: () => this.#leaveFor(null), isPrimary: true };
    this.#panel.show({ kind: 'error', title: texts.brokenTitle, text: texts.brokenText, actions: [again] });
    this.#frame.empty();
  }

  #clearAway() {
    this.#hasEnded = true;
    this.#controls.remove();
    this.#drawer.remove();
    this.#notices.clear();
    places.reload.hidden = true;
    places.why.hidden = true;
  }

  #refused(error) {
    const text = { 401: texts.expired, 404: texts.unknownSession }[error.status] ?? texts.rejected + error.message;
    this.#status.problem(text);
    this.notice('refused', text);
  }
}
