// The person whom ADL's test cases tell what to press, at our player page: reads the answers about the user interface from the
// page, by roles and names, and does the steps of `scorm-conformance.md` 3.2.

import { isAsExpected } from './rules.mjs';

/** How long the next activity may take to arrive, and the page to show that the session is over. */
const WITHIN_MS = 15_000;

/** Steps that only start a course again, without one before. */
const RELAUNCH = /^(Relaunch|ReLaunch|exitlaunch|autoendrelaunch|ExitCM09ba|SuspendCM09ca|ContinueExitCM8|DMBx)/;

export class Tester {
  #page;
  #office;
  #courses;
  #arrivals = new Mailbox();
  #answers = new Mailbox();
  #overs = new Mailbox();
  #failures = [];
  counts = { deliveries: 0, calls: 0, questions: 0 };

  constructor(page, office, courses) {
    this.#page = page;
    this.#office = office;
    this.#courses = courses;
  }

  /** Lets the SCOs in the page speak with this tester. */
  async meet() {
    await this.#page.exposeFunction('adlArrived', (search) => new Promise((reply) => { this.#arrivals.put({ search, reply }); }));
    await this.#page.exposeFunction('adlAnswered', (answers) => { this.#answers.put(answers); });
    await this.#page.exposeFunction('adlOver', () => { this.#overs.put(true); });
    this.#page.on('dialog', (dialog) => dialog.accept().catch(() => {}));
  }

  /** Plays a test case; what was not as it must be. */
  async play(name, testCase, learner) {
    this.#failures = [];
    const place = { name, learner, package: testCase.start === 'DDMa' ? 'DDMa' : name };
    try {
      await this.#launch(place);
      if (!['.', 'DDMa'].includes(testCase.start)) await this.#startAt(testCase.start);
      for (const visit of testCase.visits) await this.#visit(place, visit);
      await this.#saved();
    } catch (error) {
      this.#failures.push(`${name}: ${error.message.split('\n')[0]}`);
    }
    return this.#failures;
  }

  // ---- launching ----------------------------------------------------------------------------------------------------

  async #launch(place) {
    for (const box of [this.#arrivals, this.#answers, this.#overs]) box.clear();
    const registration = await this.#office.enrol(this.#courses.get(place.package), place.learner);
    await this.#page.goto(await this.#office.launch(registration), { waitUntil: 'commit' });
  }

  /** Opens the course at a part of the tester's choice. The player opens a course that flows by itself; then that part is left. */
  async #startAt(title) {
    await this.#page.locator('#panel[data-kind="choose"], iframe[title="Course content"]').first().waitFor({ state: 'attached', timeout: WITHIN_MS });
    if (await this.#page.locator('iframe[title="Course content"]').count()) {
      const first = await this.#arrivals.take('the first activity');
      if (await this.#isCurrent(title)) {
        this.#arrivals.put(first);
        return;
      }
      first.reply(null);
    }
    await this.#choose(title);
  }

