// The frame round every lesson: title bar, contents, progress, paging. The lessons' own pages hold
// nothing but their text and pictures, so that they can be read without scripts, too.

const BAR = `
  <p class="name">Reading the Night Sky</p>
  <details class="contents">
    <summary>Contents</summary>
    <nav aria-label="Contents"><ol></ol></nav>
  </details>
  <div class="progress" role="progressbar" aria-label="Progress in this lesson" aria-valuemin="0" aria-valuemax="100" aria-valuenow="0"><span></span></div>`;

const PAGER = `
  <button type="button" class="button" id="back">Back</button>
  <p id="position"></p>
  <span class="forward"><button type="button" class="button primary" id="next">Next</button><span id="way-on"></span></span>`;

const GOODBYE = `
  <div class="words">
    <p class="kicker">All saved</p>
    <h1 id="goodbye-title">Clear skies</h1>
    <p class="lead">What you did here is stored. If nothing else appears by itself, choose the next lesson outside this page, or close it.</p>
  </div>`;

function element(tag, attributes, html) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.innerHTML = html;
  return made;
}

/** Puts the frame round the page's `main`. */
export function buildFrame() {
  const main = document.querySelector('main');
  main.before(element('header', { class: 'bar' }, BAR));
  main.prepend(element('div', { class: 'notice', id: 'notice', role: 'status' }, ''));
  main.append(element('section', { class: 'screen goodbye', id: 'goodbye', 'aria-labelledby': 'goodbye-title', hidden: '' }, GOODBYE));
  main.after(element('footer', { class: 'pager' }, PAGER));
  document.getElementById('goodbye').querySelector('h1').tabIndex = -1;
}
