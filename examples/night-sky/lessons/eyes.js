import { backdrop, drawChart, onChoice, onSlider, scatter, svg } from '../shared/chart.js';
import { Lesson } from '../shared/lesson.js';

const $ = (id) => document.getElementById(id);

const lesson = new Lesson({
  topics: { 'eyes.adaptation': {}, 'eyes.angles': {} },
  questions: [
    {
      id: 'eyes.phone',
      type: 'true-false',
      objective: 'eyes.adaptation',
      prompt: 'True or false? After half an hour in the dark, one look at a bright phone costs you most of your night vision.',
      options: [{ id: 'true', text: 'True' }, { id: 'false', text: 'False' }],
      correct: ['true'],
      nudge: 'Think of what happened to the stars when the phone came out.',
      explain: 'The pigment in the rods bleaches in a moment and needs its twenty minutes again.',
    },
    {
      id: 'eyes.fists',
      type: 'numeric',
      objective: 'eyes.angles',
      prompt: 'You stack four fists on the horizon, arm outstretched, and the Pole Star sits on top. How high does it stand?',
      label: 'Height',
      unit: 'degrees',
      min: 40,
      max: 40,
      answer: '40 degrees',
      nudge: 'One fist at arm’s length covers about ten degrees.',
      explain: 'Four times ten. You will see in the next lesson what else this number tells you.',
    },
  ],
});

function hillPicture() {
  backdrop($('hill-stars'), { width: 480, height: 290, count: 240, seed: 7 });
}

/** The faintest magnitude an eye sees after some minutes: quick at first, then slower and slower. */
const faintest = (minutes) => 1 + 5 * (1 - Math.exp(-minutes / 9));

function waitingPicture() {
  const random = scatter(42);
  const stars = Array.from({ length: 420 }, () => {
    // Each magnitude has about three times as many stars as the one before.
    const magnitude = 6 + Math.log(random()) / Math.log(3);
    const dot = svg('circle', {
      cx: (random() * 480).toFixed(1), cy: (random() * 340).toFixed(1), r: Math.max(0.6, 3.2 - magnitude * 0.46).toFixed(2), fill: '#fff',
    });
    $('waiting').append(dot);
    return { magnitude, dot };
  });
  onSlider($('dark-minutes'), (minutes) => {
    const limit = faintest(minutes);
    for (const { magnitude, dot } of stars) dot.style.opacity = Math.min(1, Math.max(0, (limit - magnitude) * 1.6));
    const visible = stars.filter(({ magnitude }) => magnitude < limit).length;
    $('dark-minutes').setAttribute('aria-valuetext', `${minutes} minutes`);
    $('dark-text').textContent = minutes === 0
      ? 'Out of the bright room: a handful of stars.'
      : `After ${minutes} min: ${visible} stars in this patch of sky.`;
  });
  $('phone').addEventListener('click', () => {
    $('dark-minutes').value = 0;
    $('dark-minutes').dispatchEvent(new Event('input'));
    $('dark-text').textContent = 'Three new messages, and the sky is gone. Please wait another twenty minutes.';
  });
}

/** How well the eye sees faint light at an angle from its centre, from 0 to 1: the best place is some 15° out. */
const nightSight = (degrees) => (degrees / 15) * Math.exp(1 - degrees / 15);

function avertedPicture() {
  const picture = $('averted');
  backdrop(picture, { width: 480, height: 340, count: 60, seed: 11 });
  const glow = svg('radialGradient', { id: 'patch-glow' });
  glow.append(svg('stop', { offset: 0, 'stop-color': '#dfe6ff', 'stop-opacity': 0.95 }), svg('stop', { offset: 1, 'stop-color': '#dfe6ff', 'stop-opacity': 0 }));
  const patch = svg('ellipse', { cx: 120, cy: 170, rx: 62, ry: 34, fill: 'url(#patch-glow)', transform: 'rotate(-24 120 170)' });
  const ring = svg('circle', { cx: 120, cy: 170, r: 74, class: 'guide' });
  const gaze = svg('g', { class: 'gaze' });
  gaze.append(svg('circle', { r: 15 }), svg('path', { d: 'M-24 0h48M0-24v48' }));
  const label = svg('text', { y: 48, class: 'star-name', 'text-anchor': 'middle' }, 'you look here');
  gaze.append(label);
  picture.append(glow, ring, patch, gaze);
  onSlider($('aside-degrees'), (degrees) => {
    patch.style.opacity = nightSight(degrees);
    gaze.setAttribute('transform', `translate(${120 + degrees * 9.5} 170)`);
    $('aside-degrees').setAttribute('aria-valuetext', `${degrees} degrees`);
    $('aside-text').textContent = asideComment(degrees);
  });
}

