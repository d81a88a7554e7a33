// Requests to the server, and what can go wrong with them, as two kinds of errors.

const TIMEOUT_MS = 30_000;

/** No answer came: no network, no server, or the time ran out. */
export class Unreachable extends Error {
  name = 'Unreachable';
}

/** The server answered and said no. */
export class Refused extends Error {
  name = 'Refused';

  constructor(status, code, message, retryAfterMs) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * Sends a body and returns the text of a 2xx answer.
 * No credentials: the address carries all rights. No redirects: a commit that is sent elsewhere is a commit that is lost.
 */
export async function post(url, body, { keepalive = false, type = 'application/json' } = {}) {
  const headers = typeof body === 'string' ? { 'content-type': type } : {};
  const late = keepalive ? undefined : timeout(TIMEOUT_MS);
  let response, text;
  try {
    response = await fetch(url, {
      method: 'POST', body, headers, keepalive,
      credentials: 'omit', cache: 'no-store', redirect: 'error', signal: late?.signal,
    });
    text = await response.text();
  } catch (error) {
    throw new Unreachable(error?.message ?? 'no answer');
  } finally {
    late?.clear();
  }
  if (response.ok) return text;
  throw refusal(response, text);
}

function timeout(ms) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

function refusal(response, text) {
  let error = {};
  try {
    error = JSON.parse(text).error ?? {};
  } catch {
    // A proxy in between answers in its own words; the status says enough.
  }
  const wait = retryAfter(response.headers.get('retry-after'));
  return new Refused(response.status, error.code ?? `http-${response.status}`, error.message ?? `The server answered ${response.status}.`, wait);
}

/** `Retry-After` in ms: seconds or a date (RFC 9110, 10.2.3). */
export function retryAfter(header, now = Date.now()) {
  if (!header) return null;
  if (/^\d+$/.test(header.trim())) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
