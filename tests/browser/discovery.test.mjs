// Courses look for the API in many ways; each of them must find it, in both standards.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { browserForAll } from './lib/browser.mjs';
import { writeCourse } from './lib/course.mjs';
import { play, valuesOf } from './lib/lyceum.mjs';
import { scratch } from './lib/places.mjs';
import { Player } from './lib/player.mjs';

const STANDARDS = {
  1.2: { api: 'API', prefix: 'LMS', end: 'Finish', place: 'cmi.core.lesson_location' },
  2004: { api: 'API_1484_11', prefix: '', end: 'Terminate', place: 'cmi.location' },
};

function page(body, script = '') {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Discovery</title><body>${body}<script>${script}</script></body></html>`;
}

/** A script that looks for the API with `search` (an expression), stores `note`, and says what came of it. */
function sco({ api, prefix, place }, search, note) {
  return page('<p id="verdict">looking</p>', `
    function climb(win) {
      for (let hops = 0; win && hops < 500; hops += 1) {
        if (win.${api}) return win.${api};
        if (win.parent === win) return null;
        win = win.parent;
      }
      return null;
    }
    const api = ${search};
    const verdict = document.getElementById('verdict');
    if (!api) verdict.textContent = 'no API';
    else {
      const done = [api.${prefix}Initialize(''), api.${prefix}SetValue('${place}', '${note}'), api.${prefix}Commit('')];
      verdict.textContent = done.map(String).join(' ');
    }
  `);
}

const HERE = 'index.html';
const NESTED = Array.from({ length: 8 }, (_, level) => level);

/** Each way to look: the files of the course, and where its verdict appears. */
const WAYS = [
  {
    name: 'in the parent',
    files: (std) => ({ [HERE]: sco(std, `window.parent.${std.api}`, 'parent') }),
    note: 'parent',
  },
  {
    name: 'in the top window',
    files: (std) => ({ [HERE]: sco(std, `window.top.${std.api}`, 'top') }),
    note: 'top',
  },
  {
    name: 'climbing up from nested frames',
    files: (std) => ({
      ...Object.fromEntries(NESTED.map((level) => [
        level === 0 ? HERE : `nested/${level}.html`,
        page(`<iframe src="${level === 0 ? 'nested/' : ''}${level + 1}.html"></iframe>`),
      ])),
      [`nested/${NESTED.length}.html`]: sco(std, 'climb(window.parent)', 'nested'),
    }),
    note: 'nested',
  },
  {
    name: 'from a frameset',
    files: (std) => ({
      [HERE]: '<!doctype html><html><head><title>Frames</title></head><frameset rows="40,*"><frame src="bar.html"><frame src="main.html"></frameset></html>',
      'bar.html': page('<p>Bar</p>'),
      'main.html': sco(std, 'climb(window.parent)', 'frameset'),
    }),
    note: 'frameset',
  },
  {
    name: 'in the opener, from a window that the course opens',
    files: (std) => ({
      [HERE]: page('<button onclick="window.open(\'course.html\', \'course\', \'width=800,height=600\')">Open the course</button>'),
      'course.html': sco(std, 'climb(window.opener)', 'opener'),
    }),
    opens: true,
    note: 'opener',
  },
  {
    name: 'in the opener of the top window, from frames in a window that the course opens',
    files: (std) => ({
      [HERE]: page('<button onclick="window.open(\'course.html\', \'course\', \'width=800,height=600\')">Open the course</button>'),
      'course.html': page('<iframe src="inner.html"></iframe>'),
      'inner.html': sco(std, 'climb(window.top.opener)', 'top opener'),
    }),
    opens: true,
    note: 'top opener',
  },
  {
    name: 'a course that opens itself again in a new window',
    files: (std) => ({
      [HERE]: sco(std, 'window.opener ? climb(window.opener) : null', 'itself')
        .replace('<body>', '<body><button onclick="window.open(location.href, \'itself\')">Open the course</button>'),
    }),
    opens: true,
    note: 'itself',
  },
];

describe('finding the API', () => {
  const browser = browserForAll();

  for (const [standard, words] of Object.entries(STANDARDS)) {
    for (const { name, files, opens, note } of WAYS) {
      it(`SCORM ${standard}: ${name}`, { timeout: 60_000 }, async (t) => {
        const course = writeCourse(t, { standard, title: 'Discovery', files: files(words) });
        const server = await play(t, course, { data: scratch(t) });
        const context = await browser.newContext();
        t.after(() => context.close());
        const player = await Player.open(await context.newPage(), server.info.launch_url);
        const scoPage = opens ? await openCourse(player) : player.page;
        const verdict = await verdictOf(scoPage);
        assert.equal(verdict, 'true true true');
        await storedPlace(server, words.place, note);
      });
    }
  }
});

async function openCourse(player) {
  const popup = player.page.waitForEvent('popup');
  await player.course.getByRole('button', { name: 'Open the course' }).click();
  const opened = await popup;
  await opened.waitForLoadState();
  return opened;
}

/** The verdict of the innermost frame that has one. */
async function verdictOf(scoPage) {
  for (let tries = 0; tries < 100; tries += 1) {
    for (const frame of scoPage.frames().reverse()) {
      const text = await frame.locator('#verdict').textContent({ timeout: 200 }).catch(() => null);
      if (text && text !== 'looking') return text;
    }
  }
  throw new Error('no SCO came up');
}

/** Waits until the server has the place that the course stored. */
async function storedPlace(server, element, note) {
  const until = Date.now() + 15_000;
  let kept = [];
  while (Date.now() < until) {
    kept = valuesOf(await server.registration(), element);
    if (kept.includes(note)) return;
  }
  assert.fail(`${element} should be ${note}, the server has ${JSON.stringify(kept)}`);
}
