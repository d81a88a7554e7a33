// The engine twice: natively, as `lyceum simulate` runs it, and as WebAssembly in Chromium.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { binary } from './lyceum.mjs';
import { PROJECT } from './places.mjs';

const ASSETS = path.join(PROJECT, 'crates/player/assets');
const ORIGIN = 'http://engine.test';
const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm' };

/** Runs `lyceum simulate` on a manifest with commands as lists: its answers. */
export async function simulate(manifest, options, commands) {
  const child = spawn(binary(), ['simulate', manifest, ...options], { stdio: ['pipe', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => { stdout += text; });
  child.stderr.setEncoding('utf8').on('data', (text) => { stderr += text; });
  child.stdin.end(commands.map((command) => `${JSON.stringify(command)}\n`).join(''));
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`lyceum simulate ${manifest} failed with ${code}: ${stderr}`);
  return stdout.split('\n').filter(Boolean).map((line) => JSON.parse(line));
}

/** What the engine of a browser would be given for the same session. */
export async function opening(manifest, options) {
  const [opened] = await simulate(manifest, [...options, '--opening'], []);
  return opened;
}

/** A page that has loaded the engine from the committed files. */
export async function enginePage(browser) {
  const page = await browser.newPage();
  await page.route(`${ORIGIN}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>engine</title>' });
    return route.fulfill({ contentType: TYPES[path.extname(pathname)], body: readFileSync(path.join(ASSETS, path.basename(pathname))) });
  });
  await page.goto(`${ORIGIN}/`);
  await page.evaluate(async () => {
    const module = await import('/lyceum_player.js');
    await module.default({ module_or_path: '/lyceum_player_bg.wasm' });
    globalThis.Player = module.Player;
  });
  return page;
}

/** Does the same commands in the page: answers in the words of `lyceum simulate`. `state` gives the hash alone. */
export async function inBrowser(page, opened, commands) {
  return page.evaluate(([opened_, commands_]) => {
    const now = opened_.opening.opened_at;
    const player = new globalThis.Player(JSON.stringify(opened_));
    const text = (value) => String(value);
    const calls = {
      init: (argument = '') => text(player.initialize(argument, now)),
      term: (argument = '') => text(player.terminate(argument, now)),
      commit: (argument = '') => text(player.commit(argument, now)),
      get: (element) => player.getValue(element, now),
      set: (element, value) => text(player.setValue(element, value, now)),
      lasterror: () => text(player.lastError()),
      errorstring: (code) => player.errorString(code),
      diagnostic: (code) => player.diagnostic(code),
      launch: (item) => text(player.deliver(item, now)),
      state: () => '',
    };
    /** What the content has asked for is carried out as it terminates. */
    const follow = (request) => {
      if (request === undefined) return;
      const { stay, deliver } = JSON.parse(player.navigate(request, now));
      if (!stay) player.leave(now);
      if (deliver) player.deliver(deliver, now);
    };
    return commands_.map(([name, ...given]) => {
      const answer = { ret: calls[name](...given), err: player.lastError() };
      if (name === 'term' && answer.err === 0) follow(player.pendingNavigation());
      return name === 'state' ? { ...answer, hash: player.stateHash() } : answer;
    });
  }, [opened, commands]);
}
