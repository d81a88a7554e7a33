// The player page as a person sees it: by the names and roles that DESIGN.md promises.

const SAVED = /\bsaved\b/i;
const NOT_SAVED = /\b(not|un)\s*saved\b/i;

export const OFFLINE = /\boffline\b/i;

/** One player page in the browser. */
export class Player {
  constructor(page) {
    this.page = page;
    /** The course's frame, as a locator that survives reloads. */
    this.course = page.frameLocator('iframe[title="Course content"]');
    this.status = page.getByRole('status').filter({ hasText: /saved|saving|offline/i }).first();
    this.tree = page.getByRole('tree');
    this.progress = page.getByRole('progressbar').first();
  }

  static async open(page, link) {
    await page.goto(link, { waitUntil: 'domcontentloaded' });
    const player = new Player(page);
    try {
      // A course whose author allows choice and no flow begins with the learner's choice.
      const choice = page.locator('#panel[data-kind="choose"]');
      await player.frameElement.or(choice).first().waitFor({ state: 'attached' });
      if (await choice.isVisible()) await player.chooseFirst();
      await player.frameElement.waitFor({ state: 'attached' });
    } catch (cause) {
      const shown = await page.locator('body').innerText({ timeout: 1_000 }).catch((error) => error.message);
      throw new Error(`the course did not open; the page says: ${JSON.stringify(shown)}`, { cause });
    }
    return player;
  }

  get frameElement() {
    return this.page.locator('iframe[title="Course content"]');
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  /**
   * The course's frame as it is now; the player page has no other. Not by way of a locator: after a course tried in vain to
   * post a form into the player page, Playwright's locators wait for that navigation without end.
   */
  async frame() {
    await this.page.waitForFunction(() => document.querySelector('iframe[title="Course content"]'));
    return this.page.frames().find((frame) => frame.parentFrame() === this.page.mainFrame());
  }

  /** Chooses an item of the table of contents. */
  async choose(title) {
    const item = this.tree.getByRole('treeitem', { name: title, exact: true });
    if (!(await item.isVisible())) await this.#openContents();
    await item.click();
    await this.page.waitForFunction(
      (name) => document.querySelector('[role="treeitem"][aria-current]:not([aria-current="false"])')?.textContent.includes(name),
      title,
    );
  }

  /** Chooses the first item that leads somewhere. */
  async chooseFirst() {
    await this.tree.locator('[role="treeitem"]:not([aria-disabled="true"])').first().click();
  }

  /** On a phone the table of contents is behind a button. */
  async #openContents() {
    await this.page.getByRole('button', { name: /contents/i }).click();
  }

  /** Waits until the page says that everything is saved, after at least `calls` calls of the course. */
  async saved(calls = 0, timeout = 15_000) {
    await this.page.waitForFunction(
      ([saved, notSaved, least]) => {
        const texts = [...document.querySelectorAll('[role="status"]')].map((status) => status.textContent);
        const says = texts.some((text) => new RegExp(saved, 'i').test(text) && !new RegExp(notSaved, 'i').test(text));
        return says && (window.__calls ?? []).length >= least;
      },
      [SAVED.source, NOT_SAVED.source, calls],
      { timeout },
    );
  }

  /** What the page claims at this very moment: whether all is saved, and all calls that this claim covers. */
  async claim() {
    return this.page.evaluate(([saved, notSaved]) => {
      const texts = [...document.querySelectorAll('[role="status"]')].map((status) => status.textContent);
      return {
        saved: texts.some((text) => new RegExp(saved, 'i').test(text) && !new RegExp(notSaved, 'i').test(text)),
        calls: structuredClone(window.__calls ?? []),
      };
    }, [SAVED.source, NOT_SAVED.source]);
  }

  async says(pattern, timeout = 15_000) {
    await this.page.getByRole('status').filter({ hasText: pattern }).first().waitFor({ timeout });
  }
}
