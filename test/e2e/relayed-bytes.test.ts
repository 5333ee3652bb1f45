import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Space } from '../tools/api-client.js';
import { startBalancer, type Balancer } from '../tools/balancer.js';
import { startLeaf } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder } from '../tools/processes.js';
import { startSeveralOrigins, type OneOrigin, type SeveralOrigins } from '../tools/several-origins.js';
import { sharedMariadb } from '../tools/shared-mariadb.js';
import { agentJoined, Desk, sha256Of, spaceWithAgent } from '../tools/ssh.js';
import { TerminalWindow } from '../tools/terminal-window.js';

const server = await sharedMariadb();
const desk = new Desk();
let origins: SeveralOrigins;
/** What the leaf dials: first the one origin, then the other. */
let leafsWay: Balancer;
let linked: OneOrigin;
let asked: OneOrigin;
let space: Space;

beforeAll(async () => {
  origins = await startSeveralOrigins(server, 2);
  const [first, second] = origins.all;
  if (!first || !second) throw new Error('There are two origins.');
  [linked, asked] = [first, second];
  leafsWay = await startBalancer();
  leafsWay.use([new URL(linked.url).host]);
  const config = {
    'server.local.path': freshFolder('spaces'),
    'server.listen_agent': `127.0.0.1:${await freePort()}`,
  };
  await startLeaf({ url: leafsWay.url }, { location: 'lon', local: true, config });
  await eventually(
    () => asked.api.location('lon'),
    ({ live, platforms }) => live && platforms.some(({ ready }) => ready),
    { timeout: 60_000, what: 'the leaf' },
  );
  space = await spaceWithAgent(asked, 'work', 'lon');
  await desk.connect(asked);
}, 180_000);

afterAll(() => {
  origins?.balancer.close();
  leafsWay?.close();
});

/** As a page does: it tries again as long as the leaf's link hangs nowhere, as when it has just been told to dial. */
function openSoon(terminal: TerminalWindow): Promise<boolean> {
  const opened = () =>
    terminal.open().then(
      () => true,
      () => false,
    );
  return eventually(opened, Boolean, { timeout: 60_000, what: 'the terminal to be open' });
}

it('reach a leaf whose link hangs on the other origin, and go on at this one when that one is killed', async () => {
  const terminal = new TerminalWindow(asked.url, asked.api, space.id);
  await openSoon(terminal);
  terminal.type('kept=yes; echo "at $$ fir"st\n');
  const [, shell] = /at (\d+) first/.exec(await terminal.hears(/at \d+ first/)) ?? [];
  expect(Number(shell)).toBeGreaterThan(0);

  const file = desk.file('long', randomBytes(64 * 1024 * 1024));
  const there = join(desk.home, 'there');
  const copy = desk.must(desk.run('scp', ['-F', desk.config, file, `knot.work:${there}`]));
  await eventually(() => existsSync(there), Boolean, { timeout: 60_000, what: 'the copy to begin' });
  await linked.process.kill();
  leafsWay.use([new URL(asked.url).host]);
  await copy;
  expect(await sha256Of(there)).toBe(await sha256Of(file));

  await eventually(() => terminal.closed, Boolean, { timeout: 60_000, what: 'the terminal to lose its way' });
  await openSoon(terminal);
  terminal.type('echo "at $$ $kept" again\n');
  await terminal.hears(`at ${shell} yes again`);
  await agentJoined(asked, space.id);
});

it.each([
  ['nothing', {}],
  ['an API token', { authorization: () => `Bearer ${asked.api.token}` }],
  ['a guess', { authorization: () => `Bearer ${randomBytes(60).toString('base64url')}` }],
])(
  'are handed to nobody who shows %s at the door of origins',
  async (_what, shown: { authorization?: () => string }) => {
    const headers = shown.authorization ? { authorization: shown.authorization() } : {};
    const socket = new WebSocket(`${asked.url.replace('http', 'ws')}/origins/v1`, { headers });
    const said = await new Promise<string>((resolve) => {
      socket.once('error', ({ message }) => resolve(message));
      socket.once('open', () => resolve('open'));
    });
    expect(said).toContain('401');
  },
);
