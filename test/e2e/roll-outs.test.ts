import type { components } from '@knot/contract';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../tools/eventually.js';
import { locationReady, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import type { NomadClient } from '../tools/nomad-client.js';
import { sharedNomad } from '../tools/shared-nomad.js';
import type { Space, Template } from '../tools/api-client.js';
import { mockJob } from './jobs.js';

type Schemas = components['schemas'];

const PATIENCE = { timeout: 90_000 };
const shared = await sharedNomad();
let nomad: NomadClient;
let origin: Origin;
let template: Template;
let spaces: readonly Space[];

beforeAll(async () => {
  nomad = await shared.freshNamespace();
  origin = await startOrigin();
  await startLeaf(origin, { location: 'lon', nomad: nomad.access });
  await locationReady(origin, 'lon', 'nomad');
  template = await origin.api.createTemplate({
    name: 'mock',
    platform: 'nomad',
    job: mockJob(),
    exceptions: EXCEPTIONS,
  });
  const made = [];
  for (const name of ['aa', 'bb', 'cc']) made.push(await origin.api.createSpace(name, template.id, 'lon'));
  for (const { id } of made) await origin.api.wish(id, 'start');
  spaces = await Promise.all(made.map(({ id }) => origin.api.phase(id, 'Running', PATIENCE)));
});

const EXCEPTIONS = ['driver:mock_driver'];

async function save(job: string): Promise<void> {
  const body = { name: 'mock', job, exceptions: EXCEPTIONS };
  template = await origin.api.request('PUT', `/templates/${template.id}`, body);
}

const impact = () => origin.api.request<Schemas['TemplateImpact']>('GET', `/templates/${template.id}/impact`);
const begin = (more: object) =>
  origin.api.request<Schemas['RollOutProgress']>('POST', '/roll-outs', {
    ...{ templateId: template.id, to: 'all', number: template.present, sure: true },
    ...more,
  });
const until = (id: string, state: string) =>
  eventually(
    () => origin.api.request<Schemas['RollOutProgress']>('GET', `/roll-outs/${id}`),
    (seen) => seen.state === state,
    { ...PATIENCE, what: `the roll-out to be ${state}` },
  );
const jobOf = async ({ id }: Space) => JSON.stringify(await nomad.job(`knot-${id}`));

describe('a new version', () => {
  it('does to what runs on Nomad what its dry run said, through a killed origin', async () => {
    await save(mockJob({ run_for: '999h' }));
    const before = await Promise.all(spaces.map(({ id }) => nomad.allocations(`knot-${id}`)));
    const { items } = await impact();
    expect(items.map(({ effect }) => effect)).toEqual(['restart', 'restart', 'restart']);
    expect(items[0]?.changes.join('\n')).toMatch(/task main: .*run_for/);
    expect(await Promise.all(spaces.map(jobOf))).toEqual(spaces.map(() => expect.stringContaining('1000h')));

    const { id } = await begin({ first: { count: 1 }, atOnce: 1 });
    await eventually(
      () => jobOf(spaces[0] as Space),
      (job) => job.includes('999h'),
      { ...PATIENCE, what: 'the first space to update' },
    );
    await origin.process.kill();
    origin = await origin.restart();
    const done = await until(id, 'done');
    expect(done).toMatchObject({ counts: { done: 3, failed: 0, refused: 0, skipped: 0 }, stages: [1, 2], stage: 1 });
    const after = await Promise.all(spaces.map(({ id: space }) => nomad.allocations(`knot-${space}`)));
    after.forEach((allocations, index) => {
      const old = before[index]?.map(({ ID }) => ID) ?? [];
      expect(allocations.filter(({ ID }) => !old.includes(ID))).toHaveLength(1);
    });
    expect((await impact()).items).toEqual([]);
  });

  it('that fails on Nomad stops at the first space, and goes back', async () => {
    await save(mockJob({ start_error: 'no such image' }));
    const { id } = await begin({ first: { count: 1 } });
    const held = await until(id, 'held');
    expect(held).toMatchObject({
      reason: '1 of 1 spaces failed, and the limit is 10 %.',
      counts: { failed: 1, waiting: 2 },
    });
    const versions = async () =>
      (await Promise.all(spaces.map(({ id: space }) => origin.api.space(space)))).map(
        (space) => space.template.version,
      );
    expect(await versions()).toEqual([3, 2, 2]);
    const back = await origin.api.request<Schemas['RollOutProgress']>('POST', `/roll-outs/${id}/back`);
    expect(back).toMatchObject({ number: 4, stages: [1] });
    await until(back.id, 'done');
    expect(await versions()).toEqual([4, 2, 2]);
    expect(await Promise.all(spaces.map(jobOf))).toEqual(spaces.map(() => expect.stringContaining('999h')));
    await origin.api.phase((spaces[0] as Space).id, 'Running', PATIENCE);
  });
});
