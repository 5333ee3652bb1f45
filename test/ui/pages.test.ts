import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from '../tools/browser.js';
import { violations } from './axe.js';
import { enter } from '../tools/sign-in-page.js';
import { startEstate, type Estate } from './estate.js';
import { dress } from './dress.js';
import { routePatterns, walk, type Stop } from './walk.js';

const SLOW = { timeout: 60_000 };
/** What others may write as a name or a description. */
const HOSTILE = ` <img src=x onerror="document.title='struck'">`;

let estate: Estate;
let ada: Person;
let stops: Record<string, Stop>;

beforeAll(async () => {
  estate = await startEstate({ word: HOSTILE });
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

const none = () => expect.fail('no such page on the walk');

/** Marks all in the page that Tab has to reach, by what each is called; one of a group of radio buttons stands for all. */
function markStops(): string[] {
  const can = 'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea, summary';
  const seen = [...document.querySelectorAll<HTMLElement>(`main :is(${can})`)].filter(
    (one) => one.checkVisibility() && one.tabIndex >= 0 && !(one instanceof HTMLInputElement && one.type === 'radio'),
  );
  return seen.map((one, nth) => {
    const { ariaLabel, title, textContent, tagName } = one;
    const word = ariaLabel ?? (title || textContent.trim().slice(0, 40));
    return (one.dataset['stop'] = `${nth} ${tagName.toLowerCase()} ${word}`);
  });
}

function stopInFocus(): [string, boolean] {
  const { activeElement } = document;
  const stop = activeElement instanceof HTMLElement ? (activeElement.dataset['stop'] ?? '') : '';
  return [stop, activeElement?.shadowRoot !== null && activeElement?.shadowRoot !== undefined];
}

/** Presses Tab until what is called so has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    const here = await page.evaluate((wanted) => {
      const { activeElement: one } = document;
      const label = one instanceof HTMLInputElement || one instanceof HTMLSelectElement ? one.labels?.[0] : null;
      const words = [one?.ariaLabel, one?.textContent, label?.textContent];
      return words.some((word) => word?.replace(/\s*\*$/, '').trim() === wanted);
    }, name);
    if (here) return;
  }
  expect.fail(`Tab never came to ${name}`);
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

  it('shows what others have written as text, and runs none of it', async () => {
    const { page } = ada;
    for (const kind of ['groups', 'roles', 'templates']) {
      const made = estate.origin.api.request('POST', `/${kind}`, { name: `a${HOSTILE}` });
      await expect(made, kind).rejects.toThrow('input.invalid');
    }
    await open(ada, stops['/groups'] ?? none());
    await page.getByText(HOSTILE.trim()).first().waitFor(SLOW);
    await open(ada, stops['/templates/:id/versions'] ?? none());
    await page.getByText(`more of it${HOSTILE}`).first().waitFor(SLOW);
    await open(ada, stops['/variables'] ?? none());
    await page.getByText(`debian:12${HOSTILE}`).first().waitFor(SLOW);
    expect(await page.locator('img[src=x]').count()).toBe(0);
    expect(await page.title()).not.toContain('struck');
  });

  it('is reached by the keyboard alone, each of what can be pressed or filled', async () => {
    const { page } = ada;
    const missed: string[] = [];
    for (const [pattern, stop] of Object.entries(stops)) {
      await open(ada, stop);
      const wanted = await page.evaluate(markStops);
      const reached = new Set<string>();
      await page.evaluate(() => document.getElementById('content')?.focus());
      for (let presses = 0; presses < wanted.length + 25 && reached.size < wanted.length; presses += 1) {
        const [at, inEditor] = await page.evaluate(stopInFocus);
        if (at !== '') reached.add(at);
        // in an editor Tab indents, unless Escape comes before it
        if (inEditor) await page.keyboard.press('Escape');
        await page.keyboard.press('Tab');
      }
      missed.push(...wanted.filter((one) => !reached.has(one)).map((one) => `${pattern} ${one}`));
    }
    expect(missed).toEqual([]);
  }, 600_000);

  it('lets a space be made, stopped and deleted by the keyboard alone', async () => {
    const { page } = ada;
    const main = page.locator('main');
    await page.goto('/spaces');
    await tabTo(page, 'New space');
    await page.keyboard.press('Enter');
    await main.getByRole('heading', { name: 'New space' }).waitFor(SLOW);
    await main.getByRole('textbox', { name: 'Name' }).waitFor(SLOW);
    await page.keyboard.type('keys');
    await tabTo(page, 'Template');
    await page.keyboard.type('Shell');
    await tabTo(page, 'Create and start');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Running').waitFor(SLOW);
    await tabTo(page, 'Stop keys');
    await page.keyboard.press('Space');
    await page.getByRole('status').getByText('Stopped').waitFor(SLOW);
    await tabTo(page, 'Delete …');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Type keys to confirm').waitFor(SLOW);
    await page.keyboard.type('keys');
    await page.keyboard.press('Enter');
    await main.getByRole('heading', { name: /does not exist/ }).waitFor(SLOW);
  });

  it('speaks the language of the browser, and the one that is chosen', async () => {
    const anna = await newPerson({ url: estate.origin.url, locale: 'de-AT' });
    await enter(anna);
    await anna.page.getByRole('link', { name: 'Benutzer' }).click();
    await anna.page.getByRole('heading', { name: 'Benutzer' }).waitFor(SLOW);
    expect(await anna.page.evaluate(() => document.documentElement.lang)).toBe('de');
    await anna.page.goto('/groups/new');
    await anna.page.getByLabel('Name').fill('shop floor');
    await anna.page.getByRole('button', { name: 'Gruppe anlegen' }).click();
    const refusal = anna.page.getByRole('alert');
    await refusal.getByText('Das gibt es schon').waitFor(SLOW);
    await refusal.getByText('Wählen Sie einen anderen Namen.').waitFor(SLOW);
    // the rest is the server's, and said to be English
    expect(await refusal.locator('q[lang=en]').innerText()).toContain('shop floor');
    await anna.page.goto('/profile');
    await anna.page.getByRole('combobox', { name: 'Sprache' }).selectOption('en');
    await anna.page.getByRole('heading', { name: 'Your account' }).waitFor(SLOW);
    expect(anna.faults).toEqual([]);
    await anna.context.close();
  }, 300_000);

  it('never asked another host, broke its content policy or threw', () => {
    expect(ada.faults).toEqual([]);
  });
});
