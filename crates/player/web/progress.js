// The progress bar: what the engine knows of the course as a whole, else how many of its parts are done.

import { setAttribute } from './dom.js';
import { texts } from './texts.js';

/** Percent done, 0 to 100. */
export function percentDone(summary, contents) {
  if (summary.completion === 'completed') return 100;
  if (typeof summary.progress === 'number') return Math.round(summary.progress / 100);
  const parts = contents.filter((item) => item.kind !== 'cluster');
  const done = parts.filter((item) => item.completion === 'completed').length;
  return parts.length > 0 ? Math.round((100 * done) / parts.length) : 0;
}

/** What the bar says in words. */
export function inWords(summary, percent) {
  if (summary.completion === 'completed') {
    const verdict = { passed: `, ${texts.passed}`, failed: `, ${texts.failed}` }[summary.success] ?? '';
    return texts.progressDone + verdict;
  }
  if (percent > 0) return texts.progressPercent(percent);
  return summary.completion === 'incomplete' ? texts.progressSome : texts.progressNone;
}

/** @param {HTMLElement} bar the `role="progressbar"` */
export function showProgress(bar, summary, contents) {
  const percent = percentDone(summary, contents);
  setAttribute(bar, 'aria-valuenow', percent);
  setAttribute(bar, 'aria-valuetext', inWords(summary, percent));
  setAttribute(bar, 'title', inWords(summary, percent));
  bar.style.setProperty('--done', `${percent}%`);
}
