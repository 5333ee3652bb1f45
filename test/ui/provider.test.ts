import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newPerson, type Person } from '../tools/browser.js';
import { startOrigin, type Origin } from '../tools/cluster.js';
import { violations } from './axe.js';
import { enter } from '../tools/sign-in-page.js';

const web = createServer();
let origin: Origin;
let ada: Person;

beforeAll(async () => {
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const client = { client_id: 'knot', client_secret: 'a-secret-of-knot' };
  origin = await startOrigin({
    config: { 'server.oidc': { issuer, ...client, name: 'Example ID', create_users: false } },
  });
  const provider = new Provider(issuer, {
    clients: [{ ...client, redirect_uris: [`${origin.url}/api/v1/auth/oidc/callback`] }],
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    cookies: { keys: ['a-key-of-the-test'] },
  });
  const answer = provider.callback();
  web.on('request', (request, response) => void answer(request, response));
  ada = await newPerson({ url: origin.url });
});

afterAll(async () => {
  await ada.context.close();
  web.closeAllConnections();
  web.close();
});

/** At the provider's own pages: who one is, and that knot may know it. */
async function agree({ page }: Person, login: string): Promise<void> {
  await page.locator('input[name=login]').fill(login);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.locator('input[name=prompt][value=consent]').waitFor({ state: 'attached' });
  await page.locator('button[type=submit]').click();
}

describe('a provider', () => {
  it('has a button at the sign-in, and a refusal is said there in the words of the server', async () => {
    const { page } = ada;
    await page.goto('/sign-in?to=/profile');
    await page.getByRole('link', { name: 'Sign in with Example ID' }).click();
    await agree(ada, 'ada');
    const refusal = page.getByRole('alert');
    await refusal.getByText('The sign-in with Example ID did not work').waitFor();
    expect(await refusal.textContent()).toContain('No user here belongs to this account. Sign in by password and link');
    expect(await violations(page)).toEqual([]);
  });

  it('is linked in the profile, and lets its owner in from then on', async () => {
    const { page } = ada;
    await enter(ada);
    await page.goto('/profile');
    // the provider still knows who they are, and asks nothing
    const back = page.waitForResponse(/\/oidc\/callback/);
    await page.getByRole('button', { name: 'Link account' }).click();
    expect(await (await back).headerValue('location')).toBe('/profile');
    await page.getByRole('heading', { name: 'Account at Example ID' }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL('**/sign-in');
    await page.goto('/sign-in?to=/templates');
    await page.getByRole('link', { name: 'Sign in with Example ID' }).click();
    await page.getByRole('heading', { name: 'Templates', exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/templates');
  });

  it('is parted in the profile by who has a password, and linked again', async () => {
    const { page } = ada;
    await page.goto('/profile');
    await page.getByRole('button', { name: 'Part it …' }).click();
    const asking = page.getByRole('dialog', { name: 'Part your account at Example ID?' });
    await asking.getByText('It lets you in no longer').waitFor();
    await asking.getByRole('button', { name: 'Part it' }).click();
    await page.getByRole('button', { name: 'Link account' }).click();
    await page.getByText('Your account at Example ID is linked').waitFor();
  });

  it('is the only way where passwords are off, for the profile too', async () => {
    const { page } = ada;
    await origin.process.kill();
    origin = await origin.reconfigured({ 'server.oidc.passwords': false });
    await page.goto('/sign-in?to=/profile');
    await page.getByRole('link', { name: 'Sign in with Example ID' }).waitFor();
    expect(await page.locator('input[name=password]').count()).toBe(0);
    await page.getByRole('link', { name: 'Sign in with Example ID' }).click();
    await page.getByRole('heading', { name: 'Account at Example ID' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Password', exact: true }).count()).toBe(0);
  });
});
