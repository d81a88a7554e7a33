// The frame of the course: a direct child of this window, on the same origin, so that the course finds the API.
//
// Every activity gets a frame of its own. The one before is emptied first, so that its unload handlers run and their calls
// still belong to it, and then it is removed, and with it its part of the browser's history: Back never brings it into the
// frame of another activity.

/** For content of other sites; our own origin has these rights anyway. Nothing that looks at or listens to the learner. */
const ALLOW = 'autoplay; fullscreen; clipboard-write; encrypted-media; picture-in-picture; screen-wake-lock';

/** Browsers without the Navigation API cannot keep the page in place by listening (see guard.js); there the frame may not
 *  navigate it. The price, no PDF in the frame in some of them, is why this is not done everywhere. */
const SANDBOX = 'allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox '
  + 'allow-downloads allow-pointer-lock allow-presentation allow-orientation-lock';

/** How long content may take to go. */
const EMPTY_WITHIN_MS = 2_000;

export class CourseFrame {
  #stage;
  #frame = null;

  constructor(stage) {
    this.#stage = stage;
  }

  get isEmpty() {
    return this.#frame === null;
  }

  /** The content's document; null where there is none, or it belongs to another site. */
  get document() {
    try {
      return this.#frame?.contentDocument ?? null;
    } catch {
      return null;
    }
  }

  /** Shows an address in a new frame. */
  show(url) {
    const frame = document.createElement('iframe');
    frame.title = 'Course content';
    frame.allow = ALLOW;
    // The page's own address holds the session token; other sites learn the origin at most.
    frame.referrerPolicy = 'strict-origin';
    if (!('navigation' in window)) frame.setAttribute('sandbox', SANDBOX);
    frame.src = url;
    this.#stage.append(frame);
    this.#frame = frame;
  }

  focus() {
    this.#frame?.focus();
  }

  /** Lets the content go: its unload handlers have run when this resolves. */
  async empty() {
    const frame = this.#frame;
    if (!frame) return;
    const gone = new Promise((resolve) => {
      frame.addEventListener('load', resolve, { once: true });
      setTimeout(resolve, EMPTY_WITHIN_MS);
    });
    try {
      hush(frame.contentWindow);
      frame.contentWindow.location.replace('about:blank');
    } catch {
      // Another site's content: it makes no calls, and this way works for it too.
      frame.src = 'about:blank';
    }
    await gone;
    frame.remove();
    this.#frame = null;
  }
}

/**
 * Lets `beforeunload` handlers run, for many courses save in them, without their question whether the learner really wants
 * to leave: she pressed our button, and our own question is asked only where something is not saved.
 */
function hush(win) {
  const own = win.onbeforeunload;
  win.onbeforeunload = null;
  if (own) win.addEventListener('beforeunload', (event) => { own.call(win, event); });
  const events = win.Event.prototype;
  const prevent = events.preventDefault;
  events.preventDefault = function preventDefault() {
    if (this.type !== 'beforeunload') prevent.call(this);
  };
  const ask = { configurable: true, get: () => '', set() {} };
  Object.defineProperty(win.BeforeUnloadEvent.prototype, 'returnValue', ask);
  for (let i = 0; i < win.length; i += 1) {
    try {
      hush(win[i]);
    } catch {
      // A frame of another site.
    }
  }
}
