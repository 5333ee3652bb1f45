import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KnotError } from '@knot/shared/errors';
import { AppDoor } from './app-door.js';

const HOME = 'https://knot.test';
let server: Server;
let port: number;
/** Why an app is not opened. */
let refused: KnotError;

beforeAll(async () => {
  const door = new AppDoor<string>({
    hosts: { scheme: 'http', parse: () => 'app', place: () => ({ host: 'app.test', base: '/ada--work--80' }) },
    disabled: false,
    addressOf: () => '',
    open: () => Promise.reject(refused),
    enter: () => Promise.reject(refused),
    signInAddress: () => '/',
    home: () => HOME,
    note: () => undefined,
  });
  server = createServer((request, response) => void door.serve(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());

/** As a browser asks, which says by itself what `fetch` of Node says otherwise. */
async function asked(headers: Record<string, string>, path = '/ada--work--80/', method = 'GET') {
  const sent = httpRequest({ port, host: '127.0.0.1', path, method, headers, agent: false }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of answer) text += String(chunk);
  const { statusCode: status, headers: given } = answer;
  return { status, type: given['content-type'], policy: given['content-security-policy'], text };
}

describe('who opens an app that does not open', () => {
  const page = { accept: 'text/html,*/*;q=0.8', 'accept-language': 'fr, de-CH;q=0.9, en;q=0.8' };

  it.each([
    ['access.denied', 403, 'Sie dürfen sie nicht öffnen.', 'You may not open it.'],
    ['resource.not_found', 404, 'dort lauscht gerade nichts', 'nothing listens there now'],
    ['server.unavailable', 503, 'Dort antwortet gerade nichts', 'Nothing answers there'],
    ['auth.failed', 401, 'Womit Sie kamen', 'What let you in'],
    ['access.csrf', 403, 'Eine Seite einer anderen Website', 'A page of another site'],
    ['internal', 500, 'Sie ließ sich nicht öffnen', 'It could not be opened'],
  ] as const)('for %s is told so, and what to do, in the language of the browser', async (code, status, de, en) => {
    refused = new KnotError(code, 'The <very> reason.', 'Ask its owner.');
    const german = await asked(page);
    expect(german).toMatchObject({ status, type: 'text/html; charset=utf-8' });
    expect(german.text).toContain('<html lang="de">');
    expect(german.text).toContain(de);
    expect(german.text).toContain(`<a href="${HOME}/spaces">Zu den Spaces</a>`);
    for (const language of ['en-GB', 'fr', 'de;q=0.1, en;q=0.5', 'de;q=0', '*', '']) {
      const { text } = await asked({ ...page, 'accept-language': language });
      expect([language, text.includes(en)]).toEqual([language, true]);
    }
    expect(german.text).toContain('The &lt;very> reason. Ask its owner.');
    expect(german.policy).toContain("default-src 'none'");
  });

  it('is led back to the app where a form of knot was refused', async () => {
    refused = new KnotError('auth.failed', 'The ticket is not good.');
    const navigation = { ...page, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    const { status, text } = await asked(navigation, '/ada--work--80/.knot/enter', 'POST');
    expect([status, text]).toEqual([401, expect.stringContaining('<a href="/ada--work--80/">')]);
    const { text: hostile } = await asked(navigation, '//evil.test/.knot/enter', 'POST');
    expect(hostile).not.toContain('evil.test');
  });

  it('gets a line where no person reads it', async () => {
    refused = new KnotError('access.denied', 'It is not shared with you.', 'Ask its owner.');
    const line = {
      status: 403,
      type: 'text/plain; charset=utf-8',
      text: 'It is not shared with you. Ask its owner.\n',
    };
    expect(await asked({ accept: '*/*' })).toMatchObject(line);
    expect(await asked({ ...page, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' })).toMatchObject(line);
  });
});
