// What axe-core complains about on a page.

import { axeSource } from './modules.mjs';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Its complaints as texts; evaluated from outside, which a strict content security policy of the page allows. */
export async function violations(page) {
  await page.evaluate(axeSource());
  return page.evaluate(async (rules) => {
    const result = await window.axe.run(document, { iframes: false, runOnly: rules });
    return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  }, RULES);
}

/** How far the page is wider than its window, in pixels. */
export function overflow(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}
