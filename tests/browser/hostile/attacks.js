// What a bad course would try. Each attack answers `{ got, detail }`: `got` says whether it believes that it got
// through. What only the test can see from outside (the top page, the server's records) the test judges itself.

/** The platform's API, as every course finds it. */
function findApi() {
  for (let win = window; ; win = win.parent) {
    if (win.API) return win.API;
    if (win === win.parent) return null;
  }
}

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/** Runs something that is expected to throw. */
async function attempt(what) {
  try {
    const detail = await what();
    return { got: Boolean(detail), detail: String(detail).slice(0, 200) };
  } catch (error) {
    return { got: false, detail: `${error.name}: ${error.message}`.slice(0, 200) };
  }
}

/** Loads an address in a frame of its own and tries to read it. */
async function readInFrame(url) {
  const frame = document.createElement('iframe');
  frame.src = url;
  document.body.append(frame);
  await Promise.race([new Promise((resolve) => { frame.onload = resolve; }), pause(3_000)]);
  try {
    const { location, body, cookie } = frame.contentWindow.document;
    // A blocked frame shows a page of the browser, which belongs to nobody.
    if (location === null || location.href === 'about:blank') return '';
    return `${location.href} ${cookie} ${body.textContent.slice(0, 80)}`;
  } finally {
    frame.remove();
  }
}

function postByForm(url, fields) {
  const target = document.createElement('iframe');
  target.name = `post-${Math.random()}`;
  const form = Object.assign(document.createElement('form'), { method: 'POST', action: url, target: target.name, enctype: 'multipart/form-data' });
  for (const [name, value] of Object.entries(fields)) {
    form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
  }
  document.body.append(target, form);
  form.submit();
}

/** A recorded request of the player, sent again with changes: `{ url, headers, body }` with the body in base64. */
async function replay({ url, headers, body }) {
  const bytes = Uint8Array.from(atob(body), (char) => char.charCodeAt(0));
  const answer = await fetch(url, { method: 'POST', headers, body: bytes });
  return { status: answer.status, text: (await answer.text()).slice(0, 120) };
}

window.attacks = {
  'read the cookies of the application': () => attempt(() => {
    const found = [document.cookie, window.parent.document.cookie, window.top.document.cookie].join('');
    return /app_secret/.test(found) ? found : '';
  }),

  'fetch a page of the application with its cookies': ({ app }) => attempt(async () => (await fetch(app, { credentials: 'include' })).text()),

  'read a page of the application in a frame': ({ app }) => attempt(() => readInFrame(app)),

  'read the application in a window of its own': ({ app }) => attempt(async () => {
    const opened = window.open(app, 'app', 'width=300,height=300');
    await pause(1_500);
    if (!opened) return '';
    try {
      return `${opened.document.location.href} ${opened.document.body.textContent.slice(0, 80)}`.replace(/^about:blank\s*$/, '');
    } finally {
      opened.close();
    }
  }),

  'post to the application': ({ endpoints }) => attempt(async () => {
    for (const url of endpoints) {
      const body = new FormData();
      body.append('file', new File(['PK'], 'evil.zip', { type: 'application/zip' }));
      await fetch(url, { method: 'POST', body, mode: 'no-cors', credentials: 'include' }).catch(() => {});
      await fetch(url, { method: 'POST', body: '{"evil":true}', mode: 'no-cors', credentials: 'include', headers: { 'content-type': 'text/plain' } }).catch(() => {});
      navigator.sendBeacon(url, body);
      postByForm(url, { title: 'evil', learner: 'evil' });
    }
    await pause(1_500);
    return '';
  }),

  'commit to another registration': ({ forged }) => attempt(async () => {
    const through = [];
    for (const request of forged) {
      const answer = await replay(request).catch((error) => ({ status: 0, text: error.message }));
      if (answer.status >= 200 && answer.status < 300) through.push(`${request.url}: ${answer.status} ${answer.text}`);
    }
    return through.join(' | ');
  }),

  'fetch the files of another course': ({ victimPath, victimUrl }) => attempt(async () => {
    const through = [];
    for (const url of [victimPath, victimUrl]) {
      const answer = await fetch(url, { credentials: 'include' }).catch(() => null);
      if (answer?.ok) through.push(`${url}: ${answer.status}`);
    }
    return through.join(' | ');
  }),

  'read the storage of another course': ({ victimUrl }) => attempt(async () => {
    const found = Object.values({ ...localStorage }).join(' ');
    if (found.includes('secret of the victim')) return found;
    const databases = (await indexedDB.databases()).map(({ name }) => name).join(' ');
    if (databases.includes('victim-database')) return databases;
    return readInFrame(victimUrl);
  }),

  'register a service worker': () => attempt(async () => {
    if (!navigator.serviceWorker) return '';
    const registration = await navigator.serviceWorker.register('worker.js', { scope: './' });
    return `registered for ${registration.scope}`;
  }),

  'take the top window away': ({ elsewhere }) => attempt(async () => {
    window.top.location.href = elsewhere;
    await pause(1_000);
    return '';
  }),

  'take the parent window away': ({ elsewhere }) => attempt(async () => {
    window.parent.location.replace(elsewhere);
    await pause(1_000);
    return '';
  }),

  'leave through a link to the top window': ({ elsewhere }) => attempt(async () => {
    const link = Object.assign(document.createElement('a'), { href: elsewhere, target: '_top', textContent: 'out' });
    document.body.append(link);
    link.click();
    await pause(1_000);
    return '';
  }),

  'leave by opening into the top window': ({ elsewhere }) => attempt(async () => {
    window.open(elsewhere, '_top');
    await pause(1_000);
    return '';
  }),

  'leave by posting a form into the top window': ({ elsewhere }) => attempt(async () => {
    const form = Object.assign(document.createElement('form'), { action: elsewhere, target: '_top' });
    document.body.append(form);
    form.submit();
    await pause(1_000);
    return '';
  }),

  'leave through a link planted in the player': ({ elsewhere }) => attempt(async () => {
    const page = window.parent.document;
    const link = Object.assign(page.createElement('a'), { href: elsewhere });
    page.body.append(link);
    link.click();
    await pause(1_000);
    link.remove();
    return '';
  }),

  'flood the server with commits': ({ own }) => attempt(async () => {
    const api = findApi();
    api.LMSInitialize('');
    const until = performance.now() + 4_000;
    const statuses = {};
    let calls = 0;
    while (performance.now() < until) {
      for (let i = 0; i < 200; i += 1) {
        api.LMSSetValue('cmi.core.lesson_location', `flood ${calls}`);
        api.LMSCommit('');
        calls += 1;
      }
      const answers = await Promise.all(Array.from({ length: 50 }, () => replay(own).catch(() => ({ status: 0 }))));
      for (const { status } of answers) statuses[status] = (statuses[status] ?? 0) + 1;
    }
    window.flood = `${calls} calls of Commit, answers ${JSON.stringify(statuses)}`;
    return '';
  }),

  'store a value of 50 MB': () => attempt(() => {
    const api = findApi();
    api.LMSInitialize('');
    const answer = String(api.LMSSetValue('cmi.suspend_data', 'x'.repeat(50 * 1024 * 1024)));
    api.LMSCommit('');
    window.fiftyMegabytes = answer;
    return '';
  }),

  'post 50 MB to the server': ({ own }) => attempt(async () => {
    const answer = await fetch(own.url, { method: 'POST', headers: own.headers, body: new Uint8Array(50 * 1024 * 1024) }).catch(() => ({ status: 0 }));
    return answer.status >= 200 && answer.status < 300 ? `accepted with ${answer.status}` : '';
  }),
};
