// Runs the `lyceum` program: `play` and `serve` as servers, the other commands to their end.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';

import { PROJECT } from './places.mjs';

/** How long a server may take until it says that it is ready (a debug build imports slowly). */
const READY_MS = 60_000;
/** How long a server may take to drain after Ctrl-C. */
const STOP_MS = 20_000;

/** The program under test: LYCEUM_BIN, or what cargo built last. */
export function binary() {
  const built = ['release', 'debug'].map((profile) => path.join(PROJECT, 'target', profile, 'lyceum'));
  const found = [process.env.LYCEUM_BIN, ...built].find((candidate) => candidate && existsSync(candidate));
  if (!found) throw new Error('no lyceum program: build it with `cargo build --release`, or name it in LYCEUM_BIN');
  return found;
}

/** Runs a command to its end: `{ code, stdout, stderr }`. */
export async function run(...args) {
  const child = spawn(binary(), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text) => { stdout += text; });
  child.stderr.setEncoding('utf8').on('data', (text) => { stderr += text; });
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** What `lyceum check` says of a course. */
export async function check(course) {
  const { stdout, stderr } = await run('check', course, '--json');
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new Error(`lyceum check printed no JSON for ${path.basename(course)}: ${stdout}${stderr}`, { cause });
  }
}

/** What `lyceum registration` says, also while a server has the same folder open. */
export async function registration(id, data) {
  const { code, stdout, stderr } = await run('registration', id, '--json', '--data', data);
  if (code !== 0) throw new Error(`lyceum registration ${id} failed with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

/** A running server. `info` is the line that `play --json` printed. */
export class Server {
  #child;
  #log = '';

  constructor(child) {
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text) => { this.#log += text; });
  }

  get pid() {
    return this.#child.pid;
  }

  /** What it wrote to standard error so far. */
  get log() {
    return this.#log;
  }

  get running() {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The first line of standard output, or an error that shows what went wrong instead. */
  async firstLine() {
    const lines = createInterface({ input: this.#child.stdout });
    const timer = AbortSignal.timeout(READY_MS);
    const ended = once(this.#child, 'close', { signal: timer }).then(([code]) => {
      throw new Error(`lyceum ended with ${code} before it was ready:\n${this.#log}`);
    });
    const [line] = await Promise.race([once(lines, 'line', { signal: timer }), ended]);
    ended.catch(() => {});
    return line;
  }

  /** Ctrl-C: answers the exit code. */
  async stop() {
    return this.#end('SIGINT');
  }

  /** As if the power went. */
  async kill() {
    return this.#end('SIGKILL');
  }

  async #end(signal) {
    if (!this.running) return this.#child.exitCode;
    const closed = once(this.#child, 'exit', { signal: AbortSignal.timeout(STOP_MS) });
    this.#child.kill(signal);
    try {
      const [code] = await closed;
      return code;
    } catch (error) {
      this.#child.kill('SIGKILL');
      throw new Error(`lyceum did not stop within ${STOP_MS} ms of ${signal}`, { cause: error });
    }
  }
}

function start(t, args) {
  const server = new Server(spawn(binary(), args, { stdio: ['ignore', 'pipe', 'pipe'] }));
  t.after(() => (server.running ? server.kill() : undefined));
  return server;
}

/** `lyceum play`; the server carries the addresses and ids of its one line of JSON in `info`. */
export async function play(t, course, { data, listen = '127.0.0.1:0', learner = 'Lovelace, Ada' }) {
  const server = start(t, ['play', course, '--json', '--data', data, '--listen', listen, '--learner', learner]);
  server.info = JSON.parse(await server.firstLine());
  server.port = Number(new URL(server.info.content_url).port);
  server.registration = () => registration(server.info.registration_id, data);
  return server;
}

/** `lyceum serve` with public names; it is ready when `/readyz` says so. */
export async function serve(t, { data, port, appUrl, contentUrl }) {
  const server = start(t, ['serve', '--data', data, '--listen', `127.0.0.1:${port}`, '--app-url', appUrl, '--content-url', contentUrl]);
  const until = Date.now() + READY_MS;
  for (;;) {
    if (!server.running) throw new Error(`lyceum serve ended before it was ready:\n${server.log}`);
    if (await answersReady(port, new URL(appUrl).host)) return server;
    if (Date.now() > until) throw new Error(`lyceum serve was not ready in ${READY_MS} ms:\n${server.log}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

async function answersReady(port, host) {
  const { request } = await import('node:http');
  return new Promise((resolve) => {
    const asked = request({ port, host: '127.0.0.1', path: '/readyz', headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('error', () => resolve(false));
    asked.end();
  });
}

/** A port that is free now. */
export async function freePort() {
  const { createServer } = await import('node:net');
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address();
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Everything a registration knows of an element, in all attempts and activities, newest attempt first. */
export function valuesOf({ attempts }, element) {
  return [...attempts].reverse().flatMap(({ activities }) => activities.map(({ cmi }) => cmi[element])).filter((value) => value !== undefined);
}

/** The activities of the newest attempt. */
export function activitiesOf({ attempts }) {
  return attempts.at(-1)?.activities ?? [];
}

/** The interactions of one activity as objects, in their order: `{ id, type, learner_response, ... }`. */
export function interactionsOf({ cmi }) {
  const rows = [];
  for (const [element, value] of Object.entries(cmi)) {
    const found = /^cmi\.interactions\.(\d+)\.(.+)$/.exec(element);
    if (found && !found[2].startsWith('_')) (rows[Number(found[1])] ??= {})[found[2]] = value;
  }
  return rows;
}
