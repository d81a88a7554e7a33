import { backdrop, onSlider, scatter, svg } from '../shared/chart.js';
import { followHemisphere } from '../shared/hemisphere.js';
import { Lesson } from '../shared/lesson.js';

const $ = (id) => document.getElementById(id);

const lesson = new Lesson({
  topics: { 'moon.phases': {}, 'moon.times': {} },
  questions: [
    {
      id: 'moon.order',
      type: 'sequencing',
      objective: 'moon.phases',
      prompt: 'Put a month in order, beginning with the new moon.',
      hint: 'Move the phases with the arrow buttons.',
      options: [
        { id: 'full', text: 'Full moon' },
        { id: 'new', text: 'New moon' },
        { id: 'last', text: 'Last quarter' },
        { id: 'waxing', text: 'Waxing crescent' },
        { id: 'first', text: 'First quarter' },
        { id: 'waning', text: 'Waning crescent' },
      ],
      correct: ['new', 'waxing', 'first', 'full', 'last', 'waning'],
      nudge: 'The marked ones are not in their place yet. Waxing is growing, waning is shrinking.',
      explain: 'It grows through crescent and first quarter to the full moon, and shrinks again.',
    },
    {
      id: 'moon.full-rises',
      type: 'choice',
      objective: 'moon.times',
      prompt: 'When does the full moon rise?',
      options: [
        { id: 'a', text: 'At about sunrise' },
        { id: 'b', text: 'At about noon' },
        { id: 'c', text: 'At about sunset' },
        { id: 'd', text: 'At about midnight' },
      ],
      correct: ['c'],
      nudge: 'It stands opposite to the Sun.',
      explain: 'It is opposite to the Sun: one sets, the other comes up.',
    },
    {
      id: 'moon.shadow',
      type: 'true-false',
      objective: 'moon.phases',
      prompt: 'True or false? The phases come from the shadow that the Earth casts on the Moon.',
      options: [{ id: 'true', text: 'True' }, { id: 'false', text: 'False' }],
      correct: ['false'],
      nudge: 'The Earth’s shadow is another event, and a rarer one.',
      explain: 'We look at the lit half from different sides. The Earth’s shadow makes lunar eclipses.',
    },
  ],
});

/** From one new moon to the next, in days. */
const MONTH = 29.53;

/** Outline of the lit part of a disc of radius `r`, seen from the north; `turn` from 0 (new) to 1 (new again). */
function litPart(r, turn) {
  const waxing = turn < 0.5;
  const bulge = r * Math.abs(Math.cos(2 * Math.PI * turn));
  const crescent = turn < 0.25 || turn > 0.75;
  const edge = waxing ? 1 : 0;
  const back = crescent === waxing ? 0 : 1;
  return `M0 ${-r}A${r} ${r} 0 0 ${edge} 0 ${r}A${bulge} ${r} 0 0 ${back} 0 ${-r}Z`;
}

/** Until which day each name holds. */
const NAMES = [
  [0, 'new moon. It is up all day, in the glare, and nobody sees it.'], [6, 'a waxing crescent, in the west after sunset.'],
  [8, 'first quarter. High at sunset, down by midnight.'], [13, 'a waxing gibbous moon, bright through the evening.'],
  [15, 'full moon. Up from sunset to sunrise.'], [21, 'a waning gibbous moon, rising late in the evening.'],
  [23, 'last quarter. Rises at midnight, seen on the way to work.'], [29, 'a waning crescent, in the east before sunrise.'],
];

