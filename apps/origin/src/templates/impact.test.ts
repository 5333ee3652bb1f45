import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { sync, type SyncClient } from '@knot/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

const SECRET = 'tell-nobody-7351';
const JOB = 'image = "${{ .var.image }}" key = "${{ .var.secret }}"';

let test: TestOrigin;
let admin: Ask;
let client: SyncClient;
const stop = new AbortController();
const questions: sync.Question[] = [];
let answer: MessageInitShape<typeof sync.AnswerSchema> = {};
let dev: string;
let turn = 0;

beforeAll(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  client = await test.origin.sync.ownLocation('home', 'test');
  for (const name of ['home', 'away']) await test.liveLocation(name);
  await follow();
});

afterAll(async () => {
  stop.abort();
  await test.close();
});

beforeEach(async () => {
  turn += 1;
  questions.length = 0;
  answer = {};
  const variable = { name: `image${turn}`, value: 'one' };
  await admin('POST', '/api/v1/variables', { body: variable });
  const body = { name: `dev${turn}`, platform: 'nomad', job: job() };
  dev = (await admin('POST', '/api/v1/templates', { body })).body.id;
  const secret = { name: `secret${turn}`, value: SECRET, protected: true, templates: [dev] };
  expect((await admin('POST', '/api/v1/variables', { body: secret })).status).toBe(201);
});

/** Follows as the leaf of home that answers plans, as `answer` says. */
async function follow(): Promise<void> {
  const { epoch, rev, nonce } = await test.origin.store.head('location:home');
  const from = { epoch, rev: BigInt(rev), nonce };
  const request = create(sync.WatchRequestSchema, { from, answersQuestions: true, answersPlans: true });
  const { promise, resolve } = Promise.withResolvers<void>();
  void (async () => {
    for await (const { event } of client.watch(request, { signal: stop.signal })) {
      resolve();
      if (event.case !== 'question') continue;
      if (event.value.snapshot) questions.push(event.value);
      const answers = [{ ...answer, questionId: event.value.id }];
      await client.reportStatus(create(sync.ReportStatusRequestSchema, { term: 1n, answers }), { signal: stop.signal });
    }
  })();
  await promise;
}

const job = () => JOB.replace('.image', `.image${turn}`).replace('.secret', `.secret${turn}`);
const save = (text: string, more: object = {}) =>
  admin('PUT', `/api/v1/templates/${dev}`, { body: { name: `dev${turn}`, job: text, ...more } });
const impact = (query = '', ask = admin) => ask('GET', `/api/v1/templates/${dev}/impact${query}`);

async function space(name: string, location = 'home'): Promise<string> {
  const body = { name: `${name}${turn}`, templateId: dev, location };
  const { id } = (await admin('POST', '/api/v1/spaces', { body })).body;
  expect((await admin('POST', `/api/v1/spaces/${id}/start`)).status).toBe(202);
  return id;
}

