import { backdrop, drawChart, onChoice, svg } from '../shared/chart.js';
import { followHemisphere } from '../shared/hemisphere.js';
import { Lesson } from '../shared/lesson.js';
import { STARS } from '../shared/stars.js';

const $ = (id) => document.getElementById(id);

const lesson = new Lesson({
  topics: { 'signposts.pointers': {}, 'signposts.hopping': {} },
  questions: [
    {
      id: 'signposts.pointers',
      type: 'matching',
      objective: 'signposts.pointers',
      prompt: 'Which signpost leads where?',
      left: [
        { id: 'a', text: 'Front of the Big Dipper’s bowl' },
        { id: 'b', text: 'Handle of the Big Dipper' },
        { id: 'c', text: 'Orion’s belt' },
        { id: 'd', text: 'Long beam of the Southern Cross' },
      ],
      right: [
        { id: '1', text: 'Sirius and Aldebaran' },
        { id: '2', text: 'South pole of the sky' },
        { id: '3', text: 'Polaris' },
        { id: '4', text: 'Arcturus' },
      ],
      correct: { a: '3', b: '4', c: '1', d: '2' },
      nudge: 'The marked ones are not right yet. The charts of this lesson stay open to you.',
      explain: 'With these four you can get your bearings on either half of the Earth.',
    },
    {
      id: 'signposts.route',
      type: 'sequencing',
      objective: 'signposts.hopping',
      prompt: 'Travel from star to star: put the way from the Pole Star to Spica in order.',
      hint: 'Move the stations with the arrow buttons.',
      options: [
        { id: 'spica', text: 'Spica' },
        { id: 'handle', text: 'Handle of the Big Dipper' },
        { id: 'polaris', text: 'Polaris' },
        { id: 'arcturus', text: 'Arcturus' },
        { id: 'bowl', text: 'Bowl of the Big Dipper' },
      ],
      correct: ['polaris', 'bowl', 'handle', 'arcturus', 'spica'],
      nudge: 'From Polaris go back along the pointers first, then follow the arc.',
      explain: 'From the pole to the bowl, along the handle, with the arc to Arcturus and on to Spica.',
    },
  ],
});

/** A smooth dotted way through points. */
function wayThrough(points) {
  return svg('path', { d: `M${points.map((point) => point.join(' ')).join('L')}`, class: 'path way' });
}

/** A dotted curve from `from` to `to`, bent towards `via`. */
function bend(from, via, to) {
  return svg('path', { d: `M${from.join(' ')}Q${via.join(' ')} ${to.join(' ')}`, class: 'path way' });
}

function ring([cx, cy], name, [dx, dy], anchor = 'start') {
  const group = svg('g', { class: 'way' });
  group.append(svg('circle', { cx, cy, r: 13, class: 'target' }), svg('text', { x: cx + dx, y: cy + dy, class: 'angle', 'text-anchor': anchor }, name));
  return group;
}

/** Lets the radio buttons of a chart choose how much of it is shown. */
function layers(chart) {
  onChoice(document.querySelector(`[data-chart="${chart.id}"]`), (shown) => { chart.dataset.shown = shown; });
}

function poleChart() {
  const chart = $('chart-pole');
  backdrop(chart, { width: 480, height: 400, count: 120, seed: 5 });
  const place = drawChart(chart, {
    centre: [11.8, 72], scale: 7.4, x: 262, y: 176, figures: ['dipper', 'littleDipper'], labels: { Merak: [12, 12], Dubhe: [12, 2] },
  });
  chart.append(wayThrough([place(STARS.Merak), place(STARS.Dubhe), place(STARS.Polaris)]));
  chart.append(ring(place(STARS.Polaris), 'Polaris', [20, 6]));
  layers(chart);
}

function arcChart() {
  const chart = $('chart-arc');
  backdrop(chart, { width: 480, height: 430, count: 130, seed: 8 });
  const place = drawChart(chart, { centre: [13, 25], scale: 4.7, x: 226, y: 226, figures: ['dipper'], stars: ['Arcturus', 'Spica'] });
  const [alkaid, arcturus, spica] = ['Alkaid', 'Arcturus', 'Spica'].map((name) => place(STARS[name]));
  chart.append(bend(alkaid, [alkaid[0] - 34, (alkaid[1] + arcturus[1]) / 2 - 8], arcturus));
  chart.append(bend(arcturus, [arcturus[0] + 4, (arcturus[1] + spica[1]) / 2 + 10], spica));
  chart.append(ring(arcturus, 'Arcturus', [-20, 6], 'end'), ring(spica, 'Spica', [20, 6]));
  layers(chart);
}

function orionChart() {
  const chart = $('chart-orion');
  backdrop(chart, { width: 480, height: 420, count: 130, seed: 13 });
  const scene = svg('g');
  chart.append(scene);
  followHemisphere(lesson, (half) => {
    const turned = half === 'south';
    // Names stand where the way does not run: above it on one half of the Earth, below on the other.
    const upper = [[-20, 0], 'end'];
    const lower = [[20, 14], 'start'];
    scene.replaceChildren();
    const place = drawChart(scene, {
      centre: [5.3, 4], scale: 8, x: 240, y: 210, turn: turned ? 180 : 0, figures: ['orion'],
      stars: ['Sirius', 'Aldebaran', 'Alcyone', 'Electra', 'Atlas', 'Merope', 'Maia'],
      labels: { Betelgeuse: [turned ? 12 : -96, 4], Rigel: [turned ? -54 : 12, 12] },
    });
    const [sirius, alnitak, mintaka, aldebaran, pleiades] = ['Sirius', 'Alnitak', 'Mintaka', 'Aldebaran', 'Alcyone'].map((name) => place(STARS[name]));
    scene.append(wayThrough([alnitak, sirius]), wayThrough([mintaka, aldebaran, pleiades]));
    scene.append(
      ring(sirius, 'Sirius', ...(turned ? upper : lower)),
      ring(aldebaran, 'Aldebaran', ...(turned ? lower : upper)),
      ring(pleiades, 'Pleiades', ...(turned ? lower : upper)),
    );
  });
  layers(chart);
}

function crossChart() {
  const chart = $('chart-cross');
  backdrop(chart, { width: 480, height: 420, count: 140, seed: 17 });
  const place = drawChart(chart, {
    centre: [12.9, -72], scale: 9.6, x: 250, y: 222, figures: ['cross'], stars: ['Ginan', 'Rigil Kentaurus', 'Hadar'],
    labels: { Gacrux: [12, -4], Acrux: [-58, 4], 'Rigil Kentaurus': [-48, 26], Hadar: [-16, -14] },
  });
  const [top, foot, pole] = [place(STARS.Gacrux), place(STARS.Acrux), place([0, -90])];
  chart.append(wayThrough([top, foot, pole]), ring(pole, 'Pole of the sky', [-20, 6], 'end'));
  layers(chart);
}

poleChart();
arcChart();
orionChart();
crossChart();
lesson.start();
