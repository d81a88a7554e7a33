// One engine, two places: the tables of the data models and ADL's test cases, done natively and as WebAssembly in Chromium, give
// the same answers, the same error codes and the same hash of the state.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { it } from 'node:test';

import { openBrowser } from './lib/browser.mjs';
import { enginePage, inBrowser, opening, simulate } from './lib/engine.mjs';
import { scratch, SHARED } from './lib/places.mjs';
import { transcriptSets } from './lib/transcripts.mjs';

/** What is compared: `ret` and `err`, and after `state` the hash. */
const told = ({ ret, err, hash }) => JSON.stringify({ ret, err, hash });

/** Does the commands in both places; the answers. */
async function compare(page, manifest, options, commands, name) {
  const opened = await opening(manifest, options);
  const native = await simulate(manifest, options, commands);
  const web = await inBrowser(page, opened, commands);
  assert.equal(native.length, commands.length, `${name}: one answer a command`);
  const different = commands.flatMap((command, at) => {
    const [here, there] = [told(native[at]), told(web[at])];
    return here === there ? [] : [`${name}: ${JSON.stringify(command).slice(0, 120)}: natively ${here}, in Chromium ${there}`];
  });
  assert.deepEqual(different, []);
  return native;
}

it('the tables of the data models', { timeout: 120_000 }, async (t) => {
  const page = await enginePage(await openBrowser(t));
  const folder = scratch(t);
  const states = new Set();
  let calls = 0;
  for (const { name, options, manifest, commands } of transcriptSets()) {
    const file = path.join(folder, 'imsmanifest.xml');
    writeFileSync(file, manifest);
    const answers = await compare(page, file, [...options, '--now', '2026-01-01T00:00:00Z'], commands, name);
    calls += commands.filter(([word]) => word !== 'state' && word !== 'launch').length;
    answers.forEach(({ hash }) => hash && states.add(hash));
  }
  t.diagnostic(`${calls} calls, ${states.size} different states`);
  assert.ok(calls >= 1_500, `${calls} calls`);
  assert.ok(states.size >= 50, `${states.size} states`);
});

const CASES = path.join(SHARED, 'adl/testcases.json');
const CALLS = {
  Initialize: 'init', Terminate: 'term', Commit: 'commit', GetValue: 'get', SetValue: 'set',
  GetLastError: 'lasterror', GetErrorString: 'errorstring', GetDiagnostic: 'diagnostic',
};

/** One command of a test case. Which index an id has (`&id&`) both sides would have to look up: such a call is left out. */
function command({ call, args, ignored_by_cts: ignored }) {
  if (ignored || !CALLS[call] || args.some((argument) => argument.includes('&'))) return [];
  return [call === 'GetLastError' ? ['lasterror'] : [CALLS[call], ...args.slice(0, call === 'SetValue' ? 2 : 1)]];
}

for (const name of ['API', 'DMI']) {
  const skip = existsSync(CASES) ? false : 'SKIPPED: ../shared is not there';
  it(`ADL's test case ${name}`, { skip, timeout: 120_000 }, async (t) => {
    const page = await enginePage(await openBrowser(t));
    const manifest = path.join(SHARED, `adl/manifests/${name}.xml`);
    const options = ['--now', '2026-01-01T00:00:00Z'];
    const items = (await opening(manifest, options)).plan.activities.filter(({ launch }) => launch).map(({ id }) => id);
    const { visits } = JSON.parse(readFileSync(CASES, 'utf8'))[name];
    const commands = visits.flatMap(({ activity, commands: calls }) =>
      [['launch', items[Number(activity) - 1]], ...calls.flatMap(command), ['state']]);
    await compare(page, manifest, options, commands, name);
    t.diagnostic(`${commands.length} commands`);
  });
}
