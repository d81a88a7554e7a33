// A SCO that does what a test case says: it reports where it is, gets its calls, makes them all at once, and tells the answers.
// `manner` stands before this text; `adlArrived`, `adlAnswered` and `adlOver` are the test's.
/* global manner, adlArrived, adlAnswered, adlOver */

function findApi(win) {
  for (let at = win; ; at = at.parent) {
    if (at.API_1484_11) return at.API_1484_11;
    if (at.parent === at) return null;
  }
}

const api = findApi(window);

/** Puts the index of `&id&` in the place of it. */
function withIndex(argument) {
  const [, collection, id, rest] = /^(cmi\.objectives|adl\.data)\.&([^&]*)&(.*)$/s.exec(argument) ?? [];
  if (collection === undefined) return argument;
  const count = Number(api.GetValue(`${collection}._count`));
  for (let i = 0; i < count; i += 1) {
    if (api.GetValue(`${collection}.${i}.id`) === id) return `${collection}.${i}${rest}`;
  }
  return `${collection}.99${rest}`;
}

function objectiveIds() {
  const count = Number(api.GetValue('cmi.objectives._count'));
  return Array.from({ length: count }, (_, i) => api.GetValue(`cmi.objectives.${i}.id`));
}

function answerTo([name, ...given]) {
  if (name === 'compareObjIds') return { ids: objectiveIds() };
  const args = given.map(withIndex);
  const value = name === 'GetLastError' ? api.GetLastError() : api[name](...args);
  return { element: args[0] ?? '', value, error: api.GetLastError() };
}

async function perform() {
  const calls = await adlArrived(location.search);
  if (calls === null) return;
  await adlAnswered(calls.map(answerTo));
  if (!manner.isAsset && !manner.terminatesOnUnload) api.Terminate('');
  adlOver();
}

if (manner.terminatesOnUnload) {
  addEventListener('unload', () => {
    if (manner.asks) api.SetValue('adl.nav.request', manner.asks);
    api.Terminate('');
  });
}
perform();
