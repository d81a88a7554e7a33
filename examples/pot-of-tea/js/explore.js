// The pictures that answer when they are touched: leaf, brewing curves, kettle and scale.

const $ = (id) => document.getElementById(id);
const SVG = 'http://www.w3.org/2000/svg';

function svg(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** Calls `update` with the chosen value, now and on every change. */
function onRadio(fieldset, update) {
  const apply = () => update(fieldset.querySelector('input:checked').value);
  fieldset.addEventListener('change', apply);
  apply();
}

function onSlider(slider, update) {
  const apply = () => update(Number(slider.value));
  slider.addEventListener('input', apply);
  apply();
}

const KINDS = {
  white: 'White: withered and dried with care, hardly touched otherwise. A little oxidation happens along the way. Pale, soft, honeyed.',
  green: 'Green: heated soon after picking, in a pan or in steam, so that the enzymes stop before the leaf turns brown. Fresh, grassy, sometimes like the sea.',
  oolong: 'Oolong: bruised, rested, and stopped half-way, somewhere between a tenth and four fifths of full oxidation. Flowers at one end, roasted nuts at the other.',
  black: 'Black: rolled so that the leaf cells break, then left to oxidise fully before it is dried. Malty, brisk, with a good grip.',
  dark: 'Dark: made like a green tea at first, then ripened by microbes for weeks or for years. Pu-erh is the famous one. Earthy, smooth, woody.',
};

function leafPicture() {
  onRadio($('tea-kinds'), (kind) => {
    $('sprig').dataset.kind = kind;
    $('tea-kind-text').textContent = KINDS[kind];
  });
}

/** Share extracted after `t` minutes, from 0 to 1: the shape of the idea, not laboratory data. */
const CURVES = {
  aroma: (t) => 1 - Math.exp(-t / 1.1),
  caffeine: (t) => 1 - Math.exp(-t / 2.2),
  tannin: (t) => 1 - Math.exp(-((t / 6.5) ** 1.7)),
};

const CHART = { left: 22, right: 404, top: 18, bottom: 288, minutes: 10 };
const chartX = (t) => CHART.left + (t / CHART.minutes) * (CHART.right - CHART.left);
const chartY = (share) => CHART.bottom - share * (CHART.bottom - CHART.top);

function brewComment(minutes) {
  if (minutes === 0) return 'Dry leaves. It smells good already.';
  if (minutes < 2) return `${minutes} min: fragrant and thin. Most of the aroma is out, the body is missing.`;
  if (minutes < 3) return `${minutes} min: light and sweet.`;
  if (minutes <= 5) return `${minutes} min: in balance. Aroma, briskness and body in one cup.`;
  if (minutes <= 7) return `${minutes} min: firm, and dry on the tongue. Milk would have something to do.`;
  return `${minutes} min: bitter. The aroma has not grown for a long while, the tannins have.`;
}

function brewPicture() {
  const chart = $('brew-chart');
  chart.append(svg('rect', {
    x: chartX(3), y: CHART.top, width: chartX(5) - chartX(3), height: CHART.bottom - CHART.top, class: 'good-zone', rx: 6,
  }));
  chart.append(svg('path', { d: `M${CHART.left} ${CHART.top}V${CHART.bottom}H${CHART.right}`, class: 'axis' }));
  for (let minute = 0; minute <= CHART.minutes; minute += 2) {
    const label = svg('text', {
      x: chartX(minute), y: CHART.bottom + 24, class: minute < CHART.minutes ? 'tick' : 'tick last',
    });
    label.textContent = minute === CHART.minutes ? `${minute} min` : minute;
    chart.append(label);
  }
  for (const [name, share] of Object.entries(CURVES)) {
    const points = Array.from({ length: 101 }, (_, i) => `${chartX(i / 10).toFixed(1)} ${chartY(share(i / 10)).toFixed(1)}`);
    chart.append(svg('path', { d: `M${points.join('L')}`, class: `curve ${name}` }));
  }
  const hand = svg('line', { y1: CHART.top, y2: CHART.bottom, class: 'hand' });
  const dots = Object.keys(CURVES).map((name) => svg('circle', { r: 7, class: `dot ${name}` }));
  chart.append(hand, ...dots);
  onSlider($('minutes'), (minutes) => {
    hand.setAttribute('x1', chartX(minutes));
    hand.setAttribute('x2', chartX(minutes));
    Object.values(CURVES).forEach((share, i) => {
      dots[i].setAttribute('cx', chartX(minutes));
      dots[i].setAttribute('cy', chartY(share(minutes)));
    });
    $('minutes').setAttribute('aria-valuetext', `${minutes} minutes`);
    $('minutes-text').textContent = brewComment(minutes);
  });
}

/** Up to which temperature (°C) each sentence holds. */
const HEATS = [
  [70, 'wisps of steam. The water for sencha and other Japanese greens.'],
  [80, 'small bubbles on the bottom. Right for Chinese green tea.'],
  [85, 'strings of bubbles rise. White tea likes this, and so do sturdy greens.'],
  [95, 'it simmers. Oolong opens up, and delicate black tea such as a first-flush Darjeeling.'],
  [100, 'a rolling boil. Breakfast blends, Assam, dark tea, and every herbal infusion.'],
];

function kettlePicture() {
  const bubbles = $('bubbles');
  // A fixed scatter: neighbouring numbers times an irrational step never line up.
  for (let i = 0; i < 42; i += 1) {
    const x = 74 + ((i * 0.618034 * 212) % 212);
    const y = 304 - ((i * 0.754878 * 96) % 96);
    bubbles.append(svg('circle', { cx: x.toFixed(1), cy: y.toFixed(1), r: 3 + (i % 5) }));
  }
  onSlider($('degrees'), (degrees) => {
    const share = (degrees - 60) / 40;
    [...bubbles.children].forEach((bubble, i) => {
      const low = Number(bubble.getAttribute('cy')) > 290 - share * 120;
      bubble.style.opacity = low && i < 4 + share * 40 ? 1 : 0;
    });
    const height = 24 + share * 88;
    $('mercury').setAttribute('y', 124 - height);
    $('mercury').setAttribute('height', height);
    $('kettle-steam').style.opacity = Math.max(0, share * 1.2 - 0.2);
    $('degrees').setAttribute('aria-valuetext', `${degrees} degrees Celsius`);
    const [, sentence] = HEATS.find(([limit]) => degrees <= limit);
    $('degrees-text').textContent = `${degrees} °C: ${sentence}`;
  });
}

/** What a level teaspoon of small-leaf black tea weighs, in grams, roughly. */
const TEASPOON_GRAMS = 2.5;

function scalePicture() {
  const heap = $('heap');
  for (let i = 0; i < 90; i += 1) {
    const layer = Math.floor(Math.sqrt(i));
    const spread = 96 - layer * 8;
    const x = 210 + (((i * 0.618034) % 1) - 0.5) * 2 * spread;
    const y = 146 - layer * 7.5 + ((i * 0.754878) % 1) * 8;
    const turn = ((i * 0.569840) % 1) * 2 - 1;
    heap.append(svg('path', { d: `M${(x - 7).toFixed(1)} ${(y + turn * 5).toFixed(1)}q7 ${(-4 * turn).toFixed(1)} 14 ${(-turn * 8).toFixed(1)}` }));
  }
  const update = () => {
    const millilitres = Number($('pot-size').value);
    const grams = Math.round((millilitres / 100) * Number($('strength').querySelector('input:checked').value) * 10) / 10;
    const spoons = Math.round((grams / TEASPOON_GRAMS) * 2) / 2;
    $('scale-grams').textContent = `${grams.toFixed(1)} g`;
    [...heap.children].forEach((leaf, i) => { leaf.style.display = i < 14 + grams * 3.2 ? '' : 'none'; });
    $('pot-size').setAttribute('aria-valuetext', `${millilitres} millilitres`);
    $('measure-text').textContent = `${millilitres} ml: ${grams} g of leaf, or about ${spoons} level teaspoons of a small-leaf black tea.`;
  };
  $('pot-size').addEventListener('input', update);
  $('strength').addEventListener('change', update);
  update();
}

/** Brings all pictures to life. */
export function startPictures() {
  leafPicture();
  brewPicture();
  kettlePicture();
  scalePicture();
}
