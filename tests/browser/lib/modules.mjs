// The packages that tests and benchmarks use. They may live outside the project: LYCEUM_NODE_MODULES names the
// folder that holds `node_modules`; without it they are looked for here, as `npm ci` puts them.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { TESTS } from './places.mjs';

const HOME = process.env.LYCEUM_NODE_MODULES ?? TESTS;
const load = createRequire(path.join(HOME, 'package.json'));

/** Where packages lie whose files are read. */
export const MODULES = path.join(HOME, 'node_modules');

function need(name, use) {
  try {
    return use(name);
  } catch (cause) {
    throw new Error(`${name} is not installed: run \`npm ci\` in tests/browser, or name a folder that has it in LYCEUM_NODE_MODULES`, { cause });
  }
}

export const { chromium } = need('playwright-core', load);

/** The source of axe-core, to be run inside a page. */
export function axeSource() {
  return readFileSync(need('axe-core/axe.min.js', load.resolve), 'utf8');
}
