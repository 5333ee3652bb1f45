import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from '../tools/browser.js';
import { dress } from './dress.js';
import { enter } from '../tools/sign-in-page.js';
import { startEstate, type Estate } from './estate.js';
import { walk, type Stop } from './walk.js';

const SLOW = { timeout: 30_000 };
const SHOTS = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'test-results/ui/pages');
/** All that pages read, but not who one is and the events. */
const READS = /\/api\/v1\/(?!me$|events|setup|auth)/;

let estate: Estate;
let ada: Person;
let stops: [string, Stop][];

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  estate = await startEstate();
  stops = Object.entries(walk(estate.subjects));
  ada = await newPerson({ url: estate.origin.url });
  await enter(ada);
});

afterAll(() => ada.context.close());

const shown = ({ heading }: Stop) => ada.page.getByRole('heading', { name: heading }).first().waitFor(SLOW);

describe('every page that reads something', () => {
  it('says that it loads until the answer is there', async () => {
    const { page } = ada;
    for (const [, stop] of stops.filter(([, { reads }]) => reads)) {
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      await page.route(READS, (route) => released.then(() => route.continue()));
      await page.goto(stop.path);
      await page.locator('main [role=status][aria-busy=true]').first().waitFor(SLOW);
      release();
      await shown(stop);
      await page.unroute(READS);
      await page
        .locator('main [role=status][aria-busy=true]')
        .first()
        .waitFor({ state: 'detached', ...SLOW });
    }
  });

  it('says by code what failed and what to do, and goes on when told to', async () => {
    const { page } = ada;
    for (const [pattern, stop] of stops.filter(([, { reads }]) => reads)) {
      await page.route(READS, (route) => route.abort());
      await page.goto(stop.path);
      const refusal = page.locator('main').getByRole('alert').filter({ hasText: 'server.unavailable' }).first();
      await refusal.waitFor(SLOW);
      expect(await refusal.textContent(), pattern).toContain('Check your connection');
      await page.unroute(READS);
      for (let turn = 0; turn < 20 && (await refusal.count()) > 0; turn += 1) {
        // what is read again by itself meanwhile has no such button any more
        await refusal
          .getByRole('button', { name: 'Try again' })
          .click({ timeout: 2_000 })
          .catch(() => undefined);
        await refusal.waitFor({ state: 'detached', timeout: 5_000 }).catch(() => undefined);
      }
      await shown(stop);
      expect(await refusal.count(), pattern).toBe(0);
    }
  });
});

describe('every page', () => {
  it('is a picture in both themes and on a telephone, for people to look at', async () => {
    const { page } = ada;
    for (const [pattern, stop] of stops) {
      await page.goto(stop.path);
      await shown(stop);
      const name = pattern.replaceAll(/[^a-z]+/g, '-').replaceAll(/^-|-$/g, '') || 'nowhere';
      for (const colorScheme of ['light', 'dark'] as const) {
        await dress(ada, colorScheme);
        await page.screenshot({ path: join(SHOTS, `${name}-${colorScheme}.png`), fullPage: true });
      }
      await page.setViewportSize({ width: 390, height: 844 });
      await page.screenshot({ path: join(SHOTS, `${name}-narrow.png`), fullPage: true });
      await page.setViewportSize({ width: 1280, height: 860 });
    }
    expect(ada.faults).toEqual([]);
  });
});
