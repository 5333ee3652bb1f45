import { expect } from 'vitest';
import { newPerson } from '../tools/browser.js';
import { eventually } from '../tools/eventually.js';
import { enter } from '../tools/sign-in-page.js';
import type { Releases } from './releases.js';

const SOON = { timeout: 120_000, interval: 500 };

/**
 * What a person sees of a space with `web-app.mjs` in it: its terminal on its page, typed into and read back, and the app
 * under its own name, by HTTP, a WebSocket and a stream of events.
 */
export async function openInBrowser({ url, api }: Releases, id: string): Promise<void> {
  const { page, context, faults } = await newPerson({ url });
  await enter({ page });

  await page.goto(`/spaces/${id}`);
  await page.getByRole('link', { name: 'Terminal' }).click();
  await page.locator('[data-terminal-state=connected]').waitFor({ timeout: 120_000 });
  await page.keyboard.type('echo of-$((40+2))-$KUBERNETES_SERVICE_PORT');
  await page.keyboard.press('Enter');
  await eventually(
    () => page.locator('.xterm-rows').innerText(),
    (text) => text.replaceAll(/\s/g, '').includes('of-42-443'),
    { ...SOON, what: 'what was typed into the terminal to be answered' },
  );
  expect(faults).toEqual([]);

  const { ports } = await eventually(
    () => api.space(id),
    (space) => space.ports.length > 0,
    { ...SOON, what: 'the port of the app' },
  );
  const address = ports[0]?.address ?? '';
  expect(address).toBe(`http://ada--pod--shop.knot-apps.test:${new URL(url).port}/`);
  await page.goto(`/spaces/${id}`);
  const opened = context.waitForEvent('page');
  await page.getByRole('link', { name: /^Open Shop/ }).click();
  const app = await opened;
  await app.getByRole('heading', { name: 'The app' }).waitFor();
  expect(app.url()).toBe(address);
  await eventually(
    () => app.locator('#log').innerText(),
    (text) => text.includes('said back hello') && text.includes('event later') && text.includes('headers '),
    { ...SOON, what: 'the WebSocket and the events of the app' },
  );
  await context.close();
}
