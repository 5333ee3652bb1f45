import { systemClock } from '@knot/shared';
import fastify from 'fastify';
import { expect, it } from 'vitest';
import { Draining } from './draining.js';

it('finishes what was begun and refuses what comes after, with the time to come again', async () => {
  const app = fastify();
  const draining = new Draining();
  draining.watch(app);
  let answer = (): void => undefined;
  app.get('/slow', () => new Promise((resolve) => (answer = () => resolve({ done: true }))));
  await app.ready();
  const begun = app.inject('/slow');
  await new Promise((resolve) => setImmediate(resolve));
  draining.begin();
  const refused = await app.inject('/slow');
  expect(refused.statusCode).toBe(503);
  expect(refused.headers).toMatchObject({ 'retry-after': '2', connection: 'close' });
  expect(refused.json()).toMatchObject({ code: 'server.unavailable' });
  let finished = false;
  const finish = draining.finished(systemClock, 60_000).then(() => (finished = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(finished).toBe(false);
  answer();
  expect((await begun).json()).toEqual({ done: true });
  await finish;
  await app.close();
});

it('waits for nobody longer than it may', async () => {
  const app = fastify();
  const draining = new Draining();
  draining.watch(app);
  app.get('/never', () => new Promise(() => undefined));
  await app.ready();
  void app.inject('/never');
  await new Promise((resolve) => setImmediate(resolve));
  draining.begin();
  let now = 0;
  await draining.finished({ monotonic: () => now, sleep: async (ms) => void (now += ms) }, 5_000);
  expect(now).toBe(5_000);
});
