// The bench pages still run against the player's modules: `cargo xtask bench` is rarely called, and they broke in silence once.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';

import { haveShared, SHARED, TESTS } from './lib/places.mjs';

/** One short round: what it measures is of no interest here. */
function measure(script, args) {
  return JSON.parse(execFileSync(process.execPath, [path.join(TESTS, 'bench', script), ...args], { encoding: 'utf8' }));
}

/** Every number of every cell is one. */
function assertMeasured(cells, names) {
  for (const name of names) assert.ok(Number.isFinite(cells[name]) && cells[name] >= 0, `${name}: ${cells[name]}`);
}

describe('bench pages', () => {
  it('measure the engine beside the peer', () => {
    const { cells, download } = measure('engine.mjs', ['--runs', '1', '--cell-ms', '1']);
    for (const edition of ['SCORM_12', 'SCORM_2004_4TH_EDITION']) {
      for (const side of ['ours', 'peer']) {
        assertMeasured(cells[edition][side], ['initialize', 'set_scalar', 'get_scalar', 'interactions', 'commit_full', 'resume_full']);
      }
    }
    assert.ok(download.ours.gzip > 0 && download.peer.gzip > 0);
  });

  it('measure navigation beside the peer', { skip: !haveShared('bench/scorm_again_bench.mjs') }, () => {
    const { sizes } = measure('sequencing.mjs', [
      '--script', path.join(SHARED, 'bench/scorm_again_bench.mjs'), '--sizes', '10', '--samples', '3',
    ]);
    for (const side of ['ours', 'peer']) assertMeasured(sizes[10][side], ['p50', 'p99']);
  });
});
