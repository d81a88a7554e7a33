// Keeps the player page in place: the course may navigate its frame, not the page around it.
//
// The course shares the page's origin, since it must find the API, so this is no wall: what a course can still reach is its
// own learner's enrolment and this page. The walls are the separate origin, the token for one enrolment and the server. The
// guard stops what courses do by habit or mischief: `top.location = ...`, links and forms to `_top`, a link put into this
// page. A sandboxed frame would stop less (same-origin content gets around it) and break more (no PDF in Chromium).

export class Guard {
  #open = false;

  constructor() {
    globalThis.navigation?.addEventListener('navigate', (event) => {
      if (this.#open || !event.cancelable || event.destination.sameDocument || event.downloadRequest !== null) return;
      event.preventDefault();
      console.warn(`Lyceum: kept the player page from going to ${event.destination.url}`);
    });
    // `document.open()` would wipe the page; `write` is stopped by Trusted Types as well.
    for (const name of ['open', 'write', 'writeln', 'close']) {
      Object.defineProperty(document, name, { value: () => null });
    }
  }

  /** Lets the next navigation pass: the player itself goes somewhere. */
  release() {
    this.#open = true;
  }
}
