// Leaving: the question before, and the page after.

import { ask } from './dialog.js';
import { Refused } from './http.js';
import { askForAttempt } from './opening.js';
import { outcomeOf } from './outcome.js';
import { texts } from './texts.js';

/** A commit that is on its way may arrive before anyone is asked. */
const ASK_AFTER_MS = 1_500;
/** After that the end page says that something is left. */
const SAVED_WITHIN_MS = 10_000;

/** Whether the learner may leave: everything is saved, or she says so. */
export async function mayLeave({ sync, outbox }) {
  if (await sync.settled(navigator.onLine ? ASK_AFTER_MS : 0)) return true;
  return ask({
    title: texts.unsavedTitle,
    text: outbox.isKept ? texts.unsavedKept : texts.unsavedLost,
    choices: [{ label: texts.stay, value: false, isPrimary: true }, { label: texts.leaveAnyway, value: true }],
  });
}

/** Whether the learner wants to leave the course, now that its content is finished. */
export function confirmExit() {
  return ask({
    title: texts.finishedTitle,
    text: texts.finishedText,
    choices: [{ label: texts.stayHere, value: false }, { label: texts.leaveCourse, value: true, isPrimary: true }],
  });
}

const LEAVING = new Set(['exit', 'exitAll']);

/**
 * The word, a key of `texts.endings`, for how a session came to its end.
 * @param {'exit' | 'suspend'} ended the engine's word
 * @param {string} request what led there
 * @param {'learner' | 'content' | 'time' | 'start'} by whose request it was
 */
export function endingOf(ended, request, by) {
  if (by === 'time') return 'timeUp';
  if (by === 'start') return 'closed';
  if (ended === 'suspend') return 'suspended';
  if (request.startsWith('abandon')) return 'abandoned';
  if (!LEAVING.has(request)) return 'reachedEnd';
  return by === 'content' ? 'over' : 'left';
}

/**
 * The page after the course: how it stands, whether all of it is saved, and what can be done now. Goes on to `afterExit` once
 * everything is saved.
 * @param {object} parts
 * @param {string} parts.ending see `endingOf`
 * @param {string} [parts.text] why, in the engine's words
 * @param {object} parts.summary how the attempt stands
 * @param {object} parts.attempts `{number, limit, may_ask}`
 * @param {boolean} parts.canOpen whether the course would open if it were launched now
 */
export async function showEnd({ ending, text, summary, attempts, canOpen, panel, sync, outbox, address, afterExit, leaveFor }) {
  const { title, words } = texts.endings[ending];
  const say = (state, actions = []) => panel.say([text ?? words, lastOf(attempts), state].filter(Boolean).join(' '), actions);
  panel.show({ kind: 'end', sign: signOf(ending, summary), title, facts: outcomeOf(summary, attempts) });
  say(texts.endedSaving);
  sync.rest();
  const isSaved = await sync.settled(SAVED_WITHIN_MS);
  if (isSaved && afterExit) {
    leaveFor(afterExit);
    return;
  }
  const isFinished = summary.completion === 'completed';
  const anew = async () => {
    if (!isFinished && !(await confirmNewAttempt())) return;
    try {
      leaveFor(await askForAttempt(address));
    } catch (error) {
      // With a link that is no longer valid no other way of this page leads anywhere.
      say(whyNot(error), waysOn({ ending, afterExit, leaveFor, canOpen: canOpen && !isExpired(error) }));
    }
  };
  const ways = waysOn({ ending, afterExit, leaveFor, canOpen, anew: attempts.may_ask ? anew : null });
  if (!isSaved) {
    say(unsavedText(outbox), ways);
    // The sending goes on; the page says so when it has succeeded.
    await sync.settled(Infinity);
  }
  say(texts.endedSaved, ways);
}

const unsavedText = (outbox) => `${texts.endedUnsaved} ${outbox.isKept ? texts.keptOnDevice(outbox.size) : texts.keptInPage(outbox.size)}`;

const lastOf = ({ number, limit }) => (limit !== null && number >= limit ? texts.lastAttempt(limit) : null);

/** The sign above the title, for the style sheet. */
function signOf(ending, { completion, success }) {
  if (ending === 'suspended') return 'suspended';
  if (success === 'failed') return 'failed';
  return success === 'passed' || completion === 'completed' ? 'done' : 'open';
}

/** The buttons, the one that most will want first. Each leads somewhere; there may be none. */
function waysOn({ ending, afterExit, leaveFor, canOpen, anew = null }) {
  const ways = [];
  if (afterExit) ways.push({ label: texts.goBack, act: () => leaveFor(afterExit) });
  else if (isClosable()) ways.push({ label: texts.closePage, act: () => window.close() });
  const open = () => leaveFor(null);
  if (canOpen && ending === 'suspended') ways.unshift({ label: texts.goOn, act: open });
  else if (canOpen) ways.push({ label: texts.openAgain, act: open });
  if (anew) ways.push({ label: texts.newAttempt, act: anew });
  return ways.map((way, at) => ({ ...way, isPrimary: at === 0 }));
}

/** A window may close itself that a script opened, or that has never been anywhere else. */
const isClosable = () => window.top === window && (window.opener !== null || history.length === 1);

/** An attempt that is not finished is not given up by a slip of the finger. */
function confirmNewAttempt() {
  return ask({
    title: texts.newAttemptTitle,
    text: texts.newAttemptText,
    choices: [{ label: texts.keepAttempt, value: false }, { label: texts.newAttempt, value: true, isPrimary: true }],
  });
}

function whyNot(error) {
  if (isExpired(error)) return texts.expired;
  return error instanceof Refused && error.status === 409 ? texts.noNewAttempt : texts.unreachable;
}

const isExpired = (error) => error instanceof Refused && [401, 404].includes(error.status);
