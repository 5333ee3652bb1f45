import { once } from 'node:events';
import { performServerHandshake } from 'node:http2';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { VirtualClock } from '@knot/drivers/fake';
import { afterEach, expect, it } from 'vitest';
import { AgentSession } from './agent-session.js';

const server = createServer();

afterEach(() => new Promise((resolve) => server.close(resolve)));

async function pair(): Promise<{ leaf: Socket; agent: Socket }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const accepted = once(server, 'connection');
  const leaf = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [agent] = await accepted;
  return { leaf, agent };
}

it('a session ends, and nothing else, when the connection of its agent is reset while it reports', async () => {
  const { leaf, agent } = await pair();
  leaf.on('error', () => leaf.destroy());
  const http2 = performServerHandshake(agent);
  http2.on('error', () => undefined);
  const reported = new Promise<void>((resolve) =>
    http2.on('stream', (stream) => {
      stream.on('error', () => undefined);
      stream.respond({ ':status': 200 });
      stream.write('{"ports":', () => resolve());
    }),
  );
  const ended = new Promise<AgentSession>((resolve) => {
    new AgentSession('space', 'instance', 'start', leaf, new VirtualClock(), {
      onEnd: resolve,
      onNews: () => undefined,
    });
  });
  await reported;
  agent.resetAndDestroy();
  const session = await ended;
  // an error that nobody took would be told in the next turns, and fail this run
  await new Promise((resolve) => setImmediate(resolve));
  expect(() => session.open('/terminal')).toThrow('not connected');
});

it('a session tells when what its agent offers has changed, and nothing of who types', async () => {
  const { leaf, agent } = await pair();
  const http2 = performServerHandshake(agent);
  const report = (ports: readonly object[], activeAt: number) =>
    `${JSON.stringify({ version: '1', ports, activeAt })}\n`;
  const port = { port: 80, label: 'Web', protocol: 'http' };
  http2.on('stream', (stream) => {
    stream.respond({ ':status': 200 });
    stream.write(report([], 0) + report([port], 0) + report([port], 5) + report([], 5));
  });
  const told: number[] = [];
  const session = await new Promise<AgentSession>((resolve) => {
    new AgentSession('space', 'instance', 'start', leaf, new VirtualClock(), {
      onEnd: () => undefined,
      onNews: (changed) => {
        told.push(changed.ports.length);
        if (told.length === 2) resolve(changed);
      },
    });
  });
  expect(told).toEqual([1, 0]);
  session.close();
});

it('whoever has lost the space loses what they have open, and gets nothing more with a ticket of before', async () => {
  const { leaf, agent } = await pair();
  const http2 = performServerHandshake(agent);
  http2.on('error', () => undefined);
  http2.on('stream', (stream) => {
    stream.on('error', () => undefined);
    stream.respond({ ':status': 200 });
  });
  const session = new AgentSession('space', 'instance', 'start', leaf, new VirtualClock(), {
    onEnd: () => undefined,
    onNews: () => undefined,
  });
  session.keepTo(['owner', 'sharer']);
  const windows = ['owner', 'sharer', 'administrator'].map((user) => session.open('/terminal', { 'knot-user': user }));
  const lost = windows[1];
  if (!lost) throw new Error('no window');
  const closed = once(lost, 'close');
  session.keepTo(['owner']);
  await closed;
  expect(windows.map((window) => window.closed)).toEqual([false, true, false]);
  expect(() => session.open('/terminal', { 'knot-user': 'sharer' })).toThrow('no longer shared');
  // which may be shared with everybody
  expect(() => session.open('/port', { 'knot-user': 'sharer' })).not.toThrow();
  session.keepTo(['owner', 'sharer']);
  expect(session.open('/terminal', { 'knot-user': 'sharer' }).closed).toBe(false);
  session.close();
});
