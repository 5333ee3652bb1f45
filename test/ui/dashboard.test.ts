import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../tools/api-client.js';
import { newPerson, type Person } from '../tools/browser.js';
import { ADMINISTRATOR, SHARED_TOKEN, scaffold, signIn, startLeaf, type Leaf } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder, startKnot, type KnotProcess } from '../tools/processes.js';
import { violations } from './axe.js';
import { dress } from './dress.js';

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const PICTURE = join(checkout, 'docs/dashboard.png');
const SHOTS = join(checkout, 'test-results/ui');

const JOB = 'command: ["sh", "-c", "sleep 1; exec sleep 1000"]\nenv:\n  NAME: "${{ .space.name }}"\n';
const VOLUMES = 'volumes:\n  - name: home\n';

const PUBLIC_KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIaVajdBXxBrJKJHoPokUA/k1RtV5z/pZEHPnpDtPuls';

let url: string;
let config: string;
let folder: string;
let origin: KnotProcess;
let leaf: Leaf;
let spacesFolder: string;
let api: ApiClient;
let ada: Person;

/** An origin as it is on its first day: nobody has set it up. */
async function startFreshOrigin(): Promise<void> {
  url = `http://127.0.0.1:${await freePort()}`;
  config = await scaffold({
    'server.listen': url,
    'server.url': url,
    'server.location': 'home',
    'server.shared_token': SHARED_TOKEN,
  });
  folder = freshFolder('origin');
  origin = await startKnot({ config, folder });
  await origin.waitForUrl(`${url}/readyz`);
}

async function setUpCode(): Promise<string> {
  const found = () => /with the code ([A-Za-z0-9_-]{8,})/.exec(origin.output())?.[1] ?? '';
  return eventually(found, (code) => code !== '', { what: 'the set-up code in the log' });
}

const row = (person: Person, space: string) => person.page.locator(`tr[data-space="${space}"]`);

/** Writes another text into an editor, as one does by hand: all of it is chosen and written over. */
async function write({ page }: Person, name: string, text: string): Promise<void> {
  await page.getByRole('textbox', { name }).press('Control+a');
  await page.keyboard.insertText(text);
}

async function enter(person: Person, username: string, password: string): Promise<void> {
  await person.page.getByLabel('User name or e-mail').fill(username);
  await person.page.locator('input[name=password]').fill(password);
  await person.page.keyboard.press('Enter');
}

beforeAll(async () => {
  mkdirSync(SHOTS, { recursive: true });
  await startFreshOrigin();
  spacesFolder = freshFolder('spaces');
  leaf = await startLeaf({ url }, { location: 'lon', local: true, config: { 'server.local.path': spacesFolder } });
  ada = await newPerson({ url });
});

