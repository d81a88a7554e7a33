// A small SCORM 1.2 client: finds the learning platform's API, reads and writes values, and
// saves the session time each time anything is saved, so that a closed tab loses nothing.

/** How many windows to climb before giving up; the standard's own example stops there too. */
const MAX_PARENTS = 500;

const FAILED = 'false';

/** Looks for `API` in a window and in the windows around it. A window of another site is passed by. */
function searchUpwards(start) {
  let frame = start;
  for (let hop = 0; frame && hop < MAX_PARENTS; hop += 1) {
    try {
      if (frame.API) return frame.API;
    } catch {
      // Another origin: not readable, but its parent may be ours again.
    }
    if (frame.parent === frame) return null;
    frame = frame.parent;
  }
  return null;
}

/** The platform's API object: around this window first, then around the window that opened us. */
export function findApi(here = window) {
  const around = searchUpwards(here);
  if (around) return around;
  for (const frame of [here, here.top]) {
    try {
      const found = frame.opener && searchUpwards(frame.opener);
      if (found) return found;
    } catch {
      // The top window is another site's: its opener is none of our business.
    }
  }
  return null;
}

/** Milliseconds as a CMITimespan, `HHHH:MM:SS.SS`. */
export function timespan(milliseconds) {
  const hundredths = Math.max(0, Math.round(milliseconds / 10));
  const pad = (number, width) => String(number).padStart(width, '0');
  const hours = Math.floor(hundredths / 360_000);
  const minutes = Math.floor(hundredths / 6_000) % 60;
  const seconds = Math.floor(hundredths / 100) % 60;
  return `${pad(hours, 4)}:${pad(minutes, 2)}:${pad(seconds, 2)}.${pad(hundredths % 100, 2)}`;
}

/** A moment as a CMITime, `HH:MM:SS`, in the learner's own time zone as the standard has it. */
export function clockTime(date) {
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
}

/** One visit to the lesson. Without a platform every call is a harmless no-op. */
export class Session {
  #api;
  #startedAt = performance.now();
  #open = false;

  constructor(api = findApi()) {
    this.#api = api;
    this.#open = api !== null && String(api.LMSInitialize('')) !== FAILED;
  }

  /** Whether what the learner does is kept anywhere. */
  get connected() {
    return this.#open;
  }

  get(element) {
    return this.#open ? String(this.#api.LMSGetValue(element) ?? '') : '';
  }

  set(element, value) {
    if (!this.#open) return false;
    const accepted = String(this.#api.LMSSetValue(element, String(value))) !== FAILED;
    if (!accepted) this.#report(`set ${element}`);
    return accepted;
  }

  /** Asks the platform to store everything that was set, with the time spent so far. */
  save() {
    if (!this.#open) return false;
    this.set('cmi.core.session_time', timespan(performance.now() - this.#startedAt));
    const saved = String(this.#api.LMSCommit('')) !== FAILED;
    if (!saved) this.#report('commit');
    return saved;
  }

  /** Ends the visit. `exit` is `suspend` to come back to the same place, or empty when all is done. */
  close(exit) {
    if (!this.#open) return;
    this.set('cmi.core.exit', exit);
    this.save();
    this.#api.LMSFinish('');
    this.#open = false;
  }

  #report(what) {
    const code = this.#api.LMSGetLastError();
    console.warn(`The learning platform refused to ${what}: ${code} ${this.#api.LMSGetErrorString(code)}`);
  }
}
