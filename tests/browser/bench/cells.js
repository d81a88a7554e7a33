// Runs in the page. Every cell does the same calls on both sides; what is timed is one `body` after another, and the median of
// the runs counts. Ours ends each body by bringing the entries into the outbox, which the player does once a turn.

import initEngine, { Player } from '/assets/lyceum_player.js';
import { lateCodes, offerApi } from '/web/api.js';
import { commitBody } from '/web/batch.js';
import { Outbox } from '/web/outbox.js';
import { Session } from '/web/session.js';
import { Visit } from '/web/visit.js';

const INTERACTIONS = 1_000;
const ROUNDS = 64;
/** What content saves most: a line of state, here of the size that issue 3 names. */
const SUSPEND_BYTES = 64_000;

let sink = 0;

/** A text that does not compress to nothing. */
function filler(length) {
  let [text, x] = ['', 12345];
  while (text.length < length) {
    x = (x * 1103515245 + 12345) & 0x7fffffff;
    text += x.toString(36);
  }
  return text.slice(0, length);
}

const EDITIONS = {
  SCORM_12: {
    init: 'LMSInitialize', set: 'LMSSetValue', get: 'LMSGetValue', commit: 'LMSCommit', suspend: filler(4_096),
    scalars: (i) => [
      ['cmi.core.lesson_status', i & 1 ? 'incomplete' : 'completed'], ['cmi.core.lesson_location', `page-${i}`],
      ['cmi.core.score.raw', String(i % 101)], ['cmi.core.score.min', '0'], ['cmi.core.score.max', '100'],
      ['cmi.core.exit', 'suspend'], ['cmi.core.session_time', `00:10:${10 + (i % 49)}`],
    ],
    reads: ['cmi.core.lesson_status', 'cmi.core.lesson_location', 'cmi.core.score.raw', 'cmi.core.student_id',
      'cmi.core.student_name', 'cmi.core.credit', 'cmi.core.entry', 'cmi.suspend_data'],
    interaction: (n) => [['id', `int_${n}`], ['type', 'choice'], ['student_response', 'a'],
      ['result', n & 1 ? 'correct' : 'wrong'], ['time', '10:00:00']],
  },
  SCORM_2004_4TH_EDITION: {
    init: 'Initialize', set: 'SetValue', get: 'GetValue', commit: 'Commit', suspend: filler(SUSPEND_BYTES),
    scalars: (i) => [
      ['cmi.completion_status', i & 1 ? 'incomplete' : 'completed'], ['cmi.success_status', i & 1 ? 'failed' : 'passed'],
      ['cmi.location', `page-${i}`], ['cmi.score.scaled', String((i % 100) / 100)], ['cmi.score.raw', String(i % 101)],
      ['cmi.score.min', '0'], ['cmi.score.max', '100'], ['cmi.progress_measure', String((i % 100) / 100)],
      ['cmi.exit', 'suspend'], ['cmi.session_time', `PT${i % 60}M10S`],
    ],
    reads: ['cmi.completion_status', 'cmi.success_status', 'cmi.location', 'cmi.score.scaled', 'cmi.learner_id',
      'cmi.learner_name', 'cmi.credit', 'cmi.entry', 'cmi.mode', 'cmi.suspend_data'],
    interaction: (n) => [['id', `int_${n}`], ['type', 'choice'], ['learner_response', 'a'],
      ['result', n & 1 ? 'correct' : 'incorrect'], ['timestamp', '2024-01-01T10:00:00']],
  },
};

// ---- the two sides ---------------------------------------------------------------------------------------------------------

/** Ours: engine, session, visit and API object as the player puts them together; the network answers nothing. */
function ours(edition) {
  const plan = {
    edition, title: 'Course',
    activities: [
      { id: 'root', title: 'Course', kind: 'cluster', visible: true },
      { id: 'i1', title: 'One', parent: 0, launch: 'one.html', kind: 'sco', visible: true },
    ],
  };
  const opening = {
    engine: 'bench', session: 's', ordinal: 1, attempt: 1, opened_at: 1_000,
    learner: { id: 'l1', name: 'Ng, Ada' }, settings: { strictness: 'strict' }, seed: 1,
  };
  const make = (opened) => {
    const player = new Player(opened);
    const outbox = new Outbox('r', null, null);
    outbox.begin('s');
    const session = new Session({
      player, activities: plan.activities, clock: { now: () => Date.now() }, outbox, onBroken: (error) => { throw error; },
    });
    session.sync = { changed() {}, flush() {}, hurry() {}, stay() {} };
    session.deliver('i1');
    const listener = { document: () => null, startAgain() {}, changed() {}, terminated() {}, tooLarge() {} };
    const place = {};
    offerApi(edition, new Visit({ session, late: lateCodes(edition), maxValueBytes: 1 << 20, listener }), place);
    return { api: place.API ?? place.API_1484_11, player, session, outbox };
  };
  const json = (state) => JSON.stringify({ plan, opening, state });
  const empty = json({ format: 1, edition, sessions: {}, activities: {} });
  return {
    make: () => make(empty),
    saved: (_, values) => json({
      format: 1, edition, current: 'i1', sessions: { 1: { applied: 9, first: 1, last: 2 } },
      activities: { i1: { cmi: values, visits: [{ session: 1, started: 1, last: 2, entry: 'ab-initio', initialized: 1, end: 'left' }] } },
    }).replace('"ordinal":1', '"ordinal":2'),
    resume: (saved) => make(saved),
    settle: ({ session, outbox }) => { session.flush(); outbox.release(outbox.lastSeq); },
    send: ({ session, outbox, player }) => {
      session.flush();
      const entries = outbox.since(outbox.durableTo + 1);
      sink += commitBody({ session: 's', fromSeq: entries[0].seq, entries, clientClock: 1, stateHash: player.stateHash() }).length;
      outbox.release(outbox.lastSeq);
    },
    close: ({ player }) => player.free(),
  };
}

