// Comparison of API answers by the rules of ADL's test suite (`scorm-conformance.md` 3.1); the same as in
// `crates/sequencing/tests/reference/calls.rs`.

/** Whether a call of a test case was answered as expected. `learner` stands for `$LEARNER_ID`. */
export function isAsExpected(given, { element, value, error, ids }, learner) {
  const command = given.expect === '$LEARNER_ID' ? { ...given, expect: learner } : given;
  if (command.call === 'compareObjIds') return JSON.stringify([...ids].sort()) === JSON.stringify([...command.objective_ids].sort());
  const rule = command.match;
  const errorMatters = !rule.includes('error-not-checked') && !rule.startsWith('any-value;');
  return isEqual(command, rule, element, value, error) && (!errorMatters || error === command.error);
}

function isEqual(command, rule, element, value, error) {
  if (rule.startsWith('one-of:')) return ['true', 'false', 'unknown'].includes(value);
  if (rule.startsWith('any-value;error in')) return ['0', '301', '403', '401'].includes(error);
  switch (rule) {
    case 'exact': return value === command.expect;
    case 'len<255': return [...value].length < 255;
    case 'empty': return value === '';
    case 'any-value': return true;
    case 'datamodel-equal': return typedEqual(element, command.interaction_type, value, command.expect);
    case 'objective-id-in-ampersands': return command.args[0].split('&')[1] === value;
    default: throw new Error(`unknown rule ${rule}`);
  }
}

function typedEqual(element, interaction, value, expected) {
  if (value === expected) return true;
  const names = (list) => list.split(',').map((name) => name.trim()).sort().join();
  if (element.endsWith('_children')) return names(value) === names(expected);
  if (element.endsWith('_time') || element.endsWith('latency')) return duration(value) !== null && duration(value) === duration(expected);
  if (interaction) {
    const place = `${interaction} ${element.endsWith('.pattern') ? 'pattern' : 'response'}`;
    return withoutDefaults(place, value) === withoutDefaults(place, expected);
  }
  return value !== '' && expected !== '' && Math.abs(Number(value) - Number(expected)) < 1e-7;
}

/** Hundredths of a second of a duration without years and months; null where it is none. */
function duration(text) {
  const found = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (!found) return null;
  const [days, hours, minutes, seconds] = found.slice(1).map((part) => Number(part ?? 0));
  return Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 100);
}

const DELIMITERS = {
  'long-fill-in response': ['lang'],
  'long-fill-in pattern': ['case_matters', 'lang'],
  'fill-in pattern': ['case_matters', 'order_matters'],
  'performance pattern': ['order_matters'],
};
const DEFAULTS = ['lang=en', 'case_matters=false', 'order_matters=true'];

/** A response without those leading delimiters that say what holds anyway. */
function withoutDefaults(place, text) {
  const names = DELIMITERS[place] ?? [];
  const found = new Map();
  let rest = text;
  for (;;) {
    const [head, name] = /^\{(\w+)=[^}]*\}/.exec(rest) ?? [];
    if (head === undefined || !names.includes(name) || found.has(name)) break;
    found.set(name, head);
    rest = rest.slice(head.length);
  }
  const kept = names.map((name) => found.get(name)).filter((head) => head && !DEFAULTS.includes(head.slice(1, -1)));
  return kept.join('') + rest;
}
