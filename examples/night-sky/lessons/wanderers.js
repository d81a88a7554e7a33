import { backdrop, onChoice, scatter, svg } from '../shared/chart.js';
import { Lesson } from '../shared/lesson.js';

const $ = (id) => document.getElementById(id);

const lesson = new Lesson({
  topics: { 'wanderers.lights': {}, 'wanderers.planets': {} },
  questions: [
    {
      id: 'wanderers.lights',
      type: 'matching',
      objective: 'wanderers.lights',
      prompt: 'What was it?',
      left: [
        { id: 'a', text: 'It glided across in four minutes and faded away' },
        { id: 'b', text: 'It was gone before I could point' },
        { id: 'c', text: 'It blinked red and green' },
        { id: 'd', text: 'It stood in the evening glow, calm and very bright' },
      ],
      right: [
        { id: '1', text: 'Aeroplane' },
        { id: '2', text: 'Meteor' },
        { id: '3', text: 'Planet' },
        { id: '4', text: 'Satellite' },
      ],
      correct: { a: '4', b: '2', c: '1', d: '3' },
      nudge: 'The marked ones are something else. Ask how long it lasted, and whether it blinked.',
      explain: 'How fast, how long, and does it blink: three questions solve nearly every case.',
    },
    {
      id: 'wanderers.band',
      type: 'fill-in',
      objective: 'wanderers.planets',
      prompt: 'The band of the sky along which Sun, Moon and planets travel is called the …',
      label: 'One word',
      accept: ['ecliptic', 'the ecliptic', 'ekliptic'],
      answer: 'ecliptic',
      nudge: 'The word is on the first screen of this lesson, in bold. It is a relative of “eclipse”.',
      explain: 'Eclipses happen only when the Moon is on this line as well, which is where it has its name from.',
    },
  ],
});

/** Where along the band (0 west to 1 east), how big, which colour, and what to say. */
const PLANETS = {
  mercury: { along: 0.1, size: 3.4, colour: '#e8d3c0', text: 'Mercury never strays far from the Sun. Catch it low in the bright twilight, on a few evenings and mornings of the year.' },
  venus: { along: 0.24, size: 8, colour: '#fffbe8', text: 'Venus, white and brighter than anything but Sun and Moon. Evening star or morning star, never up at midnight.' },
  mars: { along: 0.48, size: 4.6, colour: '#ff9d6e', text: 'Mars glows orange. Every 26 months it comes near and rivals Jupiter for some weeks; in between it is easily overlooked.' },
  jupiter: { along: 0.68, size: 6.6, colour: '#ffeccb', text: 'Jupiter, cream-white and steady. It can be up all night long, and binoculars show its four large moons.' },
  saturn: { along: 0.88, size: 4.8, colour: '#f3dd9f', text: 'Saturn shines in a quiet yellow. For the rings you need a small telescope, and you will not forget the first look.' },
};

function eclipticPicture() {
  const picture = $('ecliptic');
  const glow = svg('radialGradient', { id: 'after-glow', cx: 0.98, cy: 1, r: 0.8 });
  glow.append(svg('stop', { offset: 0, 'stop-color': '#e79a6a', 'stop-opacity': 0.75 }), svg('stop', { offset: 1, 'stop-color': '#3b3a80', 'stop-opacity': 0 }));
  picture.append(glow, svg('rect', { width: 480, height: 340, fill: 'url(#after-glow)' }));
  backdrop(picture, { width: 480, height: 260, count: 100, seed: 19 });
  const place = (along) => [470 - along * 450, 292 - Math.sin(0.28 + along * 2.2) * 226];
  const line = Array.from({ length: 41 }, (_, i) => place(i / 40 * 1.1 - 0.05).join(' '));
  picture.append(svg('path', { d: `M${line.join('L')}`, class: 'guide' }));
  const mark = svg('circle', { r: 17, class: 'target' });
  const name = svg('text', { class: 'angle', 'text-anchor': 'middle' });
  for (const { along, size, colour } of Object.values(PLANETS)) {
    const [cx, cy] = place(along);
    picture.append(svg('circle', { cx, cy, r: size, fill: colour, class: 'star' }));
  }
  picture.append(mark, name);
  picture.append(svg('path', { d: 'M0 310q60-24 120-12t120 2 110-10 130 14v36H0z', fill: '#0b1130' }));
  picture.append(svg('text', { x: 466, y: 330, class: 'small', 'text-anchor': 'end' }, 'West, after sunset'));
  onChoice($('planet-names'), (planet) => {
    const { along, text } = PLANETS[planet];
    const [cx, cy] = place(along);
    mark.setAttribute('cx', cx);
    mark.setAttribute('cy', cy);
    name.setAttribute('x', Math.min(432, cx));
    name.setAttribute('y', cy - 26);
    name.textContent = document.querySelector(`#planet-names [value="${planet}"] + span`).textContent;
    $('planet-text').textContent = text;
  });
}

function radiantPicture() {
  const picture = $('radiant');
  backdrop(picture, { width: 480, height: 400, count: 190, seed: 29 });
  const [x, y] = [300, 130];
  const random = scatter(43);
  const fade = svg('radialGradient', { id: 'fade', gradientUnits: 'userSpaceOnUse', cx: x, cy: y, r: 320 });
  fade.append(svg('stop', { offset: 0.1, 'stop-color': '#fff', 'stop-opacity': 0.1 }), svg('stop', { offset: 0.7, 'stop-color': '#fff', 'stop-opacity': 1 }));
  picture.append(fade);
  for (let i = 0; i < 17; i += 1) {
    const angle = (i / 17 + random() * 0.04) * 2 * Math.PI;
    const from = 50 + random() * 110;
    const to = from * (1.35 + random() * 0.5);
    const at = (radius) => `${(x + radius * Math.cos(angle)).toFixed(1)} ${(y + radius * Math.sin(angle)).toFixed(1)}`;
    picture.append(svg('path', { d: `M${at(from)}L${at(to)}`, stroke: 'url(#fade)', 'stroke-width': 1.4 + random() * 2, 'stroke-linecap': 'round' }));
  }
  picture.append(svg('circle', { cx: x, cy: y, r: 13, class: 'target' }));
  picture.append(svg('text', { x: x + 22, y: y + 6, class: 'angle' }, 'radiant'));
  picture.append(svg('path', { d: 'M0 366q70-30 150-14t150-2 180 6v44H0z', fill: '#0b1130' }));
}

eclipticPicture();
radiantPicture();
lesson.start();