/** The peer, with a transport that answers at once; nothing is logged and nothing committed by itself. */
function peer(edition, { Scorm12API, Scorm2004API }) {
  const http = { processHttpRequest: (url, body) => { sink += body ? 1 : 0; return { result: 'true', errorCode: 0 }; }, updateSettings() {} };
  const settings = { logLevel: 5, autocommit: false, onLogMessage: () => {}, lmsCommitUrl: 'null:', httpService: http };
  const make = () => ({ api: edition === 'SCORM_12' ? new Scorm12API({ ...settings }) : new Scorm2004API({ ...settings }) });
  return {
    make,
    saved: ({ api }) => JSON.stringify(api.renderCommitObject(false)),
    resume: (saved) => {
      const one = make();
      const { runtimeData } = JSON.parse(saved);
      one.api.loadFromJSON(runtimeData.cmi ?? runtimeData);
      return one;
    },
    settle() {}, send() {}, close() {},
  };
}

// ---- the cells -------------------------------------------------------------------------------------------------------------

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

function must(answer, what) {
  if (String(answer) !== 'true') throw new Error(`not true: ${what} -> ${answer}`);
}

/** Microseconds of one of `ops` operations in `body(prepare())`; the first run warms up and does not count. */
async function cell({ runs, cellMs }, ops, body, prepare = () => {}, after = () => {}) {
  const figures = [];
  for (let run = -1; run < runs; run += 1) {
    let [done, spent] = [0, 0];
    while (spent < cellMs) {
      const prepared = prepare();
      const start = performance.now();
      body(prepared);
      spent += performance.now() - start;
      done += ops;
      await null; // what the player put off to the end of the turn
      after(prepared);
    }
    if (run >= 0) figures.push((spent * 1000) / done);
  }
  return median(figures);
}

async function measureSide(side, edition, options) {
  const V = EDITIONS[edition];
  const fresh = () => { const one = side.make(); must(one.api[V.init](''), 'init'); return one; };
  const lists = [...Array(ROUNDS).keys()].map(V.scalars);
  const interactions = [...Array(INTERACTIONS).keys()].flatMap((n) => V.interaction(n).map(([field, value]) => [`cmi.interactions.${n}.${field}`, value]));
  const everything = [...V.scalars(1), ['cmi.suspend_data', V.suspend], ...interactions];
  const fill = (one, values) => { for (const [element, value] of values) must(one.api[V.set](element, value), element); side.settle(one); return one; };
  const out = {};

  out.initialize = await cell(options, 1, (made) => { made.push(fresh()); }, () => [], (made) => made.forEach(side.close));
  const one = fill(fresh(), lists[0]);
  out.set_scalar = await cell(options, ROUNDS * lists[0].length, () => {
    for (const list of lists) for (const [element, value] of list) one.api[V.set](element, value);
    side.settle(one);
  });
  fill(one, [['cmi.suspend_data', V.suspend.slice(0, 4_096)]]);
  out.get_scalar = await cell(options, ROUNDS * V.reads.length, () => {
    for (let i = 0; i < ROUNDS; i += 1) for (const element of V.reads) sink += one.api[V.get](element).length;
  });
  // What a change costs by itself is taken off what it costs with a read of everything behind it.
  const location = V.scalars(1).find(([element]) => element.endsWith('location'))[0];
  const change = (reads) => cell(options, ROUNDS * V.reads.length, () => {
    for (let i = 0; i < ROUNDS; i += 1) {
      one.api[V.set](location, `page-${i}`);
      for (const element of reads) sink += one.api[V.get](element).length;
    }
    side.settle(one);
  });
  out.get_first = await change(V.reads) - await change([]);
  await null;
  side.close(one);
  out.interactions = await cell(options, interactions.length, (two) => {
    for (const [element, value] of interactions) two.api[V.set](element, value);
    side.settle(two);
  }, fresh, side.close);

  const full = fill(fresh(), everything);
  let page = 0;
  out.commit_full = await cell(options, 16, () => {
    for (let i = 0; i < 16; i += 1) {
      page += 1;
      full.api[V.set](location, `page-${page}`);
      full.api[V.commit]('');
      side.send(full);
    }
  });
  const saved = side.saved(full, everything);
  out.saved_bytes = saved.length;
  const resumed = side.resume(saved);
  must(resumed.api[V.init](''), 'init after resume');
  if (resumed.api[V.get]('cmi.interactions._count') !== String(INTERACTIONS)) throw new Error('not everything is resumed');
  if (resumed.api[V.get]('cmi.suspend_data') !== V.suspend) throw new Error('suspend data is not resumed');
  out.resume_full = await cell(options, 1, (made) => { const two = side.resume(saved); two.api[V.init](''); made.push(two); }, () => [], (made) => made.forEach(side.close));
  return out;
}

/** All cells of both editions: `{EDITION: {ours, peer}}`, microseconds. */
export async function measure(options) {
  await initEngine({ module_or_path: '/assets/lyceum_player_bg.wasm' });
  const module = await import('/peer/scorm-again.min.js');
  for (const name of ['log', 'debug', 'info', 'warn']) console[name] = () => {};
  const figures = {};
  for (const edition of Object.keys(EDITIONS)) {
    figures[edition] = { ours: await measureSide(ours(edition), edition, options), peer: await measureSide(peer(edition, module), edition, options) };
  }
  return figures;
}
