import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from '../tools/browser.js';
import { freePort } from '../tools/ports.js';
import { startKnot } from '../tools/processes.js';
import { codeNow } from './one-time-codes.js';
import { BOB, enter, startEstate, type Estate } from './estate.js';

const SLOW = { timeout: 30_000 };

let estate: Estate;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  estate = await startEstate();
  [ada, bob] = await Promise.all([newPerson({ url: estate.origin.url }), newPerson({ url: estate.origin.url })]);
  await enter(ada);
  await enter(bob, BOB);
});

afterAll(() => Promise.all([ada.context.close(), bob.context.close()]));

const row = ({ page }: Person, name: string) => page.locator(`tr[data-space="${name}"], tr[data-row="${name}"]`);

describe('two people at two browsers', () => {
  it('see what the other does without asking', async () => {
    const { page } = bob;
    await page.getByRole('link', { name: 'New space' }).first().click();
    await page.getByLabel('Name').fill('bobs');
    await page.getByLabel('Template').selectOption({ label: 'Shell (Local)' });
    await page.getByRole('button', { name: 'Create and start' }).click();
    await row(ada, 'bobs').getByText('Running').waitFor(SLOW);
    await row(ada, 'bobs').getByRole('button', { name: 'Stop bobs' }).click();
    await page.getByRole('status').getByText('Stopped').waitFor(SLOW);
  });

  it('have other buttons at once when a role was given or taken', async () => {
    const { api } = estate.origin;
    const { user, role } = estate.subjects;
    await bob.page.getByRole('link', { name: 'Templates', exact: true }).click();
    await bob.page.locator('tr[data-template=Shell]').waitFor(SLOW);
    const make = bob.page.getByRole('link', { name: 'New template' });
    expect(await make.count()).toBe(0);
    await ada.page.goto(`/users/${user}`);
    await ada.page.getByLabel('keeper').check();
    await ada.page.getByRole('button', { name: 'Save' }).click();
    await make.waitFor(SLOW);
    await api.request('PATCH', `/roles/${role}`, { permissions: ['templates.see'] });
    await make.waitFor({ state: 'detached', ...SLOW });
  });

  it('are asked before many spaces are stopped or deleted at once', async () => {
    const { page } = ada;
    await page.goto('/spaces');
    await page.getByRole('checkbox', { name: 'Choose all that are listed' }).check();
    const bar = page.getByRole('region', { name: 'With those chosen' });
    await bar.getByText('2 spaces chosen').waitFor(SLOW);
    await bar.getByRole('button', { name: 'Stop' }).click();
    const asking = page.getByRole('dialog');
    await asking.getByRole('list', { name: 'These', exact: true }).getByText('shop').waitFor(SLOW);
    await asking
      .getByRole('list', { name: /^Not these/ })
      .getByText('bobs')
      .waitFor(SLOW);
    await asking.getByRole('button', { name: 'Stop' }).click();
    await row(ada, 'shop').getByText('Stopped').waitFor(SLOW);
    await page.getByRole('checkbox', { name: 'Choose all that are listed' }).check();
    await bar.getByRole('button', { name: 'Delete' }).click();
    const deed = asking.getByRole('button', { name: 'Delete' });
    expect(await deed.isDisabled()).toBe(true);
    await asking.getByLabel('Type delete 2 to confirm').fill('delete 2');
    await deed.click();
    await page.getByRole('heading', { name: 'No spaces yet' }).waitFor(SLOW);
  });

  it('go anywhere by the keyboard alone', async () => {
    const { page } = ada;
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /^Go to/ }).fill('page aud');
    await page.getByRole('option', { name: /Audit/ }).waitFor(SLOW);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Audit' }).waitFor(SLOW);
    expect(new URL(page.url()).pathname).toBe('/audit');
  });

  it('sign in with a one-time code once they have an authenticator', async () => {
    const { page } = bob;
    await page.goto('/profile');
    const panel = page.getByRole('region', { name: 'One-time codes' });
    await panel.getByRole('button', { name: /^Make a link/ }).click();
    const link = (await panel.locator('pre').textContent(SLOW)) ?? '';
    await page.goto(link);
    await page.locator('input[name=username]').fill(BOB.username);
    await page.locator('input[name=password]').fill(BOB.password);
    await page.getByRole('button', { name: 'Go on' }).click();
    const secret = (await page.getByLabel('Secret').textContent(SLOW)) ?? '';
    await page.locator('input[name=code]').fill(codeNow(secret));
    await page.getByRole('button', { name: 'Set it up' }).click();
    const codes = ((await page.getByLabel('Recovery codes').textContent(SLOW)) ?? '').trim().split('\n');
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.locator('input[name=username]').fill(BOB.username);
    await page.locator('input[name=password]').fill(BOB.password);
    await page.keyboard.press('Enter');
    await page.locator('input[name=code]').fill(codes[0] ?? '');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/spaces', SLOW);
    await page.goto('/profile');
    await panel.getByText('A code of the authenticator is asked for').waitFor(SLOW);
  });

  it('see a location turn green when its leaf is started from the file on the page', async () => {
    const { page } = ada;
    await page.goto('/add-location');
    await page.getByLabel('Name of the location').fill('par');
    await page.getByRole('button', { name: 'Show what to run there' }).click();
    await page.getByText('Waiting for par').waitFor(SLOW);
    const shown = (await page.locator('pre').first().textContent()) ?? '';
    const listen = `http://127.0.0.1:${await freePort()}`;
    const config = shown.replace('http://127.0.0.1:3000', listen).replace('enabled: false', 'enabled: true');
    await startKnot({ config, name: 'leaf-par' });
    await page.getByText('par has joined').waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: 'To the location' }).click();
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor(SLOW);
  });

  it('are signed out at once when they are deactivated, by the name', async () => {
    const { page } = ada;
    await page.goto(`/users/${estate.subjects.user}`);
    await page.getByRole('button', { name: /^Deactivate/ }).click();
    const asking = page.getByRole('dialog');
    await asking.getByLabel('Type bob to confirm').fill('bob');
    await asking.getByRole('button', { name: 'Deactivate' }).click();
    await bob.page.waitForURL('**/sign-in**', SLOW);
    expect(await bob.page.getByText('Shell').count()).toBe(0);
  });

  it('never asked another host, broke the content policy or threw', () => {
    expect([...ada.faults, ...bob.faults]).toEqual([]);
  });
});
