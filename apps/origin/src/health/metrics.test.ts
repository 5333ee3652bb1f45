import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

let test: TestOrigin;
let admin: Ask;
let templateId: string;

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  await test.liveLocation('home', ['local']);
  templateId = (await admin('GET', '/api/v1/templates?platform=local')).body.items[0].id;
});

afterEach(() => test.close());

/** The value of one line of the metrics; NaN where there is none. */
async function metric(line: string): Promise<number> {
  const { body } = await test.ask('GET', '/metrics');
  const found = String(body)
    .split('\n')
    .find((text) => text.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? Number.NaN);
}

async function started(name: string): Promise<string> {
  const { body } = await admin('POST', '/api/v1/spaces', { body: { name, templateId } });
  await admin('POST', `/api/v1/spaces/${body.id}/start`);
  return body.id;
}

/** As if the leaf had reported on the present generation. */
async function observe(id: string): Promise<void> {
  const { store } = test.origin;
  const row = await store.get('space', id);
  const observedGeneration = row?.generation ?? 0;
  const observed = {
    ...{ id, observedGeneration, conditions: [], workload: 'healthy' as const, instance: '', exitCode: null },
    ...{ volumes: [], phases: [], events: [], appliedHash: '', restartsSatisfied: 0, finalized: false, observedAt: 0 },
  };
  await store.commit({
    expect: [],
    writes: [
      {
        put: 'spaceObserved',
        row: {
          id,
          location: 'home',
          term: 1,
          observedGeneration,
          observed,
          reportedAt: await store.now(),
          sequence: 1,
        },
      },
    ],
    log: [{ stream: 'events', kind: 'spaceObserved', id, op: 'put' }],
  });
}

describe('the metrics', () => {
  it('tell the lag, the lease and the wishes of a location that no leaf has reported on', async () => {
    expect(await metric('knot_location_live{location="home"}')).toBe(1);
    expect(await metric('knot_location_revision_lag{location="home"}')).toBe(0);
    expect(await metric('knot_location_unobserved_wishes{location="home"}')).toBe(0);

    const first = await started('first');
    test.pass(5_000);
    const second = await started('second');
    await admin('POST', '/api/v1/spaces', { body: { name: 'never-started', templateId } });
    test.pass(2_000);
    expect(await metric('knot_location_revision_lag{location="home"}')).toBe(5);
    expect(await metric('knot_location_unobserved_wishes{location="home"}')).toBe(2);
    const age = await metric('knot_location_unobserved_wish_age_seconds{location="home"}');
    expect(age).toBeGreaterThanOrEqual(7);
    expect(age).toBeLessThan(10);
    expect(await metric('knot_location_lease_age_seconds{location="home"}')).toBeGreaterThanOrEqual(7);

    await observe(first);
    expect(await metric('knot_location_unobserved_wishes{location="home"}')).toBe(1);
    expect(await metric('knot_location_unobserved_wish_age_seconds{location="home"}')).toBeLessThan(5);
    await observe(second);
    expect(await metric('knot_location_unobserved_wish_age_seconds{location="home"}')).toBe(0);

    await admin('POST', `/api/v1/spaces/${first}/stop`);
    expect(await metric('knot_location_unobserved_wishes{location="home"}')).toBe(1);
    test.pass(60_000);
    expect(await metric('knot_location_live{location="home"}')).toBe(0);
  });

  it('find the wishes again after the log was compacted, and after a space is gone', async () => {
    const id = await started('first');
    await metric('knot_location_live{location="home"}');
    const other = await started('second');
    await observe(id);
    const { store } = test.origin;
    await store.compact('events', (await store.head('events')).rev);
    expect(await metric('knot_location_unobserved_wishes{location="home"}')).toBe(1);
    await store.commit({
      expect: [],
      writes: [{ delete: 'space', id: other }],
      log: [{ stream: 'events', kind: 'space', id: other, op: 'delete' }],
    });
    expect(await metric('knot_location_unobserved_wishes{location="home"}')).toBe(0);
  });

  it('hold times of the API, streams, reports and the event loop, and no id or secret', async () => {
    await started('told-by-nobody');
    const { body } = await test.ask('GET', '/metrics');
    for (const name of [
      'knot_api_request_seconds_count{method="POST",route="/api/v1/spaces/:id/start",status="202"} 1',
      'knot_event_streams 0',
      'knot_leaf_streams 0',
      'knot_reports_total 0',
      'knot_nodejs_eventloop_lag_p99_seconds ',
    ]) {
      expect(body).toContain(name);
    }
    expect(body).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|told-by-nobody|kns_|knt_/);
    expect([...String(body).matchAll(/^# HELP (\S+)/gm)].map(([, name]) => name)).toSatisfy((names: string[]) =>
      names.every((name) => name.startsWith('knot_')),
    );
  });

  it('are for programs of the same machine and for administrators, not for strangers', async () => {
    const forwarded = { 'x-forwarded-for': '203.0.113.7' };
    expect((await test.ask('GET', '/metrics')).status).toBe(200);
    expect((await test.ask('GET', '/metrics', { headers: forwarded })).body.code).toBe('auth.required');
    const made = await admin('POST', '/api/v1/tokens', { body: { name: 'prometheus', scopes: ['read'] } });
    const authorization = `Bearer ${made.body.token}`;
    expect((await test.ask('GET', '/metrics', { headers: { ...forwarded, authorization } })).status).toBe(200);
    const password = 'a long enough one';
    await admin('POST', '/api/v1/users', { body: { username: 'bob', email: 'b@x.y', password } });
    const bob = await test.signIn('bob', password);
    expect((await bob('GET', '/metrics', { headers: forwarded })).body.code).toBe('access.denied');
  });
});
