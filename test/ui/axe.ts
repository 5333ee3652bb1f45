import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Rules that ask for colours. */
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];
const ALL = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What of WCAG 2.2 AA the page as it is breaks: rule, element, and why. `colours`: only what a theme can break. */
export async function violations(page: Page, { colours = false } = {}): Promise<string[]> {
  await page.evaluate(source);
  const runOnly = JSON.stringify(colours ? { type: 'rule', values: OF_COLOURS } : { type: 'tag', values: ALL });
  const result = await page.evaluate<AxeResults>(`axe.run(document, { runOnly: ${runOnly} })`);
  return result.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary?.split('\n')[1] ?? ''}`),
  );
}
