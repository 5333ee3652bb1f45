import { afterEach, beforeEach, expect, it } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

const HOUR_MS = 3_600_000;

let test: TestOrigin;
let admin: Ask;

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  await test.liveLocation();
});

afterEach(() => test.close());

/** A schedule in UTC whose windows of each day begin `from` and end `to` hours from now. */
function around(from: number, to: number, autoStart = false): object {
  const minute = (hours: number) => {
    const at = new Date(test.clock.now() + hours * HOUR_MS);
    return at.getUTCHours() * 60 + at.getUTCMinutes();
  };
  const windows = [{ days: [0, 1, 2, 3, 4, 5, 6], from: minute(from), to: minute(to) }];
  return { timezone: 'UTC', windows, holidays: [], autoStart };
}

async function spaceOf(
  schedule: object,
): Promise<{ id: string; ask: (verb: string, body?: object) => ReturnType<Ask> }> {
  const body = { name: 't', platform: 'nomad', job: 'job "x" {}', schedule };
  const template = (await admin('POST', '/api/v1/templates', { body })).body;
  expect(template).toMatchObject({ schedule });
  const { id } = (await admin('POST', '/api/v1/spaces', { body: { name: 'one', templateId: template.id } })).body;
  return { id, ask: (verb, sent) => admin('POST', `/api/v1/spaces/${id}/${verb}`, sent ? { body: sent } : {}) };
}

it('a space runs until its window ends, longer when extended, and is started again in the next one', async () => {
  const { id, ask } = await spaceOf(around(-1, 2));
  expect((await ask('start')).status).toBe(202);
  const read = async () => (await admin('GET', `/api/v1/spaces/${id}`)).body;
  const { stopsAt, schedule, generation } = await read();
  expect(stopsAt).toBeGreaterThan(test.clock.now() + 1.9 * HOUR_MS);
  expect(schedule).toMatch(/^It stops at .*UTC\), as the schedule of its template says\.$/);
  expect((await ask('extend', { minutes: 60 })).status).toBe(202);
  expect(await read()).toMatchObject({ stopsAt: stopsAt + HOUR_MS, generation: generation + 1 });
  expect((await ask('extend', { minutes: 480 })).status).toBe(202);
  expect((await ask('extend', { minutes: 480 })).body.code).toBe('state.refused');
  test.pass(12 * HOUR_MS);
  await test.liveLocation();
  // no leaf has said yet that it is
  expect(await read()).toMatchObject({ phase: 'Stopping', stopsAt: 0, startsAt: 0, want: 'running' });
  expect((await ask('start')).body).toMatchObject({
    code: 'state.refused',
    hint: expect.stringMatching(/^It can be started from/),
  });
  expect((await ask('extend', { minutes: 60 })).body.code).toBe('state.refused');
  test.pass(12 * HOUR_MS);
  await test.liveLocation();
  expect(await read()).toMatchObject({ phase: 'Stopping' });
  expect((await ask('start')).status).toBe(202);
  expect(await read()).toMatchObject({ phase: 'Queued' });
});

it('a space with auto-start may be wished for at any time and says when it starts', async () => {
  const { id, ask } = await spaceOf(around(2, 4, true));
  expect((await ask('start')).status).toBe(202);
  const read = async () => (await admin('GET', `/api/v1/spaces/${id}`)).body;
  expect((await read()).schedule).toMatch(/^Its schedule has stopped it; it starts by itself at /);
  expect((await read()).startsAt).toBeGreaterThan(test.clock.now());
  test.pass(3 * HOUR_MS);
  expect((await read()).stopsAt).toBeGreaterThan(test.clock.now());
  await ask('stop');
  expect(await read()).toMatchObject({ schedule: '', stopsAt: 0, startsAt: 0 });
});

it('a run that its schedule has ended leaves the quota to others', async () => {
  const { ask } = await spaceOf(around(-1, 1));
  const me = (await admin('GET', '/api/v1/me')).body;
  await ask('start');
  expect((await admin('GET', '/api/v1/me/quota')).body.used.maxRunning).toBe(1);
  test.pass(2 * HOUR_MS);
  expect((await admin('GET', `/api/v1/users/${me.id}/quota`)).body.used.maxRunning).toBe(0);
});

it('a schedule that says nothing, or of a place that is not there, is refused', async () => {
  const made = (schedule: unknown) =>
    admin('POST', '/api/v1/templates', { body: { name: 't', platform: 'nomad', job: '', schedule } });
  const good = { timezone: 'Europe/Berlin', windows: [{ days: [1], from: 0, to: 60 }], holidays: [], autoStart: false };
  const answers = [
    await made({ ...good, timezone: 'AEST5' }),
    await made({ ...good, windows: [] }),
    await made({ ...good, windows: [{ days: [7], from: 0, to: 60 }] }),
    await made({ ...good, windows: [{ days: [1], from: 0, to: 1440 }] }),
    await made({ ...good, holidays: ['25.12.2026'] }),
  ];
  expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
  expect((await made(good)).status).toBe(201);
});
