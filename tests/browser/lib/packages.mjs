// The real packages of ../shared: what they are, and what of their oddities is their own.

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { SHARED, TESTS } from './places.mjs';

/** The rows of INDEX.tsv as objects by its column names. */
export function listPackages() {
  const [head, ...rows] = readFileSync(path.join(SHARED, 'packages', 'INDEX.tsv'), 'utf8').trimEnd().split('\n');
  const names = head.split('\t');
  return rows.map((row) => Object.fromEntries(row.split('\t').map((value, column) => [names[column], value])));
}

export function packagePath(file) {
  return path.join(SHARED, 'packages', file);
}

/** What is known of packages beforehand; see the note in the file itself. */
export const KNOWN = JSON.parse(readFileSync(path.join(TESTS, 'packages.json'), 'utf8'));