describe('the dashboard, from the first day on', () => {
  it('makes the first administrator with the code from the log, and with no other', async () => {
    const { page } = ada;
    await page.goto('/');
    await page.waitForURL('**/setup');
    await page.getByLabel('Set-up code').waitFor();
    for (const colorScheme of ['dark', 'light'] as const) {
      await dress(ada, colorScheme);
      expect(await violations(page)).toEqual([]);
    }
    await page.getByLabel('Set-up code').fill('not-the-code-at-all');
    await page.getByLabel('User name').fill(ADMINISTRATOR.username);
    await page.getByLabel('E-mail address').fill(ADMINISTRATOR.email);
    await page.locator('input[name=password]').fill('short');
    await page.getByRole('button', { name: 'Create the administrator' }).click();
    await page.getByText('A password has 10 characters or more.').waitFor();
    await page.locator('input[name=password]').fill(ADMINISTRATOR.password);
    await page.getByRole('button', { name: 'Create the administrator' }).click();
    const refusal = page.getByRole('alert');
    await refusal.waitFor();
    expect(await refusal.locator('code').textContent()).toMatch(/^[a-z]+\.[a-z_]+$/);

    await page.getByLabel('Set-up code').fill(await setUpCode());
    await page.getByRole('button', { name: 'Create the administrator' }).click();
    await page.waitForURL('**/spaces');
    await page.getByRole('heading', { name: 'No spaces yet' }).waitFor();
    api = new ApiClient(url, await signIn(url, ADMINISTRATOR.username, ADMINISTRATOR.password));
  });

  it('makes a template, and shows what is wrong in its text at the line', async () => {
    const { page } = ada;
    const ready = () => api.location('lon');
    await eventually(ready, ({ platforms }) => platforms.some((state) => state.platform === 'local' && state.ready), {
      what: 'the leaf to offer local',
    });
    await page.getByRole('link', { name: 'Templates' }).click();
    await page.getByRole('link', { name: 'New template' }).click();
    await page.getByLabel('Name').fill('Debian shell');
    await page.getByLabel('Description').fill('A shell with a home of its own');
    await page.getByLabel('Platform').selectOption('local');
    await write(ada, 'Job', 'command: [sleep, "1000"]\nenv:\n  NAME: "${{ .space.name"\n');
    // as one types, before anything is sent
    await page
      .getByRole('status', { name: 'What is wrong' })
      .getByRole('button', { name: /^Line 3/ })
      .waitFor();
    await page.getByRole('button', { name: 'Create the template' }).click();
    const refusal = page.getByRole('alert');
    await refusal.getByText('template.syntax').waitFor();
    await refusal.getByRole('button', { name: /^Go to line 3/ }).click();
    await page.locator('.cm-activeLineGutter').getByText('3', { exact: true }).waitFor();
    await page.screenshot({ path: join(SHOTS, 'template-refused.png'), fullPage: true });

    await write(ada, 'Job', 'command: [sleep]\nenv:\n  NAME: "');
    await page.getByRole('textbox', { name: 'Job' }).press('Control+End');
    await page.keyboard.type('${{ .space.na');
    await page.getByRole('option', { name: '.space.name' }).click();
    await page.getByText('NAME: "${{ .space.name', { exact: false }).waitFor();
    await write(ada, 'Job', JOB);
    await write(ada, 'Volumes', VOLUMES);
    // what is wrong is led to, however far up it stands
    await page.getByRole('button', { name: 'Add a port' }).click();
    await page.keyboard.type('8080');
    await page.getByLabel('Name').fill(' ');
    await page.getByRole('button', { name: 'Create the template' }).click();
    await page.locator('input[data-path=name]:focus').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Debian shell');
    await page.getByRole('button', { name: 'Remove port 1 of the list' }).click();
    await page.getByRole('button', { name: 'Create the template' }).click();
    await page.getByRole('heading', { name: 'Debian shell' }).waitFor();
    await page
      .getByRole('region', { name: /^Texts/ })
      .getByText('exec sleep 1000')
      .waitFor();
  });

  it('creates and starts a space, and draws the start as it goes until Running', async () => {
    const { page } = ada;
    await page.getByRole('link', { name: 'New space from it' }).click();
    await page.getByLabel('Name').fill('shop');
    await page.getByLabel('Location').selectOption('lon');
    await page.getByLabel('Description').fill('The shop, feature branch');
    await page.getByRole('button', { name: 'Create and start' }).click();
    await page.getByRole('heading', { name: 'shop' }).waitFor();
    await page.getByRole('status').getByText('Running').waitFor();
    const steps = page.getByRole('region', { name: /step by step/ }).locator('li');
    await steps.last().locator('time').waitFor();
    expect(await steps.locator('time').count()).toBe(7);
    await page.locator('[data-condition=Ready]').getByText('Ready', { exact: true }).waitFor();
    await page.getByRole('region', { name: 'Volumes' }).getByText('home', { exact: true }).waitFor();
    expect((await api.spaces()).map(({ phase }) => phase)).toEqual(['Running']);
  });

  it('is a picture of how it looks', async () => {
    const { page } = ada;
    // what was just done goes by itself after some seconds
    await page.getByText('Saved as version 1').waitFor({ state: 'detached', timeout: 60_000 });
    await page.screenshot({ path: join(SHOTS, 'space.png') });
    // the one of the README is made anew on demand only: its times would differ with every run
    if (process.env['KNOT_PICTURES'] === '1' || !existsSync(PICTURE)) await page.screenshot({ path: PICTURE });
    expect(existsSync(PICTURE)).toBe(true);
  });

  it('shows a change by another person without being asked to', async () => {
    const { page } = ada;
    await page.getByRole('link', { name: 'Spaces', exact: true }).first().click();
    await row(ada, 'shop').getByText('Running').waitFor();
    const [space] = await api.spaces();
    await api.wish(space?.id ?? '', 'stop');
    await row(ada, 'shop').getByText('Stopped').waitFor();
    await row(ada, 'shop').getByRole('button', { name: 'Start shop' }).click();
    await row(ada, 'shop').getByText('Running').waitFor();
    const template = await api.createTemplate({
      name: 'Broken',
      platform: 'local',
      job: 'command: ["false"]',
      restart: 'never',
    });
    const failing = await api.createSpace('broken', template.id, 'lon');
    await api.wish(failing.id, 'start');
    await row(ada, 'broken').getByText('Failed').waitFor();
    expect(await row(ada, 'broken').textContent()).toMatch(/ended by itself|code 1/);
  });

  it('keeps its filters in the address', async () => {
    const { page } = ada;
    await page.getByLabel('Phase').selectOption('Failed');
    await row(ada, 'shop').waitFor({ state: 'detached' });
    expect(new URL(page.url()).search).toBe('?phase=Failed');
    await page.reload();
    await row(ada, 'broken').waitFor();
    expect(await row(ada, 'shop').count()).toBe(0);
    await page.getByLabel('Search by name').fill('nothing is called so');
    await page.getByRole('heading', { name: 'No space fits these filters' }).waitFor();
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await row(ada, 'shop').waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('says that an update is there, and runs it only when told to', async () => {
    const { page } = ada;
    await page.getByRole('link', { name: 'Templates' }).click();
    await page.getByRole('link', { name: 'Debian shell' }).click();
    await page.getByRole('link', { name: 'Edit' }).click();
    await write(ada, 'Job', `${JOB}  MORE: "1"\n`);
    await page.getByRole('button', { name: 'Check' }).click();
    await page.getByText('It renders.').waitFor();
    await page.getByLabel('What is new in this version').fill('more of it');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('region', { name: 'Versions' }).getByText('more of it').waitFor();
    await page.goto('/spaces');
    await row(ada, 'shop').getByText('Update available').waitFor();
    await row(ada, 'shop').getByText('Running').waitFor();
    await row(ada, 'shop').getByRole('link', { name: 'shop' }).click();
    await page.getByRole('button', { name: 'Update and restart' }).click();
    await page.getByText('version 2', { exact: false }).first().waitFor();
    await page.getByRole('status').getByText('Running').waitFor();
    await page.getByText('An update is there').waitFor({ state: 'detached' });
  });

  it('turns grey with the time when the leaf falls silent, never a false green, and comes back', async () => {
    const { page } = ada;
    await page.goto('/spaces');
    await row(ada, 'shop').getByText('Running').waitFor();
    await leaf.process.kill();
    await row(ada, 'shop').getByText('Unknown').waitFor({ timeout: 60_000 });
    expect(await row(ada, 'shop').textContent()).toMatch(/as of \d\d:\d\d:\d\d/);
    expect(await page.locator('tbody [data-tone=good]').count()).toBe(0);
    await row(ada, 'shop').getByRole('link', { name: 'shop' }).click();
    await page.getByText('lon is silent').waitFor();
    expect(await page.locator('main [data-tone=good]').count()).toBe(0);
    await page.screenshot({ path: join(SHOTS, 'silent.png'), fullPage: true });
    await page.getByRole('link', { name: 'Locations' }).click();
    await page.locator('tr[data-location=lon]').getByText('Silent').waitFor();
    leaf = await leaf.restart();
    await page.locator('tr[data-location=lon]').getByText('Live', { exact: true }).waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: 'Spaces' }).first().click();
    await row(ada, 'shop').getByText('Running').waitFor({ timeout: 60_000 });
  });

  it('says so when the server itself is gone, and goes on by itself when it is back', async () => {
    const { page } = ada;
    await origin.kill();
    await page.getByText(/No connection to the server since/).waitFor();
    expect(await page.locator('tbody [data-tone=good]').count()).toBe(0);
    await page.screenshot({ path: join(SHOTS, 'cut.png') });
    origin = await startKnot({ config, folder });
    await page.getByText(/No connection to the server since/).waitFor({ state: 'detached', timeout: 40_000 });
    await row(ada, 'shop').getByText('Running').waitFor({ timeout: 40_000 });
  });

  it('gives a user without rights their own spaces and no button that would be refused', async () => {
    await api.request('POST', '/users', {
      username: 'bob',
      email: 'bob@example.com',
      password: 'another horse battery',
      role: 'user',
    });
    const bob = await newPerson({ url, colorScheme: 'dark', viewport: { width: 390, height: 800 } });
    let loaded = 0;
    bob.page.on('requestfinished', (request) => {
      void request.sizes().then(({ responseBodySize }) => (loaded += responseBodySize));
    });
    await bob.page.goto('/templates');
    await bob.page.waitForURL('**/sign-in?**');
    await enter(bob, 'bob', 'wrong horse battery');
    await bob.page.getByRole('alert').getByText('auth.failed').waitFor();
    expect(await violations(bob.page)).toEqual([]);
    await enter(bob, 'bob', 'another horse battery');
    await bob.page.getByRole('link', { name: 'Debian shell' }).waitFor();
    expect(await bob.page.getByRole('link', { name: 'New template' }).count()).toBe(0);
    // the first pages, and those that are loaded before they are asked for
    expect(loaded).toBeGreaterThan(100_000);
    expect(loaded).toBeLessThan(330_000);
    await bob.page.getByRole('link', { name: 'Debian shell' }).click();
    await bob.page.getByText('The texts are for administrators.').waitFor();
    await bob.page.goto('/spaces');
    await bob.page.getByRole('heading', { name: 'No spaces yet' }).waitFor();
    const wide = await bob.page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    expect(wide).toBe(false);
    const [space] = await api.spaces();
    await bob.page.goto(`/spaces/${space?.id}`);
    await bob.page.getByRole('heading', { name: /does not exist, or it is not yours/ }).waitFor();
    await bob.page.screenshot({ path: join(SHOTS, 'narrow-dark.png') });
    expect(bob.faults).toEqual([]);
    await bob.context.close();
  });

  it('shows a token once, and ends it', async () => {
    const { page } = ada;
    await page.getByRole('link', { name: /Your account/ }).click();
    await page.getByRole('button', { name: 'New token' }).click();
    const making = page.getByRole('dialog');
    await making.getByLabel('What is it for?').fill('laptop');
    await making.getByLabel('What may it do?').selectOption('read');
    await making.getByRole('button', { name: 'Make the token' }).click();
    const token = (await making.locator('pre').textContent()) ?? '';
    expect(await new ApiClient(url, token).spaces()).toHaveLength(2);
    await making.getByRole('button', { name: 'I have it' }).click();
    await page.locator('[data-item=laptop]').waitFor();
    expect(await page.content()).not.toContain(token);
    await page.getByRole('button', { name: 'Delete the token laptop' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.locator('[data-item=laptop]').waitFor({ state: 'detached' });
    await expect(new ApiClient(url, token).spaces()).rejects.toThrow(/auth/);
  });

  it('adds an SSH key by its public line, and removes it', async () => {
    const { page } = ada;
    await page.goto('/profile');
    expect(await page.getByLabel('What to run on your machine').textContent()).toBe(
      `knot connect ${url}\nknot ssh-config update`,
    );
    await page.getByRole('button', { name: 'Add a key' }).click();
    const adding = page.getByRole('dialog');
    await adding.getByLabel('Public key').fill('-----BEGIN OPENSSH PRIVATE KEY-----');
    await adding.getByRole('button', { name: 'Add a key' }).click();
    await adding.getByRole('alert').getByText('input.invalid').waitFor();
    await adding.getByLabel('Public key').fill(`${PUBLIC_KEY} ada at the laptop`);
    await adding.getByRole('button', { name: 'Add a key' }).click();
    await adding.waitFor({ state: 'detached' });
    await page.getByText('ada at the laptop', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Remove the key ada at the laptop' }).click();
    const asking = page.getByRole('dialog', { name: 'Remove the key ada at the laptop?' });
    await asking.getByText(/^SHA256:\S+ no longer opens your spaces/).waitFor();
    await asking.getByRole('button', { name: 'Remove' }).click();
    await page.getByText('No keys yet.').waitFor();
  });

  it('stops and deletes, by the typed name only, and nothing is left', async () => {
    const { page } = ada;
    await page.goto('/spaces');
    await row(ada, 'shop').getByRole('button', { name: 'Actions of shop' }).click();
    await page.getByRole('menuitem', { name: /^Delete/ }).click();
    await page.getByRole('dialog', { name: 'Delete shop?' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await row(ada, 'shop').getByRole('link', { name: 'shop' }).click();
    await page.getByRole('heading', { name: 'shop' }).waitFor();
    const { pathname } = new URL(page.url());
    const id = pathname.split('/').at(-1) ?? '';
    expect(existsSync(join(spacesFolder, 'volumes', id))).toBe(true);
    await page.getByRole('button', { name: 'Stop shop' }).click();
    await page.getByRole('status').getByText('Stopped').waitFor();
    await page.getByRole('button', { name: /^Delete/ }).click();
    const asking = page.getByRole('dialog');
    const deed = asking.getByRole('button', { name: 'Delete' });
    await asking.getByText('home').waitFor();
    expect(await deed.isDisabled()).toBe(true);
    await asking.getByLabel(/Type shop/).fill('shop');
    await deed.click();
    await page
      .getByRole('heading', { name: /does not exist/ })
      .first()
      .waitFor();
    await api.gone(id);
    expect(existsSync(join(spacesFolder, 'volumes', id))).toBe(false);
  });

  it('signs out, and the way back leads through the sign-in to the page one was on', async () => {
    const { page } = ada;
    await page.goto('/locations');
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    await page.goto('/locations');
    await page.waitForURL('**/sign-in?to=%2Flocations');
    await enter(ada, ADMINISTRATOR.username, ADMINISTRATOR.password);
    await page.locator('tr[data-location=lon]').waitFor();
  });

  it('never asked another host, broke its content policy or threw', () => {
    expect(ada.faults).toEqual([]);
  });
});