describe('the impact of a version', () => {
  it('is what the location says a start of each space would change, with the names of what has other values', async () => {
    const id = await space('mine');
    await save(`${job()} more`);
    const image = (await admin('GET', `/api/v1/variables?limit=200`)).body.items.find(
      ({ name }: { name: string }) => name === `image${turn}`,
    );
    await admin('PUT', `/api/v1/variables/${image.id}`, { body: { value: 'two' } });
    answer = {
      plan: {
        changes: ['change task web: Config'],
        destructive: true,
        volumesAdded: ['new'],
        volumesDetached: ['old'],
      },
    };
    const before = await test.origin.store.get('space', id);
    const { status, body } = await impact();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      number: 2,
      next: null,
      items: [
        {
          ...{ id, owner: { username: 'ann' }, templateVersion: 1, running: true, effect: 'restart', message: '' },
          ...{ changes: ['change task web: Config'], environment: [`var.image${turn}`] },
          ...{ volumesAdded: ['new'], volumesDetached: ['old'], warnings: [] },
        },
      ],
    });
    expect(JSON.stringify(body)).not.toContain(SECRET);
    // the leaf is asked about what a start would hand it, and nothing is changed by that
    expect(questions[0]?.snapshot?.data).toContain(SECRET);
    expect(await test.origin.store.get('space', id)).toEqual(before);
    expect(test.lines.join()).not.toContain(SECRET);
  });

  it('tells what runs on, in place or as it is, and what a backend remarks', async () => {
    await space('mine');
    await save('another');
    answer = { plan: { changes: ['change job: Priority'] }, warnings: [{ message: 'Old syntax.' }] };
    expect((await impact()).body.items).toMatchObject([{ effect: 'in-place', warnings: ['Old syntax.'] }]);
    answer = { plan: {} };
    expect((await impact()).body.items).toMatchObject([{ effect: 'nothing', changes: [] }]);
  });

  it('is asked of many spaces of a location at once', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await space(name);
    await save('another');
    answer = { plan: {} };
    const { items } = (await impact()).body;
    expect(items.map(({ effect }: { effect: string }) => effect)).toEqual(Array.from({ length: 6 }, () => 'nothing'));
  });

  it('counts for the next start where a space is stopped', async () => {
    const id = await space('mine');
    await admin('POST', `/api/v1/spaces/${id}/stop`);
    await save('another');
    answer = { plan: { changes: ['create the job'], volumesDetached: ['old'] } };
    expect((await impact()).body.items).toMatchObject([
      { effect: 'next-start', running: false, changes: [], volumesDetached: ['old'] },
    ]);
  });

  it('says what would be refused: by the rules of a start here, or by the backend there', async () => {
    await space('mine');
    await save('${{ .var.nowhere }}');
    expect((await impact()).body.items).toMatchObject([
      {
        effect: 'refused',
        message: expect.stringMatching(/nowhere/),
        hint: expect.stringMatching(/knot variables set/),
      },
    ]);
    expect(questions).toEqual([]);
    await save('well');
    answer = { plan: { refusal: { message: 'Nomad does not take the job.', hint: 'Mend the template.' } } };
    expect((await impact()).body.items).toMatchObject([
      { effect: 'refused', message: 'Nomad does not take the job.', hint: 'Mend the template.' },
    ]);
  });

  it('is not known of a location that is silent, cannot be asked, or could not ask its backend', async () => {
    await space('here');
    await space('there', 'away');
    await save('another');
    answer = { warnings: [{ message: 'Nomad does not answer.' }] };
    const { items } = (await impact()).body;
    expect(items).toMatchObject([
      { location: 'home', effect: 'unknown', message: 'Not known: Nomad does not answer.' },
      { location: 'away', effect: 'unknown', message: expect.stringMatching(/cannot be asked from here/) },
    ]);
    await test.origin.store.commit({
      expect: [],
      writes: [{ put: 'lease', row: { id: 'away', holder: 'x', instance: 'x', term: 1, renewedAt: 1_000 } }],
    });
    expect((await impact('?location=away')).body.items).toMatchObject([
      { effect: 'unknown', message: 'Not known: away is silent since 1970-01-01T00:00:01.000Z.' },
    ]);
    await test.liveLocation('away');
  });

  it('can be asked of an older version, and is for those who see everybody’s spaces', async () => {
    await space('mine');
    await save('another');
    answer = { plan: {} };
    expect((await impact('?number=1')).body).toMatchObject({ number: 1, items: [] });
    expect((await impact('?number=9')).status).toBe(404);
    expect((await impact('?number=0')).status).toBe(400);
    const eve = { username: `eve${turn}`, email: `eve${turn}@example.com`, password: 'a long enough one' };
    await admin('POST', '/api/v1/users', { body: eve });
    expect((await impact('', await test.signIn(eve.username, eve.password))).status).toBe(403);
  });
});
