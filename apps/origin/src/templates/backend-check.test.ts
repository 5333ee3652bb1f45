import { create } from '@bufbuild/protobuf';
import { sync, type SyncClient } from '@knot/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestOrigin, type Ask } from '../testing/test-origin.js';

const SECRET = 'tell-nobody-7351';
const JOB = 'a = "${{ .var.secret }}" b = "${{ .var.open }}"';
const MASKED = 'a = "********" b = "seen"';

let test: TestOrigin;
let admin: Ask;
let client: SyncClient;
let stop: AbortController;

beforeEach(async () => {
  test = await TestOrigin.open();
  admin = await test.admin();
  stop = new AbortController();
  client = await test.origin.sync.ownLocation('home', 'test');
  await test.liveLocation('home', ['nomad']);
  await admin('POST', '/api/v1/variables', { body: { name: 'secret', value: SECRET, protected: true } });
  await admin('POST', '/api/v1/variables', { body: { name: 'open', value: 'seen' } });
});
afterEach(async () => {
  stop.abort();
  await test.close();
});

const save = (more: object = {}) =>
  admin('POST', '/api/v1/templates', { body: { name: 't', platform: 'nomad', job: JOB, ...more } });

/** Follows as a leaf of home; resolves once it is followed. Each question is answered by the text given. */
async function leaf(answersQuestions: boolean, message: string): Promise<sync.Question[]> {
  const questions: sync.Question[] = [];
  const { epoch, rev, nonce } = await test.origin.store.head('location:home');
  const request = create(sync.WatchRequestSchema, { from: { epoch, rev: BigInt(rev), nonce }, answersQuestions });
  const { promise, resolve } = Promise.withResolvers<void>();
  void (async () => {
    for await (const { event } of client.watch(request, { signal: stop.signal })) {
      resolve();
      if (event.case !== 'question') continue;
      questions.push(event.value);
      const answers = [{ questionId: event.value.id, warnings: message ? [{ message, line: 3, column: 1 }] : [] }];
      const report = create(sync.ReportStatusRequestSchema, { term: 1n, answers });
      await client.reportStatus(report, { signal: stop.signal });
    }
  })();
  await promise;
  return questions;
}

describe('a template that is saved', () => {
  it('comes back with what the backend of a live location says, and never shows it a protected value', async () => {
    const questions = await leaf(true, 'Job, line 3, column 1: no.');
    const made = await save({ exceptions: ['driver:raw_exec'] });
    const warning = { message: 'Job, line 3, column 1: no.', hint: '', line: 3, column: 1 };
    expect(made).toMatchObject({ status: 201, body: { present: 1, warnings: [warning] } });
    expect(questions).toMatchObject([{ platform: 'nomad', job: MASKED, volumes: '', exceptions: ['driver:raw_exec'] }]);
    const { id } = made.body;
    const put = await admin('PUT', `/api/v1/templates/${id}`, { body: { name: 't', job: 'other' } });
    expect(put.body).toMatchObject({ present: 2, warnings: [warning] });
    const back = await admin('POST', `/api/v1/templates/${id}/roll-back`, { body: { number: 1 } });
    expect(back.body).toMatchObject({ present: 3, warnings: [warning] });
    const tried = await admin('POST', `/api/v1/templates/${id}/render-test`, { body: { job: 'tried' } });
    expect(tried.body).toMatchObject({ ok: true, problems: [], warnings: [warning] });
    expect(questions.map(({ job }) => job)).toEqual([MASKED, 'other', MASKED, 'tried']);
    expect((await admin('GET', `/api/v1/templates/${id}`)).body.warnings).toBeUndefined();
    expect(test.lines.join()).not.toContain(SECRET);
  });

  it('has no warnings where the backend takes it, and does not render where a variable is missing', async () => {
    const questions = await leaf(true, '');
    expect((await save()).body.warnings).toEqual([]);
    const made = await save({ name: 'missing', job: 'a\n${{ .var.nowhere }}' });
    expect(made).toMatchObject({ status: 201, body: { warnings: [{ line: 2 }] } });
    expect(made.body.warnings[0].message).toContain('nowhere');
    expect(questions).toHaveLength(1);
  });

  it('is saved without a check where nobody answers questions, and says so', async () => {
    const questions = await leaf(false, 'never');
    const made = await save();
    expect(made).toMatchObject({ status: 201, body: { present: 1, warnings: [{ line: 0 }] } });
    expect(made.body.warnings[0].message).toMatch(
      /^No backend has checked the texts: no location .* nomad ready .*\.$/,
    );
    expect(questions).toEqual([]);
  });

  it('is not shown to a location that it is not for, or that has its platform not ready', async () => {
    const questions = await leaf(true, '');
    await test.liveLocation('ams', ['nomad']);
    for (const more of [{ locations: ['ams'] }, { name: 'k', platform: 'kubernetes' }]) {
      expect((await save(more)).body.warnings).toMatchObject([{ message: expect.stringContaining('No backend') }]);
    }
    const { body } = await save({ name: 'here', locations: ['ams', 'home'] });
    expect(body.warnings).toEqual([]);
    expect(questions).toHaveLength(1);
  });
});
