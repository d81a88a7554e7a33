// Where things are: the project, the shared material beside it, and what the tests write.

import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const TESTS = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
export const PROJECT = path.resolve(TESTS, '..', '..');
export const SHARED = path.resolve(process.env.LYCEUM_SHARED ?? path.join(PROJECT, '..', 'shared'));
export const POT_OF_TEA = path.join(PROJECT, 'examples', 'pot-of-tea');
export const NIGHT_SKY = path.join(PROJECT, 'examples', 'night-sky');

/** A file for people to look at, such as a screenshot; the folder is not committed. */
export function outFile(name) {
  const folder = process.env.LYCEUM_BROWSER_OUT ?? path.join(TESTS, 'out');
  mkdirSync(folder, { recursive: true });
  return path.join(folder, name);
}

/** A fresh folder that goes away with the test `t`. */
export function scratch(t, name = 'data') {
  const folder = mkdtempSync(path.join(tmpdir(), `lyceum-${name}-`));
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return folder;
}

/** Whether the shared material is here; says so loudly where it is not. */
export function haveShared(what) {
  const there = existsSync(path.join(SHARED, what));
  if (!there) console.log(`SKIPPED: ../shared not found (${what})`);
  return there;
}
