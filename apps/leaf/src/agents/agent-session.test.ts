import { once } from 'node:events';
import { performServerHandshake, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { VirtualClock } from '@knot/drivers/fake';
import { WIDE } from '@knot/link';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentSession } from './agent-session.js';
import { AgentSessions } from './agent-sessions.js';

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

it('a session ends, and nothing else, when its agent says farewell and never hangs up', async () => {
  const { leaf, agent: outer } = await pair();
  leaf.on('error', () => leaf.destroy());
  const inner = createServer();
  await once(inner.listen(0, '127.0.0.1'), 'listening');
  const accepted = once(inner, 'connection');
  const between = connect((inner.address() as AddressInfo).port, '127.0.0.1');
  // what is said goes on; that the connection ends does not
  outer.allowHalfOpen = true;
  outer.on('data', (chunk) => between.write(chunk)).on('error', () => undefined);
  between.on('data', (chunk) => outer.write(chunk)).on('error', () => undefined);
  const [socket] = await accepted;
  const http2 = performServerHandshake(socket);
  const streams: ServerHttp2Stream[] = [];
  const both = new Promise<void>((resolve) =>
    http2.on('stream', (stream) => {
      stream.on('error', () => undefined);
      stream.respond({ ':status': 200 });
      if (streams.push(stream) === 2) resolve();
    }),
  );
  const clock = new VirtualClock();
  const ended: AgentSession[] = [];
  const session = new AgentSession('space', 'instance', 'start', leaf, clock, {
    onEnd: (one) => ended.push(one),
    onNews: () => undefined,
  });
  await both;
  const farewell = once(leaf, 'finish');
  for (const stream of streams) stream.close();
  http2.close();
  await farewell;
  expect(() => session.open('/terminal')).toThrow('not connected');
  expect(await session.answers(1_000)).toBe(false);
  await clock.advance(15_000);
  expect(ended).toEqual([session]);
  for (const one of [outer, between]) one.destroy();
  inner.close();
});

it('a session tells when what its agent offers has changed, and nothing of who types', async () => {
  const { leaf, agent } = await pair();
  const http2 = performServerHandshake(agent);
  const report = (ports: readonly object[], activeAt: number) =>
    `${JSON.stringify({ version: '1', ports, activeAt })}\n`;
  const port = { port: 80, label: 'Web', protocol: 'http' };
  const reports = [report([], 0), report([port], 0), report([port], 5), report([], 5)];
  const written = Promise.withResolvers<void>();
  http2.on('stream', (stream, headers) => {
    stream.respond({ ':status': 200 });
    if (headers[':path'] !== '/report') return;
    const next = () => {
      const line = reports.shift();
      if (line === undefined) written.resolve();
      else stream.write(line, () => setImmediate(next));
    };
    next();
  });
  const told: number[] = [];
  const clock = new VirtualClock();
  const session = await new Promise<AgentSession>((resolve) => {
    new AgentSession('space', 'instance', 'start', leaf, clock, {
      onEnd: () => undefined,
      onNews: (changed) => {
        told.push(changed.ports.length);
        resolve(changed);
      },
    });
  });
  await written.promise;
  await session.answers(60_000);
  expect(told).toEqual([1]);
  // what changes at once again is told after a second
  await clock.advance(1_000);
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
  session.keepTo(['owner', 'sharer'], 0);
  const windows = ['owner', 'sharer', 'administrator'].map((user) => session.open('/terminal', { 'knot-user': user }));
  const lost = windows[1];
  if (!lost) throw new Error('no window');
  const closed = once(lost, 'close');
  session.keepTo(['owner'], 1_000);
  await closed;
  expect(windows.map((window) => window.closed)).toEqual([false, true, false]);
  expect(() => session.open('/terminal', { 'knot-user': 'sharer' }, 1_000)).toThrow('no longer shared');
  // shared anew, which this leaf has not heard yet: the origin gives tickets to those alone who may
  expect(session.open('/terminal', { 'knot-user': 'sharer' }, 1_001).closed).toBe(false);
  // which may be shared with everybody
  expect(() => session.open('/port', { 'knot-user': 'sharer' }, 0)).not.toThrow();
  session.keepTo(['owner', 'sharer'], 2_000);
  expect(session.open('/terminal', { 'knot-user': 'sharer' }, 0).closed).toBe(false);
  session.close();
});

