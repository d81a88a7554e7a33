// How an attempt stands, in words, for the page after the course.

import { texts } from './texts.js';

const HUNDREDTHS_PER_SECOND = 100;

/**
 * Pairs of a name and a value; what nothing is known of is left out.
 * @param {object} summary the engine's; times in hundredths of a second
 * @param {{number: number, limit: number | null}} attempts
 * @returns {[string, string][]}
 */
export function outcomeOf({ completion, success, score, progress, total_time: time }, { number, limit }) {
  const isPartly = completion !== 'completed' && typeof progress === 'number' && progress > 0;
  return [
    [texts.completionName, completion === 'unknown' ? texts.notReported : texts[completion]],
    [texts.successName, { passed: texts.passed, failed: texts.failed }[success]],
    [texts.scoreName, points(score ?? {})],
    [texts.progressName, isPartly ? `${Math.round(progress / 100)} %` : null],
    [texts.timeName, duration(time / HUNDREDTHS_PER_SECOND)],
    [texts.attemptName, attemptInWords(number, limit)],
  ].filter(([, value]) => value);
}

function points({ scaled, raw, max }) {
  const share = scaled !== null && scaled !== undefined ? `${Math.round(Number(scaled) * 100)} %` : null;
  const counted = raw && max ? `${raw} / ${max}` : null;
  return share && counted && max !== '100' ? `${share} (${counted})` : share ?? counted ?? raw;
}

function attemptInWords(number, limit) {
  if (limit !== null) return texts.attemptOf(number, limit);
  return number > 1 ? String(number) : null;
}

/** Seconds as `1 h 02 min`, `3 min 20 s` or `12 s`, as the pages for administrators write them. */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, '0');
  if (whole >= 3_600) return `${Math.floor(whole / 3_600)} h ${two(Math.floor(whole / 60) % 60)} min`;
  if (whole >= 60) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${whole} s`;
}
