import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PASSWORD, TestOrigin, type Ask } from '../testing/test-origin.js';

let test: TestOrigin;
let admin: Ask;
let page: string;

beforeEach(async () => {
  test = await TestOrigin.open();
  const folder = join(test.folder, 'dashboard');
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'index.html'), '<p>the page</p>');
  await test.origin.close();
  await test.start();
  admin = await test.admin();
  await test.liveLocation();
  const body = { name: 't', platform: 'nomad', job: 'job "x" {}' };
  const template = await admin('POST', '/api/v1/templates', { body });
  const made = await admin('POST', '/api/v1/spaces', { body: { name: 'work', templateId: template.body.id } });
  page = `/spaces/${made.body.id}/terminal`;
});

afterEach(() => test.close());

/** As the leaf of the space reports it. */
async function leafIsAt(directUrl: string, directFingerprint = ''): Promise<void> {
  const { store } = test.origin;
  const status = await store.get('locationStatus', 'home');
  if (!status) throw new Error('no leaf has reported');
  const row = { ...status, facts: { ...status.facts, directUrl, directFingerprint } };
  await store.commit({ expect: [], writes: [{ put: 'locationStatus', row }], log: [] });
}

async function connectSrc(who: Ask, path = page): Promise<string> {
  const policy = (await who('GET', path)).headers.get('content-security-policy') ?? '';
  expect(policy).toContain("default-src 'self'");
  expect(policy).not.toContain('unsafe');
  return /connect-src ([^;]*)/.exec(policy)?.[1] ?? '';
}

it('the page of a terminal may call the leaf of its space, and no other page may', async () => {
  await leafIsAt('http://lon.example.net:3000');
  expect(await connectSrc(admin)).toBe("'self' ws://lon.example.net:3000");
  expect(await connectSrc(admin, `${page}?terminal=1`)).toBe("'self' ws://lon.example.net:3000");
  for (const other of ['/', '/spaces', page.replace('/terminal', ''), page.replace('/terminal', '/logs')]) {
    expect(await connectSrc(admin, other)).toBe('');
  }
  await leafIsAt('https://lon.example.net');
  expect(await connectSrc(admin)).toBe("'self' wss://lon.example.net");
});

it('tells nobody where a leaf is who may not enter the space', async () => {
  await leafIsAt('http://lon.example.net:3000');
  await admin('POST', '/api/v1/users', { body: { username: 'eve', email: 'eve@x.y', password: PASSWORD } });
  expect(await connectSrc(test.ask)).toBe('');
  expect(await connectSrc(await test.signIn('eve'))).toBe('');
});

it('names no leaf that a page does not call, whatever it says of itself', async () => {
  const hostile = ['', 'https://*', 'https://x;script-src', 'https://127.0.0.1:3000', 'data:text/html,x', 'nonsense'];
  for (const url of hostile) {
    await leafIsAt(url);
    expect(await connectSrc(admin)).toBe('');
  }
  await leafIsAt('https://lon.example.net:3000', 'AB:CD');
  expect(await connectSrc(admin)).toBe('');
});
