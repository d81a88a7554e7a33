// Runs in the page: the learner goes on from one activity to the next, on our engine and on the peer's. What is timed is what a
// player does for it: the decision, the delivery, and everything that controls and table of contents show afterwards.

import initEngine, { Player } from '/assets/lyceum_player.js';
import { Contents } from '/web/contents.js';
import { leaves, makeTree, scormAgainAdapter } from '/script/scorm_again_bench.mjs';

const REPORT = [
  ['cmi.completion_status', 'completed'], ['cmi.success_status', 'passed'], ['cmi.score.scaled', '0.9'], ['cmi.session_time', 'PT1M'],
];

/** Samples of one cell, at least eight, as many as fit into the time. */
function sample({ samples, capMs }, begin) {
  const found = [];
  const until = performance.now() + capMs;
  while (found.length < samples && (found.length < 8 || performance.now() < until)) {
    const step = begin();
    for (let one = step(); one && found.length < samples && (found.length < 8 || performance.now() < until); one = step()) found.push(one);
  }
  return found;
}

/** Our engine from its opening on: each step is one Continue, `{ ms, bytes }`, until the course ends. */
function ours(opened) {
  const now = opened.opening.opened_at;
  const player = new Player(JSON.stringify(opened));
  const contents = new Contents(opened.plan.activities);
  player.deliver(JSON.parse(player.navigate('start', now)).deliver, now);
  return () => {
    player.initialize('', now);
    for (const [element, value] of REPORT) player.setValue(element, value, now);
    player.terminate('', now);
    player.takeEntries();
    const began = performance.now();
    const { deliver } = JSON.parse(player.navigate('continue', now));
    player.leave(now);
    if (!deliver) return null;
    player.deliver(deliver, now);
    JSON.parse(player.standing(now));
    contents.update(player.toc(now));
    const ms = performance.now() - began;
    return { ms, bytes: new TextEncoder().encode(player.takeEntries()).length };
  };
}

/** The peer, the same way; it looks ahead within its request. */
function peers(adapter, n) {
  const order = leaves(makeTree(n));
  const api = adapter.make2004({ tree: makeTree(n) });
  adapter.nav(api, 'start');
  let at = 0;
  return () => {
    if (at + 1 >= order.length) return null;
    api.Initialize('');
    for (const [element, value] of REPORT) api.SetValue(element, value);
    const began = performance.now();
    adapter.nav(api, 'continue');
    const ms = performance.now() - began;
    at += 1;
    if (adapter.current(api) !== order[at]) throw new Error(`the peer delivered ${adapter.current(api)} instead of ${order[at]}`);
    adapter.reset(api);
    return { ms, bytes: 0 };
  };
}

function told(found) {
  const times = found.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))];
  return { samples: times.length, p50: at(0.5), p99: at(0.99), bytes: Math.max(...found.map(({ bytes }) => bytes)) };
}

/** Both sides on one tree. */
export async function measure({ n, opened, samples, capMs, version }) {
  await initEngine({ module_or_path: '/assets/lyceum_player_bg.wasm' });
  const adapter = scormAgainAdapter(await import('/peer/scorm-again.min.js'), version);
  const silent = () => {};
  Object.assign(console, { log: silent, debug: silent, info: silent, warn: silent });
  return {
    ours: told(sample({ samples, capMs }, () => ours(opened))),
    peer: told(sample({ samples: Math.min(samples, 100), capMs }, () => peers(adapter, n))),
  };
}
