import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from '../tools/browser.js';
import { startOrigin, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { enter, JOB } from './estate.js';

const SPACES = 10_000;
const AT_ONCE = 16;

let origin: Origin;
let ada: Person;

beforeAll(async () => {
  origin = await startOrigin();
  const { api } = origin;
  const template = await api.createTemplate({ name: 'Shell', platform: 'local', job: JOB });
  const location = 'home';
  let next = 0;
  const make = async () => {
    while (next < SPACES) {
      next += 1;
      await api.createSpace(`s-${String(next).padStart(5, '0')}`, template.id, location);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, make));
  ada = await newPerson({ url: origin.url });
  await enter(ada);
}, 900_000);

afterAll(() => ada.context.close());

describe('a list of ten thousand spaces', () => {
  it('is scrolled to its end with few rows drawn at any time, and frames that keep coming', async () => {
    const { page } = ada;
    const rows = page.locator('tbody tr[data-space]');
    await rows.first().waitFor();
    await page.evaluate(() => {
      const gaps: number[] = [];
      let last = performance.now();
      const frame = (now: number) => {
        gaps.push(now - last);
        last = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      Object.assign(window, { gaps });
    });
    let most = 0;
    await eventually(
      async () => {
        await page.mouse.move(640, 500);
        for (let turn = 0; turn < 20; turn += 1) await page.mouse.wheel(0, 2_500);
        most = Math.max(most, await rows.count());
        return page.locator(`tr[data-space=s-${SPACES}]`).count();
      },
      (count) => count === 1,
      { timeout: 600_000, interval: 50, what: 'the last space to be in sight' },
    );
    expect(most).toBeLessThan(150);
    await page.getByText(`${SPACES} spaces`).waitFor();
    const gaps = await page.evaluate(() => (window as unknown as { gaps: number[] }).gaps.sort((a, b) => a - b));
    const at = (share: number) => Math.round(gaps[Math.floor(gaps.length * share)] ?? 0);
    console.log(`frames: ${gaps.length}, ms between: p50 ${at(0.5)}, p95 ${at(0.95)}, p99 ${at(0.99)}; rows ${most}`);
  }, 700_000);
});
