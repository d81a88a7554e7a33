// Listens to what a course says to the player: wraps the API objects as they are put on the player's window.
// The wrapper passes everything through and notes call, answer and error code in `window.__calls`. What a
// course still says while its page goes away is noted in the browser's storage and found by the next page.

/** Runs in every page before its own scripts. */
function install() {
  const METHODS = {
    API: ['LMSInitialize', 'LMSFinish', 'LMSGetValue', 'LMSSetValue', 'LMSCommit', 'LMSGetLastError', 'LMSGetErrorString', 'LMSGetDiagnostic'],
    API_1484_11: ['Initialize', 'Terminate', 'GetValue', 'SetValue', 'Commit', 'GetLastError', 'GetErrorString', 'GetDiagnostic'],
  };
  // Only the player's own page is a top page with a status region; frames and pop-ups belong to courses.
  if (window.top !== window || window.opener || !window.location.protocol.startsWith('http')) return;
  const LATE = '__calls_while_closing';
  window.__calls = [];
  window.__late = JSON.parse(localStorage.getItem(LATE) ?? '[]');
  localStorage.removeItem(LATE);
  window.__closing = false;

  function note(call) {
    window.__calls.push(call);
    if (window.__closing) localStorage.setItem(LATE, JSON.stringify([...JSON.parse(localStorage.getItem(LATE) ?? '[]'), call]));
  }

  function wrap(name, api) {
    if (api === null || typeof api !== 'object') return api;
    const lastError = name === 'API' ? 'LMSGetLastError' : 'GetLastError';
    const wrapped = Object.create(api);
    for (const method of METHODS[name]) {
      const value = (...args) => {
        const answer = api[method](...args);
        if (!method.includes('Error') && !method.includes('Diagnostic')) {
          note({ method: method.replace(/^LMS/, ''), args: args.map(String), answer: String(answer), error: String(api[lastError]()) });
        }
        return answer;
      };
      Object.defineProperty(wrapped, method, { value, enumerable: true });
    }
    return wrapped;
  }

  const define = Object.defineProperty;
  for (const name of Object.keys(METHODS)) {
    let current;
    define(window, name, { configurable: true, get: () => current, set: (api) => { current = wrap(name, api); } });
  }
  Object.defineProperty = (target, name, description) => {
    const watched = target === window && name in METHODS && description && 'value' in description;
    return define(target, name, watched ? { ...description, value: wrap(name, description.value) } : description);
  };
}

/** Makes every player page of a context note the API calls of its course. */
export async function spyOnApi(context) {
  await context.addInitScript(install);
}

/** The calls so far: `[{ method, args, answer, error }]`, with SCORM 2004's names for both standards. */
export async function callsOf(page) {
  return page.evaluate(() => window.__calls ?? []);
}

/** Closes a page as abruptly as a person does; what its course says meanwhile is kept for `lateCallsOf`. */
export async function closeAbruptly(page) {
  await page.evaluate(() => { window.__closing = true; });
  await page.close();
}

/** What the course of the page before this one said while it was closed. */
export async function lateCallsOf(page) {
  return page.evaluate(() => window.__late ?? []);
}

/** What stands in the record after these calls: each element with the last value that was accepted. */
export function valuesSet(calls) {
  const values = new Map();
  for (const { method, args: [element, value], answer } of calls) {
    if (method === 'SetValue' && answer === 'true') values.set(element, value);
  }
  return values;
}
