import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from '../tools/browser.js';
import { violations } from './axe.js';
import { enter, startEstate, type Estate } from './estate.js';
import { dress } from './dress.js';
import { routePatterns, walk, type Stop } from './walk.js';

const SLOW = { timeout: 60_000 };

let estate: Estate;
let ada: Person;
let stops: Record<string, Stop>;

beforeAll(async () => {
  estate = await startEstate();
  stops = walk(estate.subjects);
  ada = await newPerson({ url: estate.origin.url });
  await enter(ada);
});

afterAll(() => ada.context.close());

async function open({ page }: Person, { path, heading }: Stop): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { name: heading }).first().waitFor(SLOW);
  await page
    .locator('main [aria-busy=true]')
    .first()
    .waitFor({ state: 'detached', ...SLOW });
}

describe('every page', () => {
  it('is on the walk of these tests', () => {
    const gates = ['/setup', '/sign-in', '/enrol'];
    expect(Object.keys(stops).sort()).toEqual(
      routePatterns()
        .filter((pattern) => !gates.includes(pattern))
        .sort(),
    );
  });

  it('breaks no rule of WCAG 2.2 AA that axe knows, light and dark, and is not wider than a telephone', async () => {
    const { page } = ada;
    const found: string[] = [];
    for (const [pattern, stop] of Object.entries(stops)) {
      await open(ada, stop);
      for (const colorScheme of ['light', 'dark'] as const) {
        await dress(ada, colorScheme);
        found.push(
          ...(await violations(page, { colours: colorScheme === 'dark' })).map(
            (violation) => `${pattern} ${colorScheme} ${violation}`,
          ),
        );
      }
      await page.setViewportSize({ width: 360, height: 740 });
      const by = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (by > 0) found.push(`${pattern} is ${by} px too wide`);
      await page.setViewportSize({ width: 1280, height: 860 });
    }
    expect(found).toEqual([]);
  }, 600_000);

  it('speaks the language of the browser, and the one that is chosen', async () => {
    const anna = await newPerson({ url: estate.origin.url, locale: 'de-AT' });
    await enter(anna);
    await anna.page.getByRole('link', { name: 'Benutzer' }).click();
    await anna.page.getByRole('heading', { name: 'Benutzer' }).waitFor(SLOW);
    expect(await anna.page.evaluate(() => document.documentElement.lang)).toBe('de');
    await anna.page.goto('/profile');
    await anna.page.getByRole('combobox', { name: 'Sprache' }).selectOption('en');
    await anna.page.getByRole('heading', { name: 'Your account' }).waitFor(SLOW);
    expect(anna.faults).toEqual([]);
    await anna.context.close();
  });

  it('never asked another host, broke its content policy or threw', () => {
    expect(ada.faults).toEqual([]);
  });
});
