import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { connect } from 'node:tls';
import { createAgentCa, requestListener, signListener } from '@knot/link';
import { createLogger, systemClock } from '@knot/shared';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AgentListener } from './agent-listener.js';
import { AgentSessions } from './agent-sessions.js';
import { Refusals } from './refusals.js';

let listener: AgentListener;
let port: number;
let ca: string;

beforeEach(async () => {
  const refusals = new Refusals(() => undefined);
  const sessions = Object.assign(Object.create(AgentSessions.prototype), { close: () => undefined });
  const logger = createLogger({ level: 'error', name: 'test' });
  // nobody comes as far as to be asked who they are
  listener = new AgentListener({ admission: Object.create(null), sessions, refusals, clock: systemClock, logger });
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