interface Joined {
  readonly agent: ServerHttp2Session;
  readonly session: AgentSession;
  readonly clock: VirtualClock;
  /** Where the agent reports. */
  readonly report: ServerHttp2Stream;
}

/** An agent that has joined and answers everything with as many bytes; what is beneath it is in the test's hands. */
async function joined(bytes = 0): Promise<Joined> {
  const { leaf, agent: socket } = await pair();
  leaf.on('error', () => leaf.destroy());
  const agent = performServerHandshake(socket, WIDE);
  agent.on('error', () => undefined);
  const report = new Promise<ServerHttp2Stream>((resolve) =>
    agent.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      stream.respond({ ':status': 200 });
      if (headers[':path'] === '/report') resolve(stream);
      else if (headers[':path'] !== '/access') stream.end(Buffer.alloc(bytes));
    }),
  );
  const clock = new VirtualClock();
  const hooks = { onEnd: () => undefined, onNews: () => undefined };
  const session = new AgentSession('space', 'instance', 'start', leaf, clock, hooks);
  return { agent, session, clock, report: await report };
}

describe('what an agent sends unasked', () => {
  it('is little of one that is well', async () => {
    const { session, report, agent } = await joined();
    report.write('{"version":"1","ports":[],"activeAt":0}\n');
    await new Promise((resolve) => agent.ping(resolve));
    expect(session.isNoisy(1)).toBe(false);
    expect(session.isNoisy(1)).toBe(false);
    session.close();
  });

  it('is too much in bytes, whatever they are', async () => {
    const { session, report } = await joined();
    expect(session.isNoisy(1)).toBe(false);
    const lines = Buffer.from(`${'x'.repeat(1023)}\n`.repeat(1024));
    for (let number = 0; number < 17; number += 1) {
      await new Promise((resolve) => report.write(lines, resolve));
    }
    await session.answers(60_000);
    expect(session.isNoisy(1)).toBe(true);
    session.close();
  });

  it('is too much in pings that all want an answer', async () => {
    const { session, agent } = await joined();
    for (let number = 0; number < 500; number += 1) await new Promise((resolve) => agent.ping(resolve));
    expect(session.isNoisy(1)).toBe(true);
    session.close();
  });

  it('is a report without an end, which ends the session', async () => {
    const { session, report } = await joined();
    const closed = new Promise((resolve) => report.once('close', resolve));
    report.write('x'.repeat(200_000));
    await closed;
    expect(() => session.open('/terminal')).toThrow('not connected');
  });

  it('is not what people have asked for, and given up in the midst of it, thousands of times', async () => {
    const { session } = await joined(100_000);
    const given = () =>
      new Promise<void>((resolve) => {
        const stream = session.open('/port');
        stream.on('error', () => undefined);
        stream.once('data', () => stream.destroy());
        stream.once('close', resolve);
      });
    for (let number = 0; number < 1_500; number += 100) {
      await Promise.all(Array.from({ length: 100 }, given));
      expect(session.isNoisy(0)).toBe(false);
    }
    let taken = 0;
    for await (const chunk of session.open('/port')) taken += Buffer.from(chunk).length;
    expect(taken).toBe(100_000);
    expect(session.isNoisy(1)).toBe(false);
    session.close();
  });

  it('costs it its place, and a minute in which it is not let in again', async () => {
    const { session, clock, agent } = await joined();
    const told: string[] = [];
    const admission = { access: () => Promise.resolve({ hostKey: '', people: [], shell: '' }) };
    const sessions = new AgentSessions(
      admission,
      clock,
      () => undefined,
      (space) => told.push(space),
      () => 0,
    );
    sessions.add(session);
    await clock.advance(1_000);
    expect(sessions.get('space')).toBe(session);
    for (let number = 0; number < 500; number += 1) await new Promise((resolve) => agent.ping(resolve));
    await clock.advance(1_000);
    expect(told).toEqual(['space']);
    expect(() => session.open('/terminal')).toThrow('not connected');
    expect(sessions.isShutOut('space')).toBe(true);
    await clock.advance(61_000);
    expect(sessions.isShutOut('space')).toBe(false);
  });
});
