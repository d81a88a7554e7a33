// A person who takes our own sample courses: turns the pages and answers by what is written on them.

/** Turns `count` pages. */
export async function turn(course, count = 1) {
  for (let i = 0; i < count; i += 1) await course.getByRole('button', { name: /^(Next|Begin)$/ }).click();
}

/** Goes to a screen by the contents list. */
export async function goTo(course, title) {
  await course.getByText('Contents', { exact: true }).click();
  await course.getByRole('navigation', { name: 'Contents' }).getByRole('button', { name: title }).click();
  await course.getByRole('heading', { name: title, level: 1 }).waitFor();
}

/** Puts the rows of an ordering question into this order with the arrow buttons. */
async function order(question, wanted) {
  for (const [place, text] of wanted.entries()) {
    const rows = question.getByRole('listitem');
    for (;;) {
      const texts = await rows.evaluateAll((items) => items.map((item) => item.firstElementChild.textContent));
      const at = texts.indexOf(text);
      if (at < 0) throw new Error(`no row "${text}" in ${texts}`);
      if (at === place) break;
      await question.getByRole('button', { name: `Move up: ${text}`, exact: true }).click();
    }
  }
}

/** Fills one question by its kind: a text, a list of options, `{ pairs }` or `{ order }`. */
async function fill(question, answer) {
  if (answer.order) return order(question, answer.order);
  if (answer.pairs) {
    for (const [left, right] of Object.entries(answer.pairs)) {
      await question.getByLabel(left, { exact: true }).selectOption({ label: right });
    }
    return undefined;
  }
  if (Array.isArray(answer)) {
    for (const option of answer) await question.getByLabel(option, { exact: true }).check();
    return undefined;
  }
  return question.getByRole('textbox').fill(answer);
}

/** Answers the question that carries this text and has it checked. */
export async function answer(course, id, given) {
  const question = course.locator(`form[data-question="${id}"]`);
  await fill(question, given);
  await question.getByRole('button', { name: /^(Check|Save) answer$/ }).click();
}

/** The right answers of the tea quiz, in its order. */
export const TEA = [
  ['one-plant', ['the same plant, with the leaves treated differently']],
  ['weak-tea', ['False']],
  ['temperatures', { pairs: { 'Japanese green tea': 'About 70 °C', Oolong: 'About 90 °C', 'Black breakfast tea': 'Just off the boil, 95 to 100 °C' } }],
  ['weigh-it', '7,5'],
  ['the-order', { order: ['Warm the pot', 'Measure the leaf into it', 'Pour the water on', 'Start the clock and wait', 'Take the leaves out'] }],
  ['bitterness', ['Hotter water', 'A longer steep']],
  ['browning', 'Oxidation'],
];

/** Answers one question of the tea quiz and goes on to the next. */
export async function answerTea(course, [id, given]) {
  await answer(course, id, given);
  await course.getByRole('button', { name: /^(Next question|See your result)$/ }).click();
}

/** The lessons of the night sky: title in the table of contents, pages before the questions, right answers. */
export const SKY = [
  { title: 'Eyes in the dark', pages: 4, answers: [['eyes.phone', ['True']], ['eyes.fists', '40']] },
  { title: 'The turning sky', pages: 3, answers: [['turning.three-hours', '45'], ['turning.polaris', ['Oslo, 60° north']], ['turning.earlier', ['True']]] },
  {
    title: 'Signposts',
    pages: 4,
    answers: [
      ['signposts.pointers', {
        pairs: {
          'Front of the Big Dipper’s bowl': 'Polaris', 'Handle of the Big Dipper': 'Arcturus', 'Orion’s belt': 'Sirius and Aldebaran',
          'Long beam of the Southern Cross': 'South pole of the sky',
        },
      }],
      ['signposts.route', { order: ['Polaris', 'Bowl of the Big Dipper', 'Handle of the Big Dipper', 'Arcturus', 'Spica'] }],
    ],
  },
  {
    title: 'The Moon',
    pages: 3,
    answers: [
      ['moon.order', { order: ['New moon', 'Waxing crescent', 'First quarter', 'Full moon', 'Last quarter', 'Waning crescent'] }],
      ['moon.full-rises', ['At about sunset']],
      ['moon.shadow', ['False']],
    ],
  },
  {
    title: 'Wanderers and visitors',
    pages: 3,
    answers: [
      ['wanderers.lights', {
        pairs: {
          'It glided across in four minutes and faded away': 'Satellite', 'It was gone before I could point': 'Meteor', 'It blinked red and green': 'Aeroplane',
          'It stood in the evening glow, calm and very bright': 'Planet',
        },
      }],
      ['wanderers.band', 'ecliptic'],
    ],
  },
];

/** The two parts of the final check. The word for the terminator is wrong on purpose: six of seven right. */
export const SKY_CHECK = [
  [
    ['check.torch', ['A dim red one']],
    ['check.vega', '35'],
    ['check.polaris', ['False']],
    ['check.rotation', ['Stars rise in the east and set in the west', 'The sky moves on by 15° an hour']],
  ],
  [
    ['check.moonrise', { order: ['New moon', 'First quarter', 'Full moon', 'Last quarter'] }],
    ['check.where', { pairs: { Venus: 'Never up at midnight', Jupiter: 'Can be up all night', Perseids: 'Best in August', 'International Space Station': 'Crosses the sky in minutes' } }],
    ['check.line', 'horizon'],
    ['check.confidence', ['Fairly']],
  ],
];

/** Takes one lesson from where it stands to its end. */
export async function takeLesson(course, { pages, answers }) {
  await turn(course, pages);
  for (const [id, given] of answers) await answer(course, id, given);
}
