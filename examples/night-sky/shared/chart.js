// Draws star charts from real positions, as one sees the sky: with north up, east is on the left.

import { FIGURES, STARS } from './stars.js';

const SVG = 'http://www.w3.org/2000/svg';
const RADIANS = Math.PI / 180;

/** Makes an SVG element. */
export function svg(tag, attributes = {}, text = '') {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.textContent = text;
  return element;
}

/** A repeatable stream of numbers from 0 to 1: the same faint stars on every visit. */
export function scatter(seed) {
  let value = seed;
  return () => {
    value = (value * 16807) % 2147483647;
    return value / 2147483647;
  };
}

/** Stereographic projection round a centre (hours, degrees): shapes stay true over a wide field. */
export function projection([hours, degrees], { scale, x, y, turn = 0 }) {
  const sinCentre = Math.sin(degrees * RADIANS);
  const cosCentre = Math.cos(degrees * RADIANS);
  const sinTurn = Math.sin(turn * RADIANS);
  const cosTurn = Math.cos(turn * RADIANS);
  return ([starHours, starDegrees]) => {
    const side = (starHours - hours) * 15 * RADIANS;
    const sin = Math.sin(starDegrees * RADIANS);
    const cos = Math.cos(starDegrees * RADIANS);
    const factor = (2 / (1 + sinCentre * sin + cosCentre * cos * Math.cos(side))) * (scale / RADIANS);
    const east = -factor * cos * Math.sin(side);
    const north = factor * (cosCentre * sin - sinCentre * cos * Math.cos(side));
    return [x + east * cosTurn + north * sinTurn, y - north * cosTurn + east * sinTurn];
  };
}

/** Faint stars for the depth of the sky; they are scenery, not a catalogue. */
export function backdrop(parent, { width, height, count, seed }) {
  const random = scatter(seed);
  const group = svg('g', { class: 'dust', 'aria-hidden': 'true' });
  for (let i = 0; i < count; i += 1) {
    const size = 0.5 + random() ** 4 * 1.3;
    group.append(svg('circle', {
      cx: (random() * width).toFixed(1), cy: (random() * height).toFixed(1), r: size.toFixed(2), opacity: (0.25 + random() * 0.5).toFixed(2),
    }));
  }
  parent.append(group);
  return group;
}

/** The dot of a star in the chart's units: one magnitude is a step in size. */
export function starSize(magnitude) {
  return Math.max(1.2, 5.4 - magnitude * 1.05);
}

/**
 * Draws figures and stars into an SVG element.
 * `figures` names entries of FIGURES, `labels` maps star names to label offsets [dx, dy].
 * Answers the projection, to draw more by.
 */
export function drawChart(parent, { centre, scale, x, y, turn, figures = [], stars = [], labels = {} }) {
  const place = projection(centre, { scale, x, y, turn });
  const names = new Set([...stars, ...figures.flatMap((figure) => FIGURES[figure].flat())]);
  for (const figure of figures) {
    for (const [from, to] of FIGURES[figure]) {
      const [x1, y1] = place(STARS[from]);
      const [x2, y2] = place(STARS[to]);
      parent.append(svg('line', { x1, y1, x2, y2, class: 'figure' }));
    }
  }
  for (const name of names) {
    const [, , magnitude, colour = '#ffffff'] = STARS[name];
    const [cx, cy] = place(STARS[name]);
    parent.append(svg('circle', { cx, cy, r: starSize(magnitude), fill: colour, class: 'star' }));
  }
  for (const [name, [dx, dy]] of Object.entries(labels)) {
    const [cx, cy] = place(STARS[name]);
    parent.append(svg('text', { x: cx + dx, y: cy + dy, class: 'star-name' }, name));
  }
  return place;
}

/** Calls `update` with the slider's value, now and whenever it moves. */
export function onSlider(slider, update) {
  const apply = () => update(Number(slider.value));
  slider.addEventListener('input', apply);
  apply();
}

/** Calls `update` with the chosen value of a group of radio buttons, now and on every change. */
export function onChoice(fieldset, update) {
  const apply = () => update(fieldset.querySelector('input:checked').value);
  fieldset.addEventListener('change', apply);
  apply();
}
