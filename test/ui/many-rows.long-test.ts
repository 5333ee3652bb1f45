import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from '../tools/browser.js';
import { startOrigin, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { enter } from '../tools/sign-in-page.js';
import { JOB } from './estate.js';

const SPACES = 10_000;
const AT_ONCE = 16;
/** px of one turn of the wheel, and turns of the measured part. */
const TURN = 430;
const TURNS = 60;

let origin: Origin;
let ada: Person;

beforeAll(async () => {
  origin = await startOrigin();
  const { api } = origin;
  const template = await api.createTemplate({ name: 'Shell', platform: 'local', job: JOB });
  let next = 0;
  const make = async () => {
    while (next < SPACES) {
      next += 1;
      await api.createSpace(`s-${String(next).padStart(5, '0')}`, template.id, 'home');
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, make));
  ada = await newPerson({ url: origin.url });
  await enter(ada);
}, 900_000);

afterAll(() => ada.context.close());

/** Counts what is done to the rows from now on. */
function watchRows() {
  const seen = { made: 0, touched: 0, most: 0 };
  const rowsOf = (nodes: NodeList) =>
    [...nodes].filter((node) => node instanceof HTMLElement && node.dataset['space'] !== undefined).length;
  new MutationObserver((records) => {
    for (const { type, target, addedNodes } of records) {
      seen.made += type === 'childList' ? rowsOf(addedNodes) : 0;
      const element = target instanceof Element ? target : target.parentElement;
      if (element?.closest('tr[data-space]')) seen.touched += 1;
    }
    seen.most = Math.max(seen.most, document.querySelectorAll('tr[data-space]').length);
  }).observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true });
  Object.assign(window, { seen });
}

/** Scrolls as a wheel does, a turn in each frame; answers ms between frames, shortest first. */
async function scroll([turns, by]: readonly [number, number]): Promise<number[]> {
  const gaps: number[] = [];
  let last = performance.now();
  for (let turn = 0; turn < turns; turn += 1) {
    window.scrollBy(0, by);
    const now = await new Promise<number>((drawn) => requestAnimationFrame(drawn));
    gaps.push(now - last);
    last = now;
  }
  return gaps.sort((a, b) => a - b);
}

/** What a row costs at the very least: made of its finished HTML, laid out and thrown away, ms. */
function floorPerRow(): number {
  const row = document.querySelector('tr[data-space]');
  const body = row?.parentElement;
  if (!row || !body) return 0;
  const html = row.outerHTML;
  const begun = performance.now();
  for (let turn = 0; turn < 200; turn += 1) {
    const made = document.createElement('template');
    made.innerHTML = html;
    body.append(made.content);
    const { lastElementChild } = body;
    lastElementChild?.getBoundingClientRect();
    lastElementChild?.remove();
  }
  return (performance.now() - begun) / 200;
}

describe('a list of ten thousand spaces', () => {
  it('makes each row once as it comes into sight, and leaves the others alone', async () => {
    const { page, context } = ada;
    await page.locator('tbody tr[data-space]').first().waitFor();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Performance.enable');
    const metrics = async () => {
      const { metrics: all } = await devtools.send('Performance.getMetrics');
      return (name: string) => all.find((metric) => metric.name === name)?.value ?? 0;
    };
    await page.evaluate(watchRows);
    const before = await metrics();
    const gaps = await page.evaluate(scroll, [TURNS, TURN] as const);
    const after = await metrics();
    const { made, touched, most } = await page.evaluate(() => ({
      ...(window as unknown as { seen: { made: number; touched: number; most: number } }).seen,
    }));
    const floor = await page.evaluate(floorPerRow);
    const spent = (name: string) => ((after(name) - before(name)) * 1_000) / TURNS;
    const at = (share: number) => Math.round(gaps[Math.floor(gaps.length * share)] ?? 0);
    const perRow = (spent('ScriptDuration') * TURNS) / made;
    console.log(
      `rows made ${made}, most at a time ${most}, touched while they stayed ${touched}; script ${perRow.toFixed(2)} ms a row ` +
        `(bare HTML ${floor.toFixed(2)}); a turn of ${TURN} px: script ${spent('ScriptDuration').toFixed(1)}, layout ` +
        `${spent('LayoutDuration').toFixed(1)}, style ${spent('RecalcStyleDuration').toFixed(1)} ms; ms between frames: ` +
        `p50 ${at(0.5)}, p95 ${at(0.95)}`,
    );
    expect(most).toBeLessThan(80);
    // what passed by, and a screen more at either end
    expect(made).toBeLessThan((TURNS * TURN) / 57 + 100);
    expect(touched).toBeLessThan(made / 10);
  });

  it('is scrolled to its end, page by page of the server, with no more in the document than at its beginning', async () => {
    const { page, context } = ada;
    const devtools = await context.newCDPSession(page);
    const nodes = async () => {
      await devtools.send('HeapProfiler.collectGarbage');
      return (await devtools.send('Memory.getDOMCounters')).nodes;
    };
    const before = await nodes();
    await eventually(
      async () => {
        await page.evaluate(scroll, [20, 2_500] as const);
        return page.locator(`tr[data-space=s-${SPACES}]`).count();
      },
      (count) => count === 1,
      { timeout: 600_000, interval: 20, what: 'the last space to be in sight' },
    );
    await page.getByText(`${SPACES} spaces`).waitFor();
    expect(await page.locator('tr[data-space]').count()).toBeLessThan(80);
    expect(await nodes()).toBeLessThan(before * 1.5);
  }, 700_000);
});
