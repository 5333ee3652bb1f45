import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../tools/eventually.js';
import { locationReady, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import type { NomadClient } from '../tools/nomad-client.js';
import { freshFolder } from '../tools/processes.js';
import { sharedNomad } from '../tools/shared-nomad.js';
import { mockJob } from './jobs.js';

const shared = sharedNomad();
let nomad: NomadClient;
let origin: Origin;

beforeAll(async () => {
  nomad = await shared.freshNamespace();
  origin = await startOrigin();
  await startLeaf(origin, { location: 'lon', nomad: nomad.access });
  await locationReady(origin, 'lon', 'nomad');
});

describe('an older backup of the origin', () => {
  it('put back removes nothing: newer jobs are orphans, and one that is adopted is a space again', async () => {
    const exceptions = ['driver:mock_driver'];
    const template = await origin.api.createTemplate({ name: 'mock', platform: 'nomad', job: mockJob(), exceptions });
    const old = await origin.api.createSpace('old', template.id, 'lon');
    await origin.api.wish(old.id, 'start');
    await origin.api.phase(old.id, 'Running', { timeout: 60_000 });

    const data = join(origin.process.folder, 'knot-data');
    const backup = join(freshFolder('backup'), 'knot-data');
    await origin.process.terminate();
    cpSync(data, backup, { recursive: true });
    origin = await origin.restart();
    await locationReady(origin, 'lon', 'nomad');

    const young = await origin.api.createSpace('young', template.id, 'lon');
    const other = await origin.api.createSpace('other', template.id, 'lon');
    for (const { id } of [young, other]) await origin.api.wish(id, 'start');
    for (const { id } of [young, other]) await origin.api.phase(id, 'Running', { timeout: 60_000 });
    const jobs = async () => (await nomad.jobs('knot-')).map(({ ID, JobModifyIndex }) => [ID, JobModifyIndex]).sort();
    const before = await jobs();

    await origin.process.terminate();
    rmSync(data, { recursive: true });
    cpSync(backup, data, { recursive: true });
    origin = await origin.restart();
    const orphans = await eventually(
      () => origin.api.orphans('lon'),
      (found) => found.length === 2,
      { timeout: 60_000, what: 'two orphans' },
    );
    expect(orphans.map(({ spaceId }) => spaceId).sort()).toEqual([young.id, other.id].sort());
    expect(await jobs()).toEqual(before);
    await origin.api.phase(old.id, 'Running', { timeout: 60_000 });

    await origin.api.request('POST', `/locations/lon/orphans/${young.id}/adopt`, {});
    const adopted = await origin.api.phase(young.id, 'Running', { timeout: 60_000 });
    expect(adopted).toMatchObject({ name: 'young', owner: { username: 'ada' } });
    expect(await jobs()).toEqual(before);

    await origin.api.request('POST', `/locations/lon/orphans/${other.id}/remove`, { confirm: other.name });
    await eventually(
      () => nomad.job(`knot-${other.id}`),
      (job) => job === undefined,
      { timeout: 60_000 },
    );
    await eventually(
      () => origin.api.orphans('lon'),
      (found) => found.length === 0,
      { timeout: 60_000 },
    );
  }, 300_000);
});
