// A small SCORM 2004 client: finds the learning platform's API, reads and writes values, and
// saves the session time each time anything is saved, so that a closed tab loses nothing.

/** How many windows to climb before giving up; the standard's own example stops there too. */
const MAX_PARENTS = 500;

const FAILED = 'false';

/** Looks for `API_1484_11` in a window and in the windows around it. A window of another site is passed by. */
function searchUpwards(start) {
  let frame = start;
  for (let hop = 0; frame && hop < MAX_PARENTS; hop += 1) {
    try {
      if (frame.API_1484_11) return frame.API_1484_11;
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

/** Milliseconds as an ISO 8601 duration of hundredths, `PT1H2M3.45S`. */
export function duration(milliseconds) {
  const hundredths = Math.max(0, Math.round(milliseconds / 10));
  const hours = Math.floor(hundredths / 360_000);
  const minutes = Math.floor(hundredths / 6_000) % 60;
  const seconds = (hundredths % 6_000) / 100;
  return `PT${hours ? `${hours}H` : ''}${minutes ? `${minutes}M` : ''}${seconds}S`;
}

/** A moment as time(second,10,2) in UTC, `2026-01-31T20:15:00.25Z`. */
export function timestamp(date) {
  return `${date.toISOString().slice(0, -2)}Z`;
}

/** One visit to a lesson. Without a platform every call is a harmless no-op. */
export class Session {
  #api;
  #startedAt = performance.now();
  #open = false;

  constructor(api = findApi()) {
    this.#api = api;
    this.#open = api !== null && String(api.Initialize('')) !== FAILED;
  }

  /** Whether what the learner does is kept anywhere. */
  get connected() {
    return this.#open;
  }

  /** The value, or an empty text where there is none. */
  get(element) {
    return this.#open ? String(this.#api.GetValue(element) ?? '') : '';
  }

  set(element, value) {
    if (!this.#open) return false;
    const accepted = String(this.#api.SetValue(element, String(value))) !== FAILED;
    if (!accepted) this.#report(`set ${element}`);
    return accepted;
  }

  /** How many rows a list such as `cmi.interactions` has. */
  count(list) {
    return Number.parseInt(this.get(`${list}._count`), 10) || 0;
  }

  /** The row of a list that carries this id; a new one at the end if there is none yet. */
  row(list, id) {
    const rows = this.count(list);
    for (let n = 0; n < rows; n += 1) {
      if (this.get(`${list}.${n}.id`) === id) return `${list}.${n}`;
    }
    this.set(`${list}.${rows}.id`, id);
    return `${list}.${rows}`;
  }

  /** Asks the platform to store everything that was set, with the time spent so far. */
  save() {
    if (!this.#open) return false;
    this.set('cmi.session_time', duration(performance.now() - this.#startedAt));
    const saved = String(this.#api.Commit('')) !== FAILED;
    if (!saved) this.#report('commit');
    return saved;
  }

  /** Whether the platform would take the learner on from here (`continue`, `previous`). */
  allows(request) {
    return this.get(`adl.nav.request_valid.${request}`) === 'true';
  }

  /** Ends the visit. `exit` is `suspend` or `normal`; `request` says where to go next, if anywhere. */
  close(exit, request = '') {
    if (!this.#open) return;
    this.set('cmi.exit', exit);
    if (request) this.set('adl.nav.request', request);
    this.save();
    this.#api.Terminate('');
    this.#open = false;
  }

  #report(what) {
    const code = this.#api.GetLastError();
    console.warn(`The learning platform refused to ${what}: ${code} ${this.#api.GetErrorString(code)}`);
  }
}
