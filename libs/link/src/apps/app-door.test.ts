import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppDoor, type OpenedApp } from './app-door.js';

/** How many apps are held for somebody. */
let held = 0;

const door = new AppDoor<string>({
  hosts: { scheme: 'http', parse: () => 'app', place: () => ({ host: 'app.test', base: '' }) },
  disabled: false,
  addressOf: () => '',
  open: async (): Promise<OpenedApp> => {
    held += 1;
    const release = () => (held -= 1);
    return {
      personal: true,
      giveUp: release,
      connect: () => Promise.reject(new Error('Nothing is there.')),
      watch: async (_cut, over) => over.finally(release),
    };
  },
  enter: async () => undefined,
  signInAddress: () => '/',
  home: () => '',
  note: () => undefined,
});
const server = createServer((request, response) => void door.serve(request, response));
let url: string;

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
});
afterAll(() => server.close());

it('an app that a page of another site asks for is refused, and held for nobody', async () => {
  const answer = await fetch(url, { headers: { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' } });
  expect([answer.status, held]).toEqual([403, 0]);
});
