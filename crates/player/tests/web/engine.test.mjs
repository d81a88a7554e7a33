// The committed WebAssembly behind the modules that a course talks to.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { inflateRawSync } from 'node:zlib';

import { settle } from './support.mjs';
import { Player, deflate, initSync } from '../../assets/lyceum_player.js';
import { lateCodes, offerApi } from '../../web/api.js';
import { Session } from '../../web/session.js';
import { Visit } from '../../web/visit.js';

initSync({ module: readFileSync(new URL('../../assets/lyceum_player_bg.wasm', import.meta.url)) });

const opened = (edition) => JSON.stringify({
  session: 's1',
  plan: {
    edition,
    title: 'Course',
    activities: [
      { id: 'root', title: 'Course', kind: 'cluster', visible: true },
      { id: 'i1', title: 'One', parent: 0, launch: 'one.html', kind: 'sco', visible: true },
      { id: 'i2', title: 'Two', parent: 0, launch: 'two.html', kind: 'sco', visible: true },
    ],
  },
  opening: {
    engine: 'test', session: 's1', ordinal: 1, attempt: 1, opened_at: 1_000,
    learner: { id: 'l1', name: 'Ng, Ada' }, settings: {}, seed: 1,
  },
  state: { format: 1, edition, sessions: {}, activities: {} },
});

/** A session over the real engine, and a visit of `i1` with its API. */
function begin(edition, { maxValueBytes = 1e6 } = {}) {
  const lines = [];
  const told = [];
  const page = { document: { name: 'first' } };
  const outbox = { add: (first, more) => lines.push(...more.map((line) => JSON.parse(line))), leave() {} };
  const sync = { changed: (urgent) => told.push(urgent ? 'urgent' : 'changed'), flush() {}, hurry: () => told.push('hurry') };
  let now = 1_000;
  const player = new Player(opened(edition));
  const { activities } = JSON.parse(opened(edition)).plan;
  const session = new Session({ player, activities, clock: { now: () => (now += 1) }, outbox, onBroken: () => told.push('broken') });
  session.sync = sync;
  session.deliver('i1');
  const listener = {
    document: () => page.document,
    startAgain: () => { session.leave(); session.deliver('i1'); told.push('again'); },
    changed: () => {}, terminated: () => told.push('terminated'), tooLarge: (element) => told.push(`too large: ${element}`),
  };
  const visit = new Visit({ session, late: lateCodes(edition), maxValueBytes, listener });
  const place = {};
  offerApi(edition, visit, place);
  return { api: place.API ?? place.API_1484_11, place, session, visit, lines, told, page, player };
}

test('SCORM 1.2 finds API, 2004 finds API_1484_11, and never both', () => {
  const table = [
    ['SCORM_11', ['API']], ['SCORM_12', ['API']], ['AICC', ['API']],
    ['SCORM_2004_2ND_EDITION', ['API_1484_11']], ['SCORM_2004_4TH_EDITION', ['API_1484_11']],
  ];
  for (const [edition, names] of table) assert.deepEqual(Object.keys(begin(edition).place), names, edition);
  assert.match(begin('SCORM_2004_4TH_EDITION').api.version, /^1\.0/);
});

test('a visit from Initialize to Terminate becomes entries in order', async () => {
  const { api, lines, told, session } = begin('SCORM_12');
  assert.equal(api.LMSInitialize(''), 'true');
  assert.equal(api.LMSGetValue('cmi.core.student_name'), 'Ng, Ada');
  assert.equal(api.LMSSetValue('cmi.core.lesson_location', 'page-3'), 'true');
  assert.equal(api.LMSGetValue('cmi.core.lesson_location'), 'page-3');
  assert.equal(api.LMSSetValue('cmi.core.student_id', 'x'), 'false');
  assert.equal(api.LMSGetLastError(), '403');
  assert.notEqual(api.LMSGetErrorString('403'), '');
  assert.equal(api.LMSCommit(''), 'true');
  assert.equal(api.LMSFinish(''), 'true');
  assert.deepEqual(lines, [], 'nothing leaves before the course pauses');
  await settle();
  assert.deepEqual(lines.map(({ seq, call, error }) => [seq, call, error ?? 0]), [
    [1, 'deliver', 0], [2, 'initialize', 0], [3, 'set', 0], [4, 'set', 403], [5, 'commit', 0], [6, 'terminate', 0],
  ]);
  assert.deepEqual(told, ['terminated', 'urgent']);
  assert.match(session.stateHashAt(6), /^[0-9a-f]{16}$/);
  assert.equal(session.stateHashAt(5), null, 'the hash of the present is not that of the past');
});

