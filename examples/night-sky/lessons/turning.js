import { backdrop, onChoice, onSlider, projection, scatter, starSize, svg } from '../shared/chart.js';
import { followHemisphere } from '../shared/hemisphere.js';
import { Lesson } from '../shared/lesson.js';
import { FIGURES, STARS } from '../shared/stars.js';

const $ = (id) => document.getElementById(id);

const lesson = new Lesson({
  topics: { 'turning.rotation': {}, 'turning.latitude': {} },
  questions: [
    {
      id: 'turning.three-hours',
      type: 'numeric',
      objective: 'turning.rotation',
      prompt: 'A star stands due south at nine in the evening. How many degrees has the sky turned by midnight?',
      label: 'Turned by',
      unit: 'degrees',
      min: 45,
      max: 45,
      answer: '45 degrees',
      nudge: 'Three hours have passed, and each is worth 15°.',
      explain: 'Three hours, 15° each.',
    },
    {
      id: 'turning.polaris',
      type: 'choice',
      objective: 'turning.latitude',
      prompt: 'Your flight was diverted in the night. You step out, measure, and find Polaris 60° above the horizon. Where have you landed?',
      options: [
        { id: 'a', text: 'Oslo, 60° north' },
        { id: 'b', text: 'Rome, 42° north' },
        { id: 'c', text: 'Cairo, 30° north' },
        { id: 'd', text: 'Quito, on the equator' },
      ],
      correct: ['a'],
      nudge: 'The height of Polaris and the latitude are the same number.',
      explain: 'Sixty degrees high means sixty degrees north. Time for a warm coat.',
    },
    {
      id: 'turning.earlier',
      type: 'true-false',
      objective: 'turning.rotation',
      prompt: 'True or false? Orion rises at ten tonight. In a month he will rise at about eight.',
      options: [{ id: 'true', text: 'True' }, { id: 'false', text: 'False' }],
      correct: ['true'],
      nudge: 'Four minutes a day, thirty times.',
      explain: 'Thirty times four minutes are two hours, and the stars rise earlier, not later.',
    },
  ],
});

const POLE = { x: 240, y: 210, scale: 4.6 };

/** What is seen round either pole of the sky; it turns against the clock in the north, with it in the south. */
const SKIES = {
  north: { centre: [2, 90], figures: ['dipper', 'littleDipper', 'cassiopeia'], label: 'Polaris', direction: -1 },
  south: { centre: [12.5, -90], figures: ['cross'], stars: ['Rigil Kentaurus', 'Hadar', 'Achernar', 'Canopus'], label: 'South pole of the sky', direction: 1 },
};

/** Everything that turns, as distance from the pole and angle. */
function wheelStars({ centre, figures, stars = [] }) {
  const place = projection(centre, POLE);
  const polar = (name) => {
    const [x, y] = place(STARS[name]);
    return { radius: Math.hypot(x - POLE.x, y - POLE.y), angle: Math.atan2(y - POLE.y, x - POLE.x), size: starSize(STARS[name][2]) };
  };
  const named = new Map([...new Set([...stars, ...figures.flatMap((figure) => FIGURES[figure].flat())])].map((name) => [name, polar(name)]));
  const random = scatter(91);
  const faint = Array.from({ length: 60 }, () => ({ radius: 20 + Math.sqrt(random()) * 280, angle: random() * 2 * Math.PI, size: 0.7 + random() * 0.7 }));
  return { named, faint, lines: figures.flatMap((figure) => FIGURES[figure]) };
}

function at({ radius, angle }, turned) {
  return [POLE.x + radius * Math.cos(angle + turned), POLE.y + radius * Math.sin(angle + turned)];
}

function drawWheel(half, hours) {
  const { direction, label } = SKIES[half];
  const { named, faint, lines } = wheelStars(SKIES[half]);
  const turned = direction * hours * 15 * (Math.PI / 180);
  const parts = [];
  for (const star of [...faint, ...named.values()]) {
    const [x1, y1] = at(star, 0);
    const [x2, y2] = at(star, turned);
    const wide = Math.abs(turned) > Math.PI ? 1 : 0;
    parts.push(svg('path', { d: `M${x1} ${y1}A${star.radius} ${star.radius} 0 ${wide} ${direction > 0 ? 1 : 0} ${x2} ${y2}`, class: 'trail' }));
  }
  for (const [from, to] of lines) {
    const [x1, y1] = at(named.get(from), turned);
    const [x2, y2] = at(named.get(to), turned);
    parts.push(svg('line', { x1, y1, x2, y2, class: 'figure' }));
  }
  for (const star of [...faint, ...named.values()]) {
    const [cx, cy] = at(star, turned);
    parts.push(svg('circle', { cx, cy, r: star.size, fill: '#fff' }));
  }
  if (half === 'south') parts.push(svg('path', { d: `M${POLE.x - 8} ${POLE.y}h16M${POLE.x} ${POLE.y - 8}v16`, class: 'measure' }));
  parts.push(svg('text', { x: POLE.x, y: POLE.y + 30, 'text-anchor': 'middle', class: 'star-name' }, label));
  $('wheel').replaceChildren(...parts);
}

function wheelPicture() {
  let half = 'north';
  const draw = () => {
    const hours = Number($('hours').value);
    drawWheel(half, hours);
    $('hours').setAttribute('aria-valuetext', `${hours} hours`);
    const view = half === 'north' ? 'Looking north, the sky turns against the clock.' : 'Looking south, the sky turns with the clock. No bright star marks the pole here.';
    $('hours-text').textContent = `${hours} h: turned by ${hours * 15}°. ${view}`;
  };
  $('hours').addEventListener('input', draw);
  followHemisphere(lesson, (chosen) => {
    half = chosen;
    draw();
  });
}

