import { backdrop, svg } from '../shared/chart.js';
import { judge } from '../shared/question.js';
import { Lesson } from '../shared/lesson.js';

const $ = (id) => document.getElementById(id);

/** The lessons, by the objective through which each tells this check that it was finished. */
const LESSONS = {
  eyes: 'Eyes in the dark',
  turning: 'The turning sky',
  signposts: 'Signposts',
  moon: 'The Moon',
  wanderers: 'Wanderers',
};

const lesson = new Lesson({
  graded: true,
  topics: Object.fromEntries(Object.keys(LESSONS).map((id) => [id, { readOnly: true }])),
  questions: [
    {
      id: 'check.torch',
      type: 'choice',
      objective: 'eyes',
      prompt: '“May I have some light for the star chart?” Which torch do you hand over?',
      options: [
        { id: 'a', text: 'The brightest, so that it takes less time' },
        { id: 'b', text: 'A dim red one' },
        { id: 'c', text: 'A blue one, like the night' },
        { id: 'd', text: 'The telephone' },
      ],
      correct: ['b'],
      explain: 'The rods hardly notice deep red, so night vision survives.',
    },
    {
      id: 'check.vega',
      type: 'numeric',
      objective: 'eyes',
      prompt: '“How high is Vega?” You count three fists and three fingers from the horizon. How many degrees?',
      label: 'Height',
      unit: 'degrees',
      min: 33,
      max: 37,
      answer: 'about 35 degrees',
      explain: 'Three fists are 30°, three fingers are 5°. Nobody’s hand is more exact than a degree or two.',
    },
    {
      id: 'check.polaris',
      type: 'true-false',
      objective: 'signposts',
      prompt: '“The Pole Star must be the brightest of all.” True or false?',
      options: [{ id: 'true', text: 'True' }, { id: 'false', text: 'False' }],
      correct: ['false'],
      explain: 'It is of middling brightness. Sirius is the brightest star of the night.',
    },
    {
      id: 'check.rotation',
      type: 'choice',
      objective: 'turning',
      prompt: 'Which two come from the turning of the Earth round its own axis?',
      hint: 'Choose two.',
      options: [
        { id: 'a', text: 'Stars rise in the east and set in the west' },
        { id: 'b', text: 'Orion is a constellation of winter evenings in Europe' },
        { id: 'c', text: 'The sky moves on by 15° an hour' },
        { id: 'd', text: 'The Moon has phases' },
      ],
      correct: ['a', 'c'],
      explain: 'The seasons of the stars come from the way round the Sun, the phases from the Moon’s way round us.',
    },
    {
      id: 'check.moonrise',
      type: 'sequencing',
      objective: 'moon',
      prompt: 'Which Moon rises when? Begin with the one that rises at sunrise and go through the day and the night.',
      hint: 'Move the phases with the arrow buttons.',
      options: [
        { id: 'last', text: 'Last quarter' },
        { id: 'full', text: 'Full moon' },
        { id: 'new', text: 'New moon' },
        { id: 'first', text: 'First quarter' },
      ],
      correct: ['new', 'first', 'full', 'last'],
      explain: 'New moon at sunrise, first quarter at noon, full moon at sunset, last quarter at midnight.',
    },
    {
      id: 'check.where',
      type: 'matching',
      objective: 'wanderers',
      prompt: '“And what can I say about …?”',
      left: [
        { id: 'a', text: 'Venus' },
        { id: 'b', text: 'Jupiter' },
        { id: 'c', text: 'Perseids' },
        { id: 'd', text: 'International Space Station' },
      ],
      right: [
        { id: '1', text: 'Can be up all night' },
        { id: '2', text: 'Crosses the sky in minutes' },
        { id: '3', text: 'Never up at midnight' },
        { id: '4', text: 'Best in August' },
      ],
      correct: { a: '3', b: '1', c: '4', d: '2' },
      explain: 'Two planets, a shower and a space station: now your friend knows, too.',
    },
    {
      id: 'check.line',
      type: 'fill-in',
      objective: 'moon',
      prompt: 'Craters look best near the line between day and night on the Moon. What is this line called?',
      label: 'One word',
      accept: ['terminator', 'the terminator'],
      answer: 'terminator',
      explain: 'There the Sun is low, and the shadows are long.',
    },
    {
      id: 'check.confidence',
      type: 'likert',
      prompt: 'How sure are you that you will find the Pole Star, or the south pole of the sky, tonight?',
      hint: 'This one does not count.',
      options: [
        { id: 'not_at_all', text: 'Not at all' },
        { id: 'hardly', text: 'Hardly' },
        { id: 'perhaps', text: 'Perhaps' },
        { id: 'fairly', text: 'Fairly' },
        { id: 'quite_sure', text: 'Quite sure' },
      ],
      explain: 'Try it on the next clear night.',
    },
  ],
});

