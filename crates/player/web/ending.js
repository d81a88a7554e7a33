// Leaving: the question before, and the page after.

import { ask } from './dialog.js';
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

/** The page after the course. Goes on to `afterExit` once everything is saved. `title`: why it ended, where the learner has to know. */
export async function showEnd({ how, title, standing, panel, sync, outbox, afterExit, leaveFor }) {
  const usual = how === 'suspend' ? texts.suspendedTitle : texts.endedTitle;
  const show = (text, actions = []) => panel.show({ kind: 'end', title: title ?? usual, standing, text, actions });
  show(texts.endedSaving);
  sync.rest();
  const isSaved = await sync.settled(SAVED_WITHIN_MS);
  if (isSaved && afterExit) {
    leaveFor(afterExit);
    return;
  }
  const ways = waysOn(afterExit, leaveFor);
  if (!isSaved) {
    show(unsavedText(outbox), ways);
    // The sending goes on; the page says so when it has succeeded.
    await sync.settled(Infinity);
  }
  show(how === 'suspend' ? texts.suspendedText : texts.endedText, ways);
}

const unsavedText = (outbox) => `${texts.endedUnsaved} ${outbox.isKept ? texts.keptOnDevice(outbox.size) : texts.keptInPage(outbox.size)}`;

function waysOn(afterExit, leaveFor) {
  const again = { label: texts.openAgain, act: () => leaveFor(null) };
  if (afterExit) return [{ label: texts.goBack, act: () => leaveFor(afterExit), isPrimary: true }, again];
  // A window that a script opened may close itself; another one may not.
  if (window.opener) return [{ label: texts.closePage, act: () => window.close(), isPrimary: true }, again];
  return [again];
}
