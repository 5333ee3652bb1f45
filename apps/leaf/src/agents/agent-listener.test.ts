import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { connect } from 'node:tls';
import { createAgentCa, requestListener, signListener } from '@knot/link';
import { createLogger, systemClock } from '@knot/shared';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AgentAdmission } from './agent-admission.js';
import { AgentListener } from './agent-listener.js';
import { AgentSessions } from './agent-sessions.js';
import { Refusals } from './refusals.js';

let listener: AgentListener;
let port: number;
let ca: string;
let refusals: Refusals;
/** Of it the agent has just sent too much. */
const NOISY = '0198a000-0000-7000-8000-000000000001';

beforeEach(async () => {
  refusals = new Refusals(() => undefined);
  const sessions = Object.assign(Object.create(AgentSessions.prototype), {
    close: () => undefined,
    isShutOut: (space: string) => space === NOISY,
  });
  const logger = createLogger({ level: 'error', name: 'test' });
  const known = { admitted: true, start: 'start', credential: 'c', returning: true };
  const admission = Object.assign(Object.create(AgentAdmission.prototype), { judge: async () => known });
  listener = new AgentListener({ admission, sessions, refusals, clock: systemClock, logger });
  const authority = await createAgentCa('lon', Date.now());
  const { key, csr } = await requestListener();
  listener.use({ key, certificate: await signListener(authority, csr, 'leaf.test', Date.now()) });
  ca = authority.certificate;
  port = await listener.listen('127.0.0.1', 0);
});

afterEach(() => listener.close());

it('whoever is refused does not stay, though they never hang up', async () => {
  const wire = dial({ host: '127.0.0.1', port, allowHalfOpen: true });
  const stranger = connect({ socket: wire, ca, servername: 'leaf.test' });
  await once(stranger, 'secureConnect');
  stranger.write('GET / HTTP/1.1\n');
  stranger.resume();
  await once(stranger, 'end');
  // bytes that still come are answered by a reset, where somebody who only listens would take them for ever
  stranger.on('error', () => undefined);
  const gone = new Promise((resolve) => stranger.once('close', resolve));
  const writing = setInterval(() => stranger.write('more'), 50);
  await gone;
  clearInterval(writing);
});

it('an agent that has sent too much unasked is told to come later, also by its own secret, and is in the audit', async () => {
  const agent = connect({ host: '127.0.0.1', port, ca, servername: 'leaf.test' });
  agent.on('error', () => undefined);
  await once(agent, 'secureConnect');
  const request = { protocol: 1, version: '1', space: NOISY, instance: 'i', secret: 's', credential: 'c' };
  let said = '';
  agent.on('data', (chunk: Buffer) => (said += chunk.toString()));
  agent.write(`${JSON.stringify(request)}\n`);
  await once(agent, 'close');
  expect(JSON.parse(said)).toMatchObject({ joined: false, message: expect.stringContaining('a minute after that') });
  expect(refusals.list()).toMatchObject([{ actor: `agent:${NOISY}`, action: 'agent.join', count: 1 }]);
});

it('a stop does not wait for a handshake that never ends', async () => {
  const silent = dial(port, '127.0.0.1');
  silent.on('error', () => undefined);
  await once(silent, 'connect');
  const closed = once(silent, 'close');
  const begun = performance.now();
  await listener.close();
  await closed;
  expect(performance.now() - begun).toBeLessThan(10_000);
});