function nightPicture() {
  const picture = $('two');
  const dusk = svg('linearGradient', { id: 'dusk', x1: 0, y1: 0, x2: 0, y2: 1 });
  dusk.append(svg('stop', { offset: 0, 'stop-color': '#070b22' }), svg('stop', { offset: 0.7, 'stop-color': '#1b2a63' }), svg('stop', { offset: 1, 'stop-color': '#54538f' }));
  const way = svg('linearGradient', { id: 'way' });
  way.append(svg('stop', { offset: 0, 'stop-color': '#fff', 'stop-opacity': 0 }), svg('stop', { offset: 0.5, 'stop-color': '#cfd6ff', 'stop-opacity': 0.22 }), svg('stop', { offset: 1, 'stop-color': '#fff', 'stop-opacity': 0 }));
  picture.append(dusk, way, svg('rect', { width: 480, height: 380, fill: 'url(#dusk)' }));
  picture.append(svg('rect', { x: 170, y: -160, width: 150, height: 620, fill: 'url(#way)', transform: 'rotate(26 240 160)' }));
  backdrop(picture, { width: 480, height: 300, count: 250, seed: 101 });
  picture.append(svg('path', { d: 'M392 74A30 30 0 1 1 372 126A34 34 0 0 0 392 74Z', fill: '#f3efe0' }));
  const hill = svg('g', { fill: '#0c1230' });
  hill.append(svg('path', { d: 'M0 320c110-50 190-56 270-34s150 22 210 2v92H0z' }));
  for (const [x, reach] of [[176, 26], [232, -22]]) {
    hill.append(svg('circle', { cx: x, cy: 206, r: 11 }), svg('path', { d: `M${x - 13} 292l3-56c1-14 20-14 21 0l3 56z` }));
    hill.append(svg('path', { d: `M${x + Math.sign(reach) * 6} 230l${reach} -34`, stroke: '#0c1230', 'stroke-width': 7, 'stroke-linecap': 'round' }));
  }
  picture.append(hill);
}

function listLessons() {
  $('finished').replaceChildren(...Object.entries(LESSONS).map(([id, title]) => {
    const met = lesson.record.isMet(id);
    const line = document.createElement('li');
    line.className = met ? 'is-right' : '';
    const verdict = document.createElement('span');
    verdict.className = 'verdict';
    verdict.textContent = met ? 'Finished' : '';
    line.append(title, verdict);
    return line;
  }));
}

/** Right answers of all answers, lesson by lesson. */
function byLesson() {
  return Object.entries(LESSONS).map(([id, title]) => {
    const asked = lesson.questions.filter(({ objective }) => objective === id);
    return { title, total: asked.length, right: asked.filter((question) => judge(question, lesson.state.answers[question.id])).length };
  });
}

function showResult() {
  $('result-more').hidden = !lesson.done;
  if (!lesson.done) return;
  const right = lesson.firstTimeRight.length;
  $('result-title').textContent = lesson.passed ? 'Clear skies' : 'A little cloudy';
  $('result-text').textContent = lesson.passed
    ? `${right} of 7 right. You passed, and your friend is impressed.`
    : `${right} of 7 right; five would pass. Have another look at the lessons with gaps, then take the check again.`;
  $('retake').hidden = lesson.passed;
  $('meters').replaceChildren(...byLesson().flatMap(({ title, right: count, total }) => {
    const name = document.createElement('dt');
    name.textContent = `${title}: ${count} of ${total}`;
    const meter = document.createElement('dd');
    const bar = document.createElement('span');
    bar.style.width = `${(100 * count) / total}%`;
    meter.append(bar);
    return [name, meter];
  }));
}

$('plan').value = lesson.state.plan ?? '';
$('plan-form').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = $('plan').value.trim();
  if (!text || text === lesson.state.plan) return;
  lesson.state.plan = text;
  lesson.record.comment(text, 'result');
  lesson.save();
  $('plan-saved').textContent = 'Saved.';
});
$('finish').addEventListener('click', () => lesson.leave('exitAll'));
$('retake').addEventListener('click', () => lesson.retake('first-part'));
lesson.onProgress = showResult;

nightPicture();
listLessons();
lesson.start();
