// The tables of the data models (crates/cmi/tests/transcripts) as commands of `lyceum simulate`, with manifests that launch
// each block as an item of its own.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { PROJECT } from './places.mjs';

const FOLDER = path.join(PROJECT, 'crates/cmi/tests/transcripts');
const WORDS = { init: 'init', term: 'term', commit: 'commit', string: 'errorstring', diagnostic: 'diagnostic', lasterror: 'lasterror' };

/**
 * What can be played in one session: `{ name, standard, options, manifest, commands }`. A file gives one for each of its
 * `rules`; what its `input` says is put into the manifest as far as manifests can say it.
 */
export function transcriptSets() {
  return readdirSync(FOLDER).filter((name) => name.endsWith('.txt')).sort()
    .flatMap((name) => read(name, readFileSync(path.join(FOLDER, name), 'utf8')));
}

function read(name, text) {
  const sets = [];
  let [set, inputs, item] = [null, {}, null];
  for (const line of text.split('\n').map((one) => one.trim())) {
    const [, word, rest = ''] = /^(\S*)\s?(.*)$/.exec(line);
    if (word === '' || word === '#') continue;
    if (word === 'rules') {
      set = begin(name, rest.split(' '));
      inputs = {};
      sets.push(set);
    } else if (word === 'input') {
      inputs = JSON.parse(rest);
    } else if (word === '==' || word === '=-' || word === 'resume') {
      if (word !== 'resume') {
        item = `block${set.items.length}`;
        set.items.push({ item, inputs });
        set.commands.push(['state']);
      }
      set.commands.push(['launch', item]);
      if (word !== '=-') set.commands.push(['init']);
    } else {
      set.commands.push(...calls(word, rest));
    }
  }
  return sets.map(({ items, ...one }) => ({ ...one, commands: [...one.commands, ['state']], manifest: manifest(one.standard, items) }));
}

function begin(name, [standard, strictness, extensions]) {
  const options = ['--standard', standard, `--${strictness}`, ...(extensions ? ['--extensions'] : [])];
  return { name: `${name} (${options.slice(1).join(' ')})`, standard, options, items: [], commands: [] };
}

/** The calls of one line; what is asked of the run-time alone (`nav`, `hash`) is no call of the API. */
function calls(word, rest) {
  const [first, ...others] = tokens(rest.slice(0, rest.lastIndexOf('->')));
  if (word === 'set') return others.map((value) => ['set', first, value]);
  if (word === 'get') return [first, ...others].map((element) => ['get', element]);
  if (word === 'lasterror') return [['lasterror']];
  return WORDS[word] ? [first, ...others].map((argument) => [WORDS[word], argument]) : [];
}

/** Words, JSON strings, and `x*255` for a repeated text. */
function tokens(text) {
  return [...text.matchAll(/"(?:[^"\\]|\\.)*"|\S+/g)].map(([token]) => {
    if (token.startsWith('"')) return JSON.parse(token);
    const [, repeated, count] = /^(.*)\*(\d+)$/.exec(token) ?? [];
    return count === undefined ? token : repeated.repeat(Number(count));
  });
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function manifest(standard, items) {
  const is2004 = standard.startsWith('SCORM_2004');
  const [imscp, adlcp] = is2004
    ? ['http://www.imsglobal.org/xsd/imscp_v1p1', 'http://www.adlnet.org/xsd/adlcp_v1p3']
    : ['http://www.imsproject.org/xsd/imscp_rootv1p1p2', 'http://www.adlnet.org/xsd/adlcp_rootv1p2'];
  const described = items.map(({ item, inputs }) =>
    `<item identifier="${item}" identifierref="r"><title>${item}</title>${is2004 ? said2004(inputs) : said12(inputs)}</item>`);
  return `<?xml version="1.0"?><manifest identifier="m" version="1" xmlns="${imscp}" xmlns:adlcp="${adlcp}" xmlns:imsss="http://www.imsglobal.org/xsd/imsss">
<metadata><schema>ADL SCORM</schema><schemaversion>${is2004 ? '2004 4th Edition' : '1.2'}</schemaversion></metadata>
<organizations default="o"><organization identifier="o"><title>o</title>${described.join('\n')}</organization></organizations>
<resources><resource identifier="r" type="webcontent" adlcp:scorm${is2004 ? 'T' : 't'}ype="sco" href="a.html"/></resources></manifest>`;
}

const said = (name, text) => (text === undefined ? '' : `<adlcp:${name}>${escaped(text)}</adlcp:${name}>`);

function said12({ launch_data, mastery_score, max_time_allowed, time_limit_action }) {
  return said('maxtimeallowed', max_time_allowed) + said('timelimitaction', time_limit_action)
    + said('datafromlms', launch_data) + said('masteryscore', mastery_score);
}

function said2004({ launch_data, time_limit_action, completion_threshold, max_time_allowed, scaled_passing_score, objectives = [], shared_data }) {
  const threshold = completion_threshold && `<adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="${completion_threshold}"/>`;
  const limit = max_time_allowed && `<imsss:limitConditions attemptAbsoluteDurationLimit="${max_time_allowed}"/>`;
  const primary = scaled_passing_score === undefined
    ? '<imsss:primaryObjective/>'
    : `<imsss:primaryObjective objectiveID="p" satisfiedByMeasure="true"><imsss:minNormalizedMeasure>${scaled_passing_score}</imsss:minNormalizedMeasure></imsss:primaryObjective>`;
  const others = objectives.map(({ id }) => `<imsss:objective objectiveID="${escaped(id)}"/>`).join('');
  const maps = shared_data?.map(({ id, readable = true, writable = true }) =>
    `<adlcp:map targetID="${id}" readSharedData="${readable}" writeSharedData="${writable}"/>`).join('');
  return said('timeLimitAction', time_limit_action) + said('dataFromLMS', launch_data) + (threshold ?? '')
    + `<imsss:sequencing>${limit ?? ''}<imsss:objectives>${primary}${others}</imsss:objectives></imsss:sequencing>`
    + (maps ? `<adlcp:data>${maps}</adlcp:data>` : '');
}