function asideComment(degrees) {
  if (degrees < 3) return `${degrees}°: straight at it. Nothing there, you would swear.`;
  if (degrees < 9) return `${degrees}°: a breath of mist.`;
  if (degrees <= 21) return `${degrees}°: now it is there. This is averted vision, and astronomers use it all night.`;
  return `${degrees}°: still visible, but there are fewer rods again out here.`;
}

/** Pixels for one degree in the picture of the Big Dipper. */
const SCALE = 11;

const PARTS = {
  finger: { degrees: 1, text: 'The little finger is about 1° wide: two full moons side by side.' },
  three: { degrees: 5, text: 'Three middle fingers cover 5°: just the distance between the two stars at the front of the Big Dipper.' },
  fist: { degrees: 10, text: 'A fist is 10° across: as wide as the bowl of the Big Dipper is at the rim.' },
  span: { degrees: 25, text: 'From the thumb to the little finger, spread wide, it is some 20 to 25°: the Big Dipper from end to end.' },
};

/** Fingers side by side, or thumb and little finger spread; as wide as the angle they cover. */
function handShape(part, width) {
  const shape = svg('g', { class: 'hand-shape' });
  const fingers = { finger: 1, three: 3, fist: 4 }[part];
  if (fingers) {
    const each = width / fingers;
    const top = part === 'fist' ? 18 : 8;
    for (let i = 0; i < fingers; i += 1) {
      shape.append(svg('rect', { x: i * each + 0.5, y: top + (i % 3 === 1 ? 0 : 5), width: each - 1, height: 240, rx: Math.min(each / 2.2, 14) }));
    }
    if (part === 'fist') shape.append(svg('rect', { x: width * 0.1, y: 84, width: width * 0.86, height: 26, rx: 13, class: 'thumb' }));
    return shape;
  }
  const middle = width / 2;
  shape.append(svg('path', {
    d: `M4 34C30 96 ${middle - 60} 140 ${middle - 44} 240H${middle + 52}C${middle + 56} 140 ${width - 26} 110 ${width - 3} 30`
      + `C${width - 12} 18 ${width - 24} 24 ${width - 30} 36L${middle + 56} 112L${middle + 44} 10C${middle + 40}-2 ${middle + 24}-2 ${middle + 22} 10`
      + `L${middle + 12} 92L${middle} 0C${middle - 4}-12 ${middle - 20}-12 ${middle - 22} 0L${middle - 22} 94L${middle - 42} 14`
      + `C${middle - 48} 4 ${middle - 62} 8 ${middle - 62} 18L${middle - 50} 116C${middle - 74} 92 44 52 24 22C14 14 2 20 4 34Z`,
  }));
  return shape;
}

function rulerPicture() {
  const picture = $('ruler');
  backdrop(picture, { width: 480, height: 370, count: 120, seed: 3 });
  drawChart(picture, {
    centre: [12.5, 55], scale: SCALE, x: 250, y: 128, figures: ['dipper'],
    labels: { Dubhe: [12, -6], Merak: [12, 6], Alkaid: [-14, 24] },
  });
  const overlay = svg('g');
  picture.append(overlay);
  onChoice($('hand-parts'), (part) => {
    const { degrees, text } = PARTS[part];
    const width = degrees * SCALE;
    const left = { finger: 352, three: 326, fist: 290, span: 104 }[part];
    const shape = handShape(part, width);
    shape.setAttribute('transform', `translate(${left} 232)`);
    const measure = svg('path', { d: `M${left} 226v-12M${left + width} 226v-12M${left} 220h${width}`, class: 'measure' });
    const label = svg('text', { x: left + width + 12, y: 226, class: 'angle' }, part === 'span' ? '20–25°' : `${degrees}°`);
    overlay.replaceChildren(shape, measure, label);
    $('hand-text').textContent = text;
  });
}

hillPicture();
waitingPicture();
avertedPicture();
rulerPicture();
lesson.start();