test('an answer that is remembered leaves the error that the engine would, and holds until something changes', () => {
  for (const edition of ['SCORM_12', 'SCORM_2004_4TH_EDITION']) {
    const is2004 = edition !== 'SCORM_12';
    const [status, location] = is2004 ? ['cmi.completion_status', 'cmi.location'] : ['cmi.core.lesson_status', 'cmi.core.lesson_location'];
    const calls = [
      ['GetValue', status], ['Initialize', ''], ['GetValue', status], ['GetValue', status], ['GetValue', 'cmi.nonsense'], ['GetValue', status],
      ['SetValue', location, '1'], ['GetValue', location], ['GetValue', location], ['SetValue', location, '2'], ['GetValue', location],
      ['GetValue', location], ['SetValue', status, 'done?'], ['GetValue', location], ['GetValue', location], ['GetValue', 'cmi.nonsense'],
      ['GetValue', location], ['GetValue', location], ['Commit', ''], ['GetValue', location], ['SetValue', status, 'completed'], ['GetValue', status],
      ['GetValue', status], ['Terminate', ''], ['GetValue', status], ['GetValue', location],
    ];
    const { api, player } = begin(edition);
    const name = (call) => (is2004 ? call : `LMS${call === 'Terminate' ? 'Finish' : call}`);
    const plain = new Player(opened(edition));
    plain.deliver('i1', 1);
    let asked = 0;
    const getValue = player.getValue.bind(player);
    player.getValue = (...given) => { asked += 1; return getValue(...given); };
    for (const [at, [call, ...given]] of calls.entries()) {
      const expected = plain[call[0].toLowerCase() + call.slice(1)](...given, 2);
      assert.equal(api[name(call)](...given), String(expected), `${edition} ${at}: ${call} ${given}`);
      assert.equal(api[name('GetLastError')](), String(plain.lastError()), `${edition} ${at}: error`);
      assert.equal(api[name('GetDiagnostic')](''), plain.diagnostic(''), `${edition} ${at}: diagnostic`);
    }
    const reads = calls.filter(([call]) => call === 'GetValue').length;
    assert.ok(asked < reads, `${asked} of ${reads} reads reach the engine`);
  }
});

test('arguments that are no strings are understood', async () => {
  const { api, lines } = begin('SCORM_12');
  assert.equal(api.LMSInitialize(), 'true');
  assert.equal(api.LMSSetValue('cmi.core.score.raw', 85), 'true');
  assert.equal(api.LMSGetValue('cmi.core.score.raw'), '85');
  assert.equal(api.LMSSetValue('cmi.suspend_data', undefined), 'true');
  assert.equal(api.LMSSetValue('cmi.suspend_data', Object.create(null)), 'true');
  assert.equal(api.LMSGetValue(null), '');
  const { LMSSetValue } = api;
  assert.equal(LMSSetValue('cmi.core.lesson_location', true), 'true');
  await settle();
  assert.deepEqual(lines.filter((e) => e.call === 'set').map((e) => e.value ?? ''), ['85', '', '', 'true']);
});

test('what content calls after it has left stays with it', async () => {
  const table = [
    ['SCORM_12', ['LMSGetValue', 'LMSSetValue', 'LMSCommit', 'LMSFinish', 'LMSInitialize'], ['301', '301', '301', '301', '101'], 'LMSGetLastError'],
    ['SCORM_2004_3RD_EDITION', ['GetValue', 'SetValue', 'Commit', 'Terminate', 'Initialize'], ['123', '133', '143', '113', '104'], 'GetLastError'],
  ];
  for (const [edition, calls, codes, lastError] of table) {
    const { api, session, visit, lines } = begin(edition);
    api[calls[4]]('');
    visit.end();
    session.leave();
    session.deliver('i2');
    await settle();
    const before = lines.length;
    calls.forEach((call, i) => {
      assert.equal(api[call]('cmi.x', 'y'), call.endsWith('GetValue') ? '' : 'false', call);
      assert.equal(api[lastError](), codes[i], call);
    });
    await settle();
    assert.equal(lines.length, before, 'no entry for the activity that came after');
  }
});