function moonPicture() {
  const picture = $('moon');
  backdrop(picture, { width: 480, height: 360, count: 80, seed: 31 });
  const seen = svg('g');
  seen.append(svg('circle', { r: 92, fill: '#232a52' }));
  const lit = svg('path', { fill: '#f3efe0' });
  const clip = svg('clipPath', { id: 'lit-part' });
  const edge = svg('path');
  clip.append(edge);
  const seas = svg('g', { fill: '#9a97a5', 'fill-opacity': 0.45, 'clip-path': 'url(#lit-part)' });
  for (const [cx, cy, rx, ry] of [[-34, -36, 26, 20], [14, -38, 18, 14], [34, -14, 20, 18], [-46, 12, 18, 26], [58, -20, 9, 11], [-14, 44, 16, 11], [48, 14, 12, 16]]) {
    seas.append(svg('ellipse', { cx, cy, rx, ry }));
  }
  seen.append(clip, lit, seas);
  picture.append(seen);
  picture.append(svg('text', { x: 128, y: 322, 'text-anchor': 'middle', class: 'star-name' }, 'as you see it'));

  const [x, y] = [348, 170];
  for (const dy of [-66, -22, 22, 66]) picture.append(svg('path', { d: `M474 ${y + dy}h-26m8-6-8 6 8 6`, class: 'measure' }));
  picture.append(svg('circle', { cx: x, cy: y, r: 76, class: 'guide' }));
  picture.append(svg('circle', { cx: x, cy: y, r: 20, fill: '#26356f' }), svg('path', { d: `M${x} ${y - 20}A20 20 0 0 1 ${x} ${y + 20}Z`, fill: '#4f8fd6' }));
  const traveller = svg('g');
  traveller.append(svg('circle', { r: 11, fill: '#3a4273' }), svg('path', { d: 'M0-11A11 11 0 0 1 0 11Z', fill: '#f3efe0' }));
  picture.append(traveller);
  picture.append(svg('text', { x, y: 322, 'text-anchor': 'middle', class: 'star-name' }, 'from above the North Pole'));
  picture.append(svg('text', { x: 474, y: y + 100, 'text-anchor': 'end', class: 'small' }, 'sunlight'));

  followHemisphere(lesson, (half) => seen.setAttribute('transform', `translate(128 170) rotate(${half === 'south' ? 180 : 0})`));
  onSlider($('days'), (day) => {
    const turn = day / MONTH;
    lit.setAttribute('d', litPart(92, turn));
    edge.setAttribute('d', litPart(92, turn));
    const angle = 2 * Math.PI * turn;
    traveller.setAttribute('transform', `translate(${x + 76 * Math.cos(angle)} ${y - 76 * Math.sin(angle)})`);
    $('days').setAttribute('aria-valuetext', `day ${day}`);
    const [, name] = NAMES.find(([until]) => day <= until);
    $('days-text').textContent = `Day ${day}: ${name}`;
  });
}

/** A half moon whose craters get longer shadows towards the terminator. */
function craterPicture() {
  const picture = $('crater-view');
  backdrop(picture, { width: 480, height: 400, count: 90, seed: 37 });
  const [x, y, r] = [240, 200, 162];
  const clip = svg('clipPath', { id: 'lit-half' });
  clip.append(svg('path', { d: `M${x} ${y - r}A${r} ${r} 0 0 1 ${x} ${y + r}A22 ${r} 0 0 1 ${x} ${y - r}Z` }));
  const ground = svg('g', { 'clip-path': 'url(#lit-half)' });
  ground.append(svg('rect', { x: x - 40, y: y - r, width: r + 40, height: 2 * r, fill: '#ece7d8' }));
  for (const [cx, cy, rx, ry] of [[300, 130, 44, 34], [336, 196, 30, 36], [290, 250, 28, 20], [372, 150, 14, 20]]) {
    ground.append(svg('ellipse', { cx, cy, rx, ry, fill: '#a9a59d', 'fill-opacity': 0.55 }));
  }
  const random = scatter(71);
  for (let i = 0; i < 70; i += 1) {
    const across = random() ** 1.3 * (r - 8);
    const cy = y + (random() * 2 - 1) * Math.sqrt(Math.max(0, (r - 8) ** 2 - across ** 2));
    const size = 3 + random() ** 3 * 15;
    const shadow = Math.max(0, 1 - across / 110);
    const cx = x - 16 + across;
    ground.append(svg('circle', { cx, cy, r: size, fill: '#d6d0c0' }));
    ground.append(svg('path', { d: `M${cx} ${cy - size}A${size} ${size} 0 0 1 ${cx} ${cy + size}A${size * (1 - 1.5 * shadow)} ${size} 0 0 ${shadow > 0.66 ? 1 : 0} ${cx} ${cy - size}Z`, fill: '#4a4658', 'fill-opacity': shadow * 0.9 }));
    ground.append(svg('path', { d: `M${cx} ${cy - size}A${size} ${size} 0 0 0 ${cx} ${cy + size}`, fill: 'none', stroke: '#fffdf4', 'stroke-width': 1.6, 'stroke-opacity': 0.4 + shadow * 0.6 }));
  }
  picture.append(clip, svg('circle', { cx: x, cy: y, r, fill: '#20264a' }), ground);
  picture.append(svg('path', { d: `M${x - 26} ${y + r + 26}q22-2 24-22`, class: 'measure' }));
  picture.append(svg('text', { x: x - 32, y: y + r + 32, 'text-anchor': 'end', class: 'angle' }, 'terminator'));
}

moonPicture();
craterPicture();
lesson.start();
