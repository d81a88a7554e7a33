// What the server wrote into the page, and the places that the modules work on.

const byId = (id) => document.getElementById(id);

/** Names the outbox and the tab lock of this enrolment. Not a secret. */
export const registration = document.body.dataset.registration;

/** A new id for this load of the page: the server tells retries of one opening from two openings by it. */
export const pageId = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, '0')).join('');

export const places = {
  bar: byId('bar'),
  status: byId('status'),
  statusWord: byId('status-word'),
  statusDetail: byId('status-detail'),
  progress: byId('progress'),
  contentsButton: byId('contents-button'),
  contents: byId('contents'),
  tree: byId('tree'),
  stage: byId('stage'),
  panel: byId('panel'),
  notices: byId('notices'),
  buttons: Array.from(document.querySelectorAll('[data-request]')),
  reload: byId('reload'),
  why: byId('why'),
};