const TOWNS = [[0, 'Quito'], [19, 'Mexico City'], [30, 'Cairo'], [42, 'Rome'], [52, 'Berlin'], [60, 'Oslo'], [70, 'Tromsø'], [90, 'the North Pole']];

function domePicture() {
  const [x, y, radius] = [240, 286, 232];
  const dome = $('dome');
  backdrop(dome, { width: 480, height: 270, count: 90, seed: 23 });
  dome.append(svg('path', { d: `M${x - radius} ${y}A${radius} ${radius} 0 0 1 ${x + radius} ${y}`, class: 'guide' }));
  const sight = svg('line', { x1: x, y1: y, class: 'measure' });
  const arc = svg('path', { class: 'guide' });
  const star = svg('circle', { r: 6, fill: '#fff', class: 'star' });
  const name = svg('text', { class: 'star-name' }, 'Polaris');
  const number = svg('text', { class: 'angle' });
  dome.append(arc, sight, star, name, number);
  dome.append(svg('path', { d: `M0 ${y}h480v60H0z`, fill: '#0b1130' }));
  dome.append(svg('path', { d: `M${x} ${y}v-16m-7 0h14v-14a7 7 0 0 0-14 0zm7-30`, fill: '#0b1130', stroke: '#a9b6f5', 'stroke-width': 2 }));
  dome.append(svg('circle', { cx: x, cy: y - 45, r: 7, fill: '#0b1130', stroke: '#a9b6f5', 'stroke-width': 2 }));
  dome.append(svg('text', { x: x + radius - 4, y: y + 24, class: 'small', 'text-anchor': 'end' }, 'North'));
  dome.append(svg('text', { x: x - radius + 4, y: y + 24, class: 'small' }, 'South'));
  onSlider($('degrees'), (degrees) => {
    const angle = degrees * (Math.PI / 180);
    const [sx, sy] = [x + radius * 0.94 * Math.cos(angle), y - radius * 0.94 * Math.sin(angle)];
    sight.setAttribute('x2', sx);
    sight.setAttribute('y2', sy);
    star.setAttribute('cx', sx);
    star.setAttribute('cy', sy);
    name.setAttribute('x', sx - 12);
    name.setAttribute('y', Math.max(20, sy - 12));
    name.setAttribute('text-anchor', 'end');
    const [ax, ay] = [x + 86 * Math.cos(angle), y - 86 * Math.sin(angle)];
    arc.setAttribute('d', `M${x + 86} ${y}A86 86 0 0 0 ${ax} ${ay}`);
    number.textContent = `${degrees}°`;
    number.setAttribute('x', x + 98 * Math.cos(angle / 2));
    number.setAttribute('y', y - 98 * Math.sin(angle / 2) - 4);
    const [, town] = TOWNS.reduce((best, other) => (Math.abs(other[0] - degrees) < Math.abs(best[0] - degrees) ? other : best));
    $('degrees').setAttribute('aria-valuetext', `${degrees} degrees north`);
    $('degrees-text').textContent = `${degrees}° north, about as far up as ${town}: Polaris stands ${degrees}° above the northern horizon.`;
  });
}

const SEASONS = {
  december: { angle: 0, name: 'Orion', text: 'Mid-December: Orion is highest at midnight. The Sun stands on the other side, and nobody sees Scorpius.' },
  march: { angle: 90, name: 'Leo', text: 'Mid-March: Leo is highest at midnight, and the galaxies of spring are up with him.' },
  june: { angle: 180, name: 'Scorpius', text: 'Mid-June: Scorpius is highest at midnight, low in Europe, overhead in Australia.' },
  september: { angle: 270, name: 'Pegasus', text: 'Mid-September: the great square of Pegasus is highest at midnight.' },
};

function orbitPicture() {
  const orbit = $('orbit');
  const [x, y] = [240, 190];
  const around = (angle, radiusX, radiusY) => [x + radiusX * Math.cos(angle * (Math.PI / 180)), y - radiusY * Math.sin(angle * (Math.PI / 180))];
  backdrop(orbit, { width: 480, height: 380, count: 110, seed: 57 });
  orbit.append(svg('ellipse', { cx: x, cy: y, rx: 120, ry: 104, class: 'guide' }));
  orbit.append(svg('circle', { cx: x, cy: y, r: 24, fill: '#f4c567' }));
  for (const { angle, name } of Object.values(SEASONS)) {
    const [tx, ty] = around(angle, 196, 166);
    orbit.append(svg('text', { x: tx, y: ty + 5, 'text-anchor': 'middle', class: 'star-name' }, name));
  }
  const beam = svg('path', { fill: '#8fa2f0', 'fill-opacity': 0.2 });
  const earth = svg('g');
  earth.append(svg('circle', { r: 15, fill: '#4f8fd6' }), svg('path', { d: 'M0-15A15 15 0 0 1 0 15Z', fill: '#26356f' }));
  orbit.append(beam, earth);
  onChoice($('months'), (month) => {
    const { angle, text } = SEASONS[month];
    const [ex, ey] = around(angle, 120, 104);
    const [left, right] = [around(angle - 16, 230, 196), around(angle + 16, 230, 196)];
    beam.setAttribute('d', `M${ex} ${ey}L${left.join(' ')}L${right.join(' ')}Z`);
    earth.setAttribute('transform', `translate(${ex} ${ey}) rotate(${-angle})`);
    $('months-text').textContent = text;
  });
}

wheelPicture();
domePicture();
orbitPicture();
lesson.start();
