// The doors for other players, with a real one: npm scorm-again in a page of another origin commits into Lyceum, in each of its formats.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import { describe, it } from 'node:test';

import { browserForAll } from './lib/browser.mjs';
import { writeCourse } from './lib/course.mjs';
import { activitiesOf, createKey, play, registration } from './lib/lyceum.mjs';
import { MODULES } from './lib/modules.mjs';
import { scratch } from './lib/places.mjs';

/** How long the last commit, a beacon, may take. */
const BEACON_MS = 15_000;

const browser = browserForAll();

/** A site of somebody else with a page and scorm-again. */
async function foreignSite(t, standard) {
  const script = readFileSync(path.join(MODULES, 'scorm-again', 'dist', standard === '1.2' ? 'scorm12.min.js' : 'scorm2004.min.js'));
  const site = createServer((request, answer) => {
    const isScript = request.url === '/player.js';
    answer.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    answer.end(isScript ? script : '<!doctype html><title>Old page</title><script src="/player.js"></script>');
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  t.after(() => site.close());
  return `http://127.0.0.1:${site.address().port}/`;
}

async function untilEnded(id, data) {
  const until = Date.now() + BEACON_MS;
  for (;;) {
    const report = await registration(id, data);
    if (report.attempts[0]?.exit || Date.now() > until) return report;
  }
}

/** What a page of an old LMS does; runs in the page. */
function visit({ standard, settings }) {
  const of12 = standard === '1.2';
  const api = of12 ? new window.Scorm12API(settings) : new window.Scorm2004API(settings);
  const call = (name, ...args) => (of12 ? api[`LMS${name === 'Terminate' ? 'Finish' : name}`](...args) : api[name](...args));
  const values = of12
    ? { 'cmi.core.lesson_location': '3', 'cmi.suspend_data': 'a=1&b=100% <é>', 'cmi.core.score.raw': '85', 'cmi.core.lesson_status': 'completed', 'cmi.core.session_time': '00:01:30' }
    : { 'cmi.location': '3', 'cmi.suspend_data': 'a=1&b=100% <é>', 'cmi.score.scaled': '0.85', 'cmi.completion_status': 'completed', 'cmi.session_time': 'PT1M30S' };
  const said = [call('Initialize', '')];
  for (const [element, value] of Object.entries(values)) said.push(call('SetValue', element, value));
  said.push(call('Commit', ''), call('Terminate', ''));
  return said;
}

describe('scorm-again commits into Lyceum', () => {
  for (const standard of ['1.2', '2004']) {
    it(`SCORM ${standard}, in every format`, async (t) => {
      const course = writeCourse(t, { standard, title: 'Old', files: { 'index.html': '<!doctype html><title>Old</title>' } });
      const data = scratch(t);
      const server = await play(t, course, { data });
      const key = await createKey(data);
      const { app_url: app, course_id: id } = server.info;
      const page = await (await browser.newContext()).newPage();
      t.after(() => page.context().close());
      await page.goto(await foreignSite(t, standard));
      const formats = [
        { dataCommitFormat: 'json' }, { dataCommitFormat: 'flattened' }, { dataCommitFormat: 'params' },
        { dataCommitFormat: 'json', renderCommonCommitFields: true }, { dataCommitFormat: 'flattened', renderCommonCommitFields: true },
      ];
      for (const format of formats) {
        const learner = encodeURIComponent(JSON.stringify(format));
        const headers = { authorization: `Bearer ${key}`, accept: 'application/json' };
        const launched = await (await fetch(`${app}/scorm/launch/${id}/?learner=${learner}`, { headers })).json();
        const lmsCommitUrl = `${app}/scorm/progress/${id}/?token=${launched.token}`;
        const settings = { lmsCommitUrl, terminateCommitParam: 'terminate', logLevel: 5, ...format };
        const said = await page.evaluate(visit, { standard, settings });
        assert.deepEqual(said, said.map(() => 'true'), JSON.stringify(format));
        const report = await untilEnded(launched.registration, data);
        const told = `${JSON.stringify(format)}: ${JSON.stringify(report.attempts[0])}`;
        assert.equal(report.attempts[0].exit, 'exit', told);
        assert.deepEqual([report.completion, report.score.scaled, report.total_seconds], ['completed', 0.85, 90], told);
        assert.equal(activitiesOf(report)[0].cmi['cmi.suspend_data'], 'a=1&b=100% <é>', told);
      }
    });
  }
});
