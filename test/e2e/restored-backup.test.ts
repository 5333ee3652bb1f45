import { cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../tools/eventually.js';
import { ApiClient } from '../tools/api-client.js';
import { ADMINISTRATOR, locationReady, signIn, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import type { NomadClient } from '../tools/nomad-client.js';
import { freshFolder } from '../tools/processes.js';
import { sharedNomad } from '../tools/shared-nomad.js';
import { mockJob } from './jobs.js';

const shared = await sharedNomad();
let nomad: NomadClient;
let origin: Origin;

beforeAll(async () => {
  nomad = await shared.freshNamespace();
  origin = await startOrigin();
  await startLeaf(origin, { location: 'lon', nomad: nomad.access });
  await locationReady(origin, 'lon', 'nomad');
});

/** The files of the database alone, as an administrator puts them back. */
function putBack(backup: string, data: string): void {
  const files = (folder: string) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /(^|\/)knot\.db(-wal|-shm)?$/.test(name),
    );
  for (const name of files(data)) rmSync(join(data, name));
  for (const name of files(backup)) cpSync(join(backup, name), join(data, name));
}

/** Tokens of a backup hold again once somebody has signed in by password and looked. */
async function acceptRestore({ url }: Origin): Promise<void> {
  const { username, password } = ADMINISTRATOR;
  const api = new ApiClient(url, await signIn(url, username, password));
  const health = await api.request<{ findings: { message: string }[] }>('GET', '/health');
  expect(health.findings.map(({ message }) => message).join()).toContain('put back from a backup');
  await api.request('POST', '/restore/accept');
}

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
    putBack(backup, data);
    origin = await origin.restart();
    await expect(origin.api.orphans('lon')).rejects.toMatchObject({ status: 401, problem: { code: 'auth.failed' } });
    await acceptRestore(origin);
    const orphans = await eventually(
      () => origin.api.orphans('lon'),
      (found) => found.length === 2,
      // no leaf gets the lease before those of the history that is gone have run out
      { timeout: 150_000, what: 'two orphans' },
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