test('a frame that is loaded again begins a new visit; the same document does not', async () => {
  const { api, page, told, lines } = begin('SCORM_12');
  api.LMSInitialize('');
  api.LMSFinish('');
  assert.equal(api.LMSInitialize(''), 'false');
  page.document = { name: 'second' };
  assert.equal(api.LMSInitialize(''), 'true');
  assert.equal(api.LMSSetValue('cmi.core.lesson_location', '2'), 'true');
  await settle();
  assert.deepEqual(told.filter((word) => word !== 'urgent' && word !== 'changed'), ['terminated', 'again']);
  assert.deepEqual(lines.map((e) => e.call), ['deliver', 'initialize', 'terminate', 'initialize', 'leave', 'deliver', 'initialize', 'set']);
});

test('a value that no commit could carry is refused before it is stored', async () => {
  const { api, told, lines } = begin('SCORM_2004_4TH_EDITION', { maxValueBytes: 1_000 });
  api.Initialize('');
  assert.equal(api.SetValue('cmi.suspend_data', 'x'.repeat(990)), 'true');
  assert.equal(api.SetValue('cmi.suspend_data', 'ä'.repeat(600)), 'false');
  assert.equal(api.GetLastError(), '351');
  assert.deepEqual(told.filter((word) => word.startsWith('too')), ['too large: cmi.suspend_data']);
  assert.equal(api.GetValue('cmi.suspend_data').length, 990);
  assert.equal(api.GetLastError(), '0');
  await settle();
  assert.equal(lines.filter((e) => e.call === 'set').length, 1);
});

test('while the page goes, each call is written and sent within itself', async () => {
  const { api, session, lines, told } = begin('SCORM_12');
  api.LMSInitialize('');
  session.leaving();
  assert.equal(lines.length, 2);
  api.LMSSetValue('cmi.core.exit', 'suspend');
  assert.equal(lines.length, 3, 'before the call returns');
  api.LMSFinish('');
  assert.equal(lines.length, 4);
  await settle();
  assert.ok(told.includes('hurry'));
});

test('an engine that stops does not throw into the course', async () => {
  const { api, told, player } = begin('SCORM_12');
  api.LMSInitialize('');
  player.free();
  const { error } = console;
  console.error = () => {};
  assert.equal(api.LMSSetValue('cmi.core.lesson_location', '1'), 'false');
  assert.equal(api.LMSGetLastError(), '101');
  assert.equal(api.LMSGetValue('cmi.core.lesson_location'), '');
  await settle();
  console.error = error;
  assert.deepEqual(told.filter((word) => word === 'broken'), ['broken']);
});

test('navigation, standing and contents', () => {
  const { session } = begin('SCORM_2004_4TH_EDITION');
  assert.deepEqual(session.navigate('continue'), { deliver: 'i2' });
  session.deliver('i2');
  assert.ok(session.navigate('continue').error.length > 0);
  const { summary, controls } = session.standing();
  assert.equal(summary.completion, 'incomplete');
  assert.deepEqual([controls.continue, controls.previous, controls.exit], [false, true, true]);
  assert.deepEqual(session.contents().map((item) => [item.id, item.current]), [['i1', false], ['i2', true]]);
  assert.deepEqual(session.navigate('suspendAll'), { ended: 'suspend' });
});

test('what the content asks for is known between its Terminate and its going', () => {
  const { api, session } = begin('SCORM_2004_4TH_EDITION');
  api.Initialize('');
  api.SetValue('adl.nav.request', 'continue');
  assert.equal(session.pendingNavigation(), null);
  api.Terminate('');
  assert.equal(session.pendingNavigation(), 'continue');
});

test('bodies are compressed as raw deflate', () => {
  const text = JSON.stringify({ entries: Array.from({ length: 500 }, (_, i) => ({ seq: i, value: `ü${i % 7}` })) });
  const small = deflate(text);
  assert.ok(small.length * 5 < text.length, `${small.length} of ${text.length}`);
  assert.equal(inflateRawSync(small).toString(), text);
});
