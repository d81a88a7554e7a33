// The order in which the player comes to life. Each step has its reason to stand before the next:
// the tab (one page plays at a time), the outbox (what is left from earlier goes first), the session, the engine, the API,
// and only then the course.

import { PlayAddress } from './address.js';
import { Carrier } from './carrier.js';
import { ask } from './dialog.js';
import { loadEngine } from './engine.js';
import { Guard } from './guard.js';
import { Refused } from './http.js';
import { sendLeftovers } from './leftovers.js';
import { openSession, untilReachable } from './opening.js';
import { Outbox } from './outbox.js';
import { pageId, places, registration } from './page.js';
import { Panel } from './panel.js';
import { Player } from './player.js';
import { Tab } from './tabs.js';
import { texts } from './texts.js';

const guard = new Guard();
const panel = new Panel(places.panel);
const tab = new Tab(registration, pageId);

/** Goes to another address, or loads this page again. */
function leaveFor(address) {
  guard.release();
  if (address) location.replace(address);
  else location.reload();
}

function askToTakeOver(withdrawn) {
  return ask({
    withdrawn,
    title: texts.otherTabTitle,
    text: texts.otherTabText,
    choices: [{ label: texts.leaveThere, value: false }, { label: texts.goOnHere, value: true, isPrimary: true }],
  });
}

function waiting(again) {
  panel.show({ kind: 'loading', title: texts.waiting, actions: [{ label: texts.tryNow, act: again }] });
}

async function begin() {
  // These need nothing of each other.
  const engine = loadEngine();
  const opening = Outbox.open(registration);
  engine.catch(() => {});
  if (!(await tab.take(askToTakeOver))) {
    panel.show({ kind: 'end', title: texts.declinedTitle, text: texts.declinedText });
    return;
  }
  const address = new PlayAddress();
  const outbox = await opening;
  const kept = await untilReachable(() => sendLeftovers(outbox, new Carrier(address, Date)), waiting);
  const { text, opened, clock } = await untilReachable(() => openSession(address, pageId), waiting);
  const player = new Player({ engine: await engine, text, opened, clock, address, outbox, tab, panel, leaveFor });
  if (kept > 0) player.notice('leftovers', texts.leftoversKept);
  player.start();
}

function failed(error) {
  console.error(error);
  const isExpired = error instanceof Refused && error.status === 401;
  const text = isExpired ? texts.expired : error.message;
  // A link that is no longer valid is not so the next time either.
  const actions = isExpired ? [] : [{ label: texts.reloadPage, act: () => leaveFor(null) }];
  panel.show({ kind: 'error', title: texts.failedTitle, text, actions });
}

begin().catch(failed);