  async #isCurrent(title) {
    return await this.#treeitem(title).and(this.#page.locator('[aria-current="true"]')).count() === 1;
  }

  // ---- a visit ------------------------------------------------------------------------------------------------------

  async #visit(place, visit) {
    const where = `${place.name} ${visit.visit}`;
    const { search, reply } = await this.#arrivals.take(`${visit.visit}: activity ${visit.activity}`);
    if (search !== `?tc=${place.name}&act=${visit.activity}`) throw new Error(`${visit.visit}: delivered ${search} instead of activity ${visit.activity}`);
    this.counts.deliveries += 1;
    for (const question of visit.ui_questions) await this.#question(where, question);
    const commands = visit.commands.filter((command) => !command.ignored_by_cts);
    reply(commands.map(({ call, args }) => (call === 'GetLastError' ? [call] : [call, ...args.slice(0, call === 'SetValue' ? 2 : 1)])));
    const answers = await this.#answers.take(`${visit.visit}: its answers`);
    commands.forEach((command, at) => {
      this.counts.calls += 1;
      if (!isAsExpected(command, answers[at], place.learner)) this.#failures.push(`${where}: ${command.src}: ${JSON.stringify(answers[at])}`);
    });
    await this.#overs.take(`${visit.visit}: its end`);
    await this.#step(place, visit);
  }

  async #question(where, { key, expect }) {
    const [kind, title = ''] = key.split('@');
    const answer = await this.#look(kind, title);
    this.counts.questions += 1;
    if (answer !== (expect === 'Y')) this.#failures.push(`${where}: ${key} is ${answer}`);
  }

  async #look(kind, title) {
    switch (kind) {
      case 'continue.enabled': return this.#isEnabled('Continue');
      case 'continue.disabled': return !(await this.#isEnabled('Continue'));
      case 'previous.enabled': return this.#isEnabled('Previous');
      case 'previous.disabled': return !(await this.#isEnabled('Previous'));
      case 'toc.enabled': return this.#hasChoices();
      case 'toc.enabled.selectable': return await this.#treeitem(title).and(this.#page.locator(':not([aria-disabled="true"])')).count() > 0;
      case 'toc.visible': return this.#treeitem(title).isVisible();
      case 'click.button': return true;
      default: throw new Error(`unknown question ${kind}`);
    }
  }

  /** A missing control counts as disabled. */
  async #isEnabled(name) {
    return await this.#button(name).and(this.#page.locator('[aria-disabled="false"]')).count() === 1;
  }

  /** Something can be chosen besides the course as a whole. */
  async #hasChoices() {
    const titles = await this.#page.locator('[role="treeitem"]:not([aria-disabled="true"])').allTextContents();
    const course = await this.#page.locator('#title').textContent();
    return titles.some((title) => title.trim() !== course.trim());
  }

  // ---- what the tester does -----------------------------------------------------------------------------------------

  async #step(place, { visit, cui }) {
    const [step, argument = ''] = cui.split('~');
    if (step === '') return;
    if (step === 'AutoTest' || step === 'HasEnded') await this.#ended(`${visit}: the session has to end by itself`);
    else if (step === 'Exit' || step === 'TRIGExitAll') await this.#leave();
    else if (step === 'Continue' || step === 'Previous') await this.#press(step);
    else if (step === 'Choice' || step === 'ChoiceExit') await this.#choose(argument);
    else if (step === 'RootSX4b') await this.#choose('the root of "LMS Test Content Package SX-04b"');
    else if (step.startsWith('APIt')) await this.#choose(`API Implementation Test ${step.slice(4)}`);
    else if (step.startsWith('DMIt')) await this.#choose(`Data Model Implementation Test ${step.slice(4)}`);
    else if (RELAUNCH.test(step)) await this.#relaunch(place, step, argument);
    else throw new Error(`unknown step ${cui}`);
  }

  async #relaunch(place, step, argument) {
    if (['RelaunchCM11', 'exitlaunch', 'ExitCM09ba'].includes(step)) await this.#leave();
    else if (step === 'SuspendCM09ca') await this.#press('Suspend');
    else if (step === 'ContinueExitCM8') await this.#press('Continue');
    await this.#ended(`${step}: the session has to be over`);
    await this.#saved();
    if (step.startsWith('ReLaunchDDM')) place.package = step.slice('ReLaunch'.length);
    else if (argument !== '') place.package = argument;
    await this.#launch(place);
    if (step === 'RelaunchCM10') await this.#startAt('Activity 4');
    else if (step === 'DMBxAct') await this.#startAt('Data Model Behavior Test 1');
  }

  /** Ends the session; courses of one part have no "Exit all". */
  async #leave() {
    await this.#press(await this.#button('Exit all').isVisible() ? 'Exit all' : 'Exit');
    await this.#ended('the session has to end');
  }

  async #press(name) {
    await this.#button(name).and(this.#page.locator('[aria-disabled="false"]')).click({ timeout: WITHIN_MS });
  }

  async #choose(title) {
    await this.#treeitem(title).and(this.#page.locator(':not([aria-disabled="true"])')).click({ timeout: WITHIN_MS });
  }

  async #ended(what) {
    try {
      await this.#page.locator('#panel[data-kind="end"]').waitFor({ timeout: WITHIN_MS });
    } catch {
      throw new Error(what);
    }
  }

  async #saved() {
    await this.#page.locator('#status[data-state="saved"]').waitFor({ timeout: WITHIN_MS });
  }

  // ---- what is on the page ------------------------------------------------------------------------------------------

  #button(name) {
    return this.#page.getByRole('button', { name, exact: true });
  }

  #treeitem(title) {
    // The root is told of by the course's title.
    const name = /root of "(.*)"/.exec(title)?.[1] ?? title.trim();
    return this.#page.getByRole('treeitem', { name, exact: true });
  }
}

/** What comes, in its order, and somebody who waits for it. */
class Mailbox {
  #kept = [];
  #waiting = null;

  put(thing) {
    if (this.#waiting) this.#waiting(thing);
    else this.#kept.push(thing);
  }

  clear() {
    this.#kept = [];
  }

  async take(what) {
    if (this.#kept.length > 0) return this.#kept.shift();
    let timer;
    const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error(`${what} did not come`)), WITHIN_MS); });
    try {
      return await Promise.race([new Promise((take) => { this.#waiting = take; }), late]);
    } finally {
      clearTimeout(timer);
      this.#waiting = null;
    }
  }
}
