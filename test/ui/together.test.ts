import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { components } from '@knot/contract';
import { ApiClient } from '../tools/api-client.js';
import { newPerson, type Person } from '../tools/browser.js';
import { signIn } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { startKnot } from '../tools/processes.js';
import { violations } from './axe.js';
import { codeNow } from './one-time-codes.js';
import { enter } from '../tools/sign-in-page.js';
import { BOB, JOB, startEstate, type Estate } from './estate.js';

type Schemas = components['schemas'];

const SLOW = { timeout: 30_000 };

let estate: Estate;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  estate = await startEstate();
  [ada, bob] = await Promise.all([newPerson({ url: estate.origin.url }), newPerson({ url: estate.origin.url })]);
  await enter(ada);
  await enter(bob, BOB);
  // for the audit
  await signIn(estate.origin.url, 'bob', 'not the password of bob').catch(() => undefined);
});

afterAll(() => Promise.all([ada.context.close(), bob.context.close()]));

const row = ({ page }: Person, name: string) => page.locator(`tr[data-space="${name}"], tr[data-row="${name}"]`);

describe('two people at two browsers', () => {
  it('see what the other does without asking', async () => {
    const { page } = bob;
    await page.getByRole('link', { name: 'New space' }).first().click();
    // the list before it has fields of a name and a template too, for as long as it is there
    await page.getByRole('heading', { name: 'New space' }).waitFor(SLOW);
    await page.getByRole('textbox', { name: 'Name' }).fill('bobs');
    await page.getByRole('combobox', { name: 'Template' }).selectOption({ label: 'Shell (Local)' });
    await page.getByRole('button', { name: 'Create and start' }).click();
    await row(ada, 'bobs').getByText('Running').waitFor(SLOW);
    await row(ada, 'bobs').getByRole('button', { name: 'Stop bobs' }).click();
    await page.getByRole('status').getByText('Stopped').waitFor(SLOW);
  });

  it('see a change within half a second', async () => {
    const { template } = estate.subjects;
    const made: string[] = [];
    const see = async () => {
      const name = `seen-${made.length}`;
      const seen = ada.page.evaluate(
        (wanted) =>
          new Promise<number>((resolve) => {
            const look = () => {
              if (!document.querySelector(`tr[data-space="${wanted}"]`)) return;
              watcher.disconnect();
              resolve(Date.now());
            };
            const watcher = new MutationObserver(look);
            watcher.observe(document.body, { childList: true, subtree: true });
          }),
        name,
      );
      const body = { name, templateId: template, location: 'lon' };
      const [at, id] = await bob.page.evaluate(async (space) => {
        const headers = { 'content-type': 'application/json' };
        const begun = Date.now();
        const response = await fetch('/api/v1/spaces', { method: 'POST', headers, body: JSON.stringify(space) });
        const { id: madeId }: { id: string } = await response.json();
        return [begun, madeId] as const;
      }, body);
      made.push(id);
      return (await seen) - at;
    };
    await ada.page.bringToFront();
    const took = await eventually(see, (ms) => ms < 500, { ...SLOW, what: 'a change to be seen within 500 ms' });
    console.log(`seen by another browser ${took} ms after it was asked for; tries: ${made.length}`);
    for (const [nth, id] of made.entries()) await estate.origin.api.deleteSpace({ id, name: `seen-${nth}` });
    await row(ada, 'seen-0').waitFor({ state: 'detached', ...SLOW });
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

  it('compare versions of a template, end a roll-out, begin another in stages and go back', async () => {
    const { page } = ada;
    const { template } = estate.subjects;
    await page.goto(`/templates/${template}/versions`);
    const diff = page.getByRole('region', { name: 'Job' });
    await diff.locator('[data-kind=added]').getByText('MORE: "1"').waitFor(SLOW);
    await page.goto(`/templates/${template}/roll-out`);
    await row(ada, 'shop').getByText('Restarts').waitFor(SLOW);
    await page.getByRole('region', { name: 'Roll-outs so far' }).getByRole('link', { name: 'Version 2' }).click();
    await page.getByRole('heading', { name: 'Version 2 of Shell' }).waitFor(SLOW);
    await row(ada, 'shop').getByText('waits').waitFor(SLOW);
    await page.getByRole('button', { name: /^End it/ }).click();
    await page.getByRole('dialog').getByText('1 space that waits keeps its version').waitFor(SLOW);
    await page.getByRole('dialog').getByRole('button', { name: 'End it' }).click();
    await page.locator('main header').getByText('Ended').waitFor(SLOW);
    await page.getByRole('link', { name: /Roll out Shell/ }).click();
    await page.getByRole('button', { name: 'Update all that run' }).click();
    await page.getByRole('dialog').getByLabel('Who goes first').selectOption('1');
    await page.getByRole('dialog').getByRole('button', { name: 'Begin' }).click();
    await row(ada, 'shop').getByText('has it').waitFor(SLOW);
    await page.locator('main header').getByText('Done').waitFor(SLOW);
    await page.getByRole('button', { name: /^Back to version 1/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Back to version 1' }).click();
    await page.getByRole('heading', { name: 'Version 3 of Shell' }).waitFor(SLOW);
    await page.locator('main header').getByText('Done').waitFor(SLOW);
    await page.goto(`/templates/${template}/versions`);
    await page.getByRole('heading', { name: 'What differs from version 2 to 3' }).waitFor(SLOW);
    await diff.locator('[data-kind=removed]').getByText('MORE: "1"').waitFor(SLOW);
  });

  it('write a template by a few words, read it before it is saved, and are told what a location says of it', async () => {
    const { page } = ada;
    await page.goto('/templates/new');
    await page.getByLabel('Platform').selectOption('kubernetes');
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('tools');
    await page.getByLabel('Image').fill('debian:bookworm');
    await page.getByLabel('Command').fill(`sh -c 'sleep "1000"'`);
    await page.getByLabel('Most memory').fill('lots');
    await page.getByRole('button', { name: 'Write the texts' }).click();
    await page.getByText('lots is no amount of memory').waitFor(SLOW);
    await page.getByLabel('Most memory').fill('4Gi');
    await page.getByLabel('Size of the home').fill('10Gi');
    await page.getByRole('button', { name: 'Write the texts' }).click();
    const job = page.getByRole('textbox', { name: 'Job' });
    await job.getByText('command: ["sh", "-c", "sleep \\"1000\\""]').waitFor(SLOW);
    await page.getByRole('textbox', { name: 'Volumes' }).getByText('size: "10Gi"').waitFor(SLOW);
    await page.getByRole('button', { name: 'Create the template' }).click();
    await page.getByRole('status').getByText('Saved, with a warning').waitFor(SLOW);
    await page.getByRole('list', { name: 'What a location says of it' }).getByRole('listitem').first().waitFor(SLOW);
  });

  it('are not called back by a search that they left before it was sent', async () => {
    const { page } = ada;
    await page.goto('/users');
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    await page.route(/new-user-page/, (route) => released.then(() => route.continue()));
    await page.getByRole('searchbox').fill('bo');
    await page.getByRole('link', { name: 'New user' }).first().click();
    await page.waitForTimeout(600);
    release();
    await page.getByRole('heading', { name: 'New user' }).waitFor(SLOW);
  });

  it('share a space once the other agreed, and end it', async () => {
    const { user } = estate.subjects;
    await ada.page.goto(`/spaces/${estate.subjects.space}`);
    const panel = ada.page.getByRole('region', { name: 'Shared with' });
    await panel.getByLabel('User name').fill('bob');
    await panel.getByRole('button', { name: 'Offer to share it' }).click();
    await panel.getByText(/^bob was asked to share it/).waitFor(SLOW);
    await bob.page.goto('/spaces');
    const offered = bob.page.getByRole('region', { name: 'Offered to you' });
    await offered.getByText(/^ada offers to share the space shop/).waitFor(SLOW);
    expect(await violations(bob.page)).toEqual([]);
    await offered.getByRole('button', { name: 'Accept' }).click();
    await row(bob, 'shop').getByRole('button', { name: 'Stop shop' }).waitFor(SLOW);
    await panel.getByText('bob', { exact: true }).waitFor(SLOW);
    expect((await estate.origin.api.space(estate.subjects.space)).sharedWith.map(({ id }) => id)).toEqual([user]);
    await panel.getByRole('button', { name: 'End the sharing with bob' }).click();
    await panel.getByText('Nobody else.').waitFor(SLOW);
    await row(bob, 'shop').waitFor({ state: 'detached', ...SLOW });
  });

  it('offer a space to a new owner, and nothing else with it', async () => {
    await ada.page.goto(`/spaces/${estate.subjects.space}`);
    const panel = ada.page.getByRole('region', { name: 'Shared with' });
    await panel.getByLabel('User name').fill('bob');
    await panel.getByRole('button', { name: /^Offer it to a new owner/ }).click();
    await ada.page
      .getByRole('dialog')
      .getByRole('button', { name: /^Offer it/ })
      .click();
    await panel.getByText(/^bob was asked to own it/).waitFor(SLOW);
    await panel.getByText(/^bob was asked to share it/).waitFor({ state: 'detached' });
    await ada.page.reload();
    await panel.getByText(/^bob was asked to own it/).waitFor(SLOW);
    expect(await panel.getByText(/^bob was asked/).count()).toBe(1);
    await panel.getByRole('button', { name: /^Take/ }).click();
    await panel.getByText('Nobody else.').waitFor(SLOW);
  });

  it('move many spaces to the newest version at once, once they have seen which', async () => {
    const { page } = ada;
    const { template } = estate.subjects;
    await estate.origin.api.request('PUT', `/templates/${template}`, { name: 'Shell', job: `${JOB}  LAST: "1"\n` });
    await page.goto('/spaces');
    await row(ada, 'shop').getByText('Update available').waitFor(SLOW);
    await page.getByRole('checkbox', { name: 'Choose all that are listed' }).check();
    const bar = page.getByRole('region', { name: 'With those chosen' });
    await bar.getByRole('button', { name: 'Move to the newest version' }).click();
    const asking = page.getByRole('dialog', { name: 'Move 1 space to the newest version?' });
    await asking.getByText('Roll the template back to undo it').waitFor(SLOW);
    await asking.getByRole('list', { name: 'These', exact: true }).getByText('shop').waitFor(SLOW);
    expect(await violations(page)).toEqual([]);
    await asking.getByRole('button', { name: 'Move to the newest version' }).click();
    await row(ada, 'shop')
      .getByText('Update available')
      .waitFor({ state: 'detached', ...SLOW });
    await row(ada, 'shop').getByText('Running').waitFor(SLOW);
  });

  it('set what holds at a location', async () => {
    const { page } = ada;
    await page.goto('/locations/lon');
    const panel = page.getByRole('region', { name: 'What is allowed here' });
    await panel.getByRole('button', { name: 'Change' }).click();
    await panel.getByLabel('Task drivers').fill('docker, raw_exec');
    await panel.getByLabel(/^Who opens web ports/).selectOption('public');
    await panel.getByRole('button', { name: 'Save' }).click();
    await panel.getByRole('alert').getByText('input.invalid').waitFor(SLOW);
    await panel.getByLabel(/^Ports may be opened to anybody/).check();
    await panel.getByLabel(/^Its leaf may start and stop/).check();
    expect(await violations(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Save' }).click();
    await panel.getByText('Anybody, without signing in', { exact: true }).waitFor(SLOW);
    const { policy } = await estate.origin.api.location('lon');
    expect(policy).toMatchObject({
      drivers: ['docker', 'raw_exec'],
      ports: { share: 'public', public: true },
      leafWishes: true,
    });
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
    expect(await violations(page)).toEqual([]);
    await asking.getByLabel('Type delete 2 to confirm').fill('delete 2');
    await deed.click();
    await page.getByRole('heading', { name: 'No spaces yet' }).waitFor(SLOW);
  });

  it('see when a schedule stops a space, let it run longer, and set its times', async () => {
    const { page } = ada;
    const { api } = estate.origin;
    const minute = Math.floor(Date.now() / 60_000) % 1440;
    const window = { days: [0, 1, 2, 3, 4, 5, 6], from: (minute + 1380) % 1440, to: (minute + 120) % 1440 };
    const schedule = { windows: [window], timezone: 'Etc/UTC', holidays: [], autoStart: false };
    const template = await api.request<{ id: string }>('POST', '/templates', {
      name: 'Daytime',
      platform: 'local',
      job: JOB,
      schedule,
    });
    const space = await api.createSpace('timed', template.id, 'lon');
    await api.wish(space.id, 'start');
    await api.phase(space.id, 'Running', { timeout: 60_000 });
    const { stopsAt } = await api.space(space.id);
    await page.goto(`/spaces/${space.id}`);
    const note = page.getByRole('region', { name: 'Schedule' });
    await note.getByText('as the schedule of its template says').waitFor(SLOW);
    await note.getByRole('button', { name: 'Let it run longer' }).click();
    await page.getByRole('menuitem', { name: '1 hour longer' }).click();
    await page.getByText(/^timed runs until/).waitFor(SLOW);
    expect((await api.space(space.id)).stopsAt).toBe(stopsAt + 3_600_000);
    await page.goto(`/templates/${template.id}/edit`);
    await page.getByRole('checkbox', { name: 'Sun', exact: true }).uncheck();
    await page.getByRole('textbox', { name: 'From', exact: true }).fill('22:00');
    await page.getByRole('textbox', { name: 'To', exact: true }).fill('02:00');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/^Mon – Sat 22:00 – 02:00/).waitFor(SLOW);
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
    await page.getByLabel('Secret').waitFor(SLOW);
    expect(await violations(page)).toEqual([]);
    const secret = (await page.getByLabel('Secret').textContent(SLOW)) ?? '';
    await page.locator('input[name=code]').fill(codeNow(secret));
    await page.getByRole('button', { name: 'Set it up' }).click();
    const codes = ((await page.getByLabel('Recovery codes').textContent(SLOW)) ?? '').trim().split('\n');
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.locator('input[name=username]').fill(BOB.username);
    await page.locator('input[name=password]').fill(BOB.password);
    await page.keyboard.press('Enter');
    await page.locator('input[name=code]').waitFor(SLOW);
    expect(await violations(page)).toEqual([]);
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
    await page.getByText('By Helm', { exact: true }).click();
    await page.locator('pre').getByText('helm install par').waitFor(SLOW);
    await page.getByText('As a program', { exact: true }).click();
    const shown = (await page.locator('pre').first().textContent()) ?? '';
    const listen = `http://127.0.0.1:${await freePort()}`;
    const config = shown.replace('http://127.0.0.1:3000', listen).replace('enabled: false', 'enabled: true');
    await startKnot({ config, name: 'leaf-par' });
    await page.getByText('par has joined').waitFor({ timeout: 60_000 });
    await page.getByRole('link', { name: 'To the location' }).click();
    await page.getByRole('status').getByText('Live', { exact: true }).waitFor(SLOW);
  });

  it('see what was used over time, drawn and as a table', async () => {
    const { page } = ada;
    await page.goto('/usage');
    const panel = page.getByRole('region', { name: 'Over time' });
    await panel.getByRole('img', { name: 'Running spaces' }).waitFor(SLOW);
    await panel.getByLabel('What is counted').selectOption({ label: 'Spaces' });
    await panel.getByRole('img', { name: 'Spaces', exact: true }).waitFor(SLOW);
    expect(new URL(page.url()).search).toBe('?measure=spaces');
    await panel.getByText('The figures as a table').click();
    const { points } = await estate.origin.api.request<Schemas['UsageHistory']>('GET', '/usage?bucket=hour');
    await panel
      .getByRole('cell', { name: String(points.at(-1)?.spaces), exact: true })
      .first()
      .waitFor(SLOW);
    expect(await violations(page)).toEqual([]);
  });

  it('find in the audit what was refused, and take it along as a file', async () => {
    const { page } = ada;
    await page.goto('/audit');
    await page.getByLabel('Outcome').selectOption('refused');
    await page.getByRole('button', { name: 'Last hour' }).click();
    const shown = (outcome: string) => page.locator('tbody').getByText(outcome, { exact: true }).count();
    await eventually(
      async () => {
        await page.getByRole('button', { name: 'Read again' }).click();
        return [await shown('refused'), await shown('done')] as const;
      },
      ([refused, done]) => refused > 0 && done === 0,
      { timeout: 60_000, what: 'the refused sign-in to be written down' },
    );
    expect(new URL(page.url()).searchParams.get('outcome')).toBe('refused');
    await page.getByRole('button', { name: 'Export' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: /^As CSV/ }).click(),
    ]);
    const lines = readFileSync(await file.path(), 'utf8')
      .trim()
      .split('\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.slice(1).filter((line) => !line.includes('refused'))).toEqual([]);
  });

  it('delete a user with their spaces, once they have seen what goes', async () => {
    const { page } = ada;
    const { api, url } = estate.origin;
    const cy = { username: 'cyril', email: 'cyril@example.com', password: 'a third horse battery' };
    const { id } = await api.request<{ id: string }>('POST', '/users', { ...cy, role: 'user' });
    const own = new ApiClient(url, await signIn(url, cy.username, cy.password));
    await own.createSpace('cyrils', estate.subjects.template, 'lon');
    await page.goto(`/users/${id}`);
    await page.getByRole('button', { name: /^Delete/ }).click();
    const asking = page.getByRole('dialog');
    await asking.getByText('Space cyrils at lon').waitFor(SLOW);
    await asking.getByLabel('Type cyril to confirm').fill('cyril');
    await asking.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('heading', { name: 'There is no such user' }).waitFor({ timeout: 60_000 });
    expect((await api.spaces()).filter(({ name }) => name === 'cyrils')).toEqual([]);
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
