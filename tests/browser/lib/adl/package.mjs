// ADL's manifests as packages that can be imported: every page that a resource names is our own SCO (`sco.js`).

import { readFileSync } from 'node:fs';
import path from 'node:path';

import { SHARED } from '../places.mjs';
import { zipOf } from '../zip.mjs';

const SCO = readFileSync(new URL('./sco.js', import.meta.url), 'utf8');

/** How the suite's pages differ from the ordinary one (`scorm-conformance.md` 2). */
const MANNERS = {
  AssetLaunchTest: { isAsset: true },
  SequencingTestSingleDoTerminate: { terminatesOnUnload: true },
  tarAct4OnUnload: { terminatesOnUnload: true, asks: '{target=activity_4}choice' },
  exitAllOnUnload: { terminatesOnUnload: true, asks: 'exitAll' },
  suspendAllOnUnload: { terminatesOnUnload: true, asks: 'suspendAll' },
};

function page(href) {
  const manner = MANNERS[path.basename(href, '.htm')] ?? {};
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${href}</title><script>const manner = ${JSON.stringify(manner)};\n${SCO}</script>`;
}

/** The package of a manifest, for example `CM-01`. */
export function packageOf(name) {
  const manifest = readFileSync(path.join(SHARED, 'adl/manifests', `${name}.xml`), 'utf8');
  const pages = [...manifest.matchAll(/<resource\b[^>]*>/g)].flatMap(([tag]) => {
    const href = /\bhref="([^"]*)"/.exec(tag)?.[1];
    return href ? [(/xml:base="([^"]*)"/.exec(tag)?.[1] ?? '') + href.split('?')[0]] : [];
  });
  return zipOf({ 'imsmanifest.xml': manifest, ...Object.fromEntries(pages.map((href) => [href, page(href)])) });
}
