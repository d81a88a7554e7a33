// Tries the things that lead on in a course that nobody knows: a start button, then whatever says "next".

/** Words on buttons that lead on, in the languages of the packages at hand; those that begin come before those that go on. */
const FORWARD = [
  /\b(start|begin|launch|enter|initiali[sz]e|iniciar)\b|开始|開始/i,
  /\b(next|continue|submit|ok|yes|play|resume|finish|complete|probar|set|save|go)\b|[»>→]|下一|继续|繼續|提交|确定|確定/i,
];

const CLICKABLE = 'button, a, input[type="button"], input[type="submit"], [role="button"], [onclick], .nav-control-button, [aria-label]';

/** What can be clicked in a frame, with a text to choose by. Elements are tagged so that each is tried once. */
function candidatesIn(selector) {
  const found = [];
  for (const element of document.querySelectorAll(selector)) {
    if (element.dataset.tried || element.disabled) continue;
    const box = element.getBoundingClientRect();
    const hidden = box.width < 4 || box.height < 4 || getComputedStyle(element).visibility === 'hidden';
    if (hidden) continue;
    const text = [element.textContent, element.value, element.title, element.getAttribute('aria-label'), element.id].filter(Boolean).join(' ').trim().slice(0, 80);
    found.push({ text, number: found.length });
    element.dataset.candidate = String(found.length - 1);
  }
  return found;
}

/** Clicks one thing that looks as if it led on; answers what it was, or nothing where there is none left. */
export async function clickForward(frames) {
  for (const frame of frames) {
    let candidates;
    try {
      candidates = await frame.evaluate(candidatesIn, CLICKABLE);
    } catch {
      continue; // The frame went away in the meantime.
    }
    const choice = FORWARD.map((words) => candidates.find(({ text }) => words.test(text))).find(Boolean);
    if (!choice) continue;
    try {
      const target = await frame.$(`[data-candidate="${choice.number}"]`);
      await target.evaluate((element) => { element.dataset.tried = 'yes'; });
      await target.click({ timeout: 1_500, force: true });
    } catch {
      continue;
    }
    return choice.text.replace(/\s+/g, ' ').slice(0, 40);
  }
  return '';
}
