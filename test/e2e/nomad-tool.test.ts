import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../tools/eventually.js';
import { startNomad, type Nomad } from '../tools/nomad.js';
import type { NomadClient } from '../tools/nomad-client.js';
import { sharedNomad } from '../tools/shared-nomad.js';

const small = { Resources: { CPU: 10, MemoryMB: 16 } };

function sleeper(id: string, extra: Record<string, unknown> = {}) {
  const task = { Name: 'main', Driver: 'raw_exec', Config: { command: '/bin/sleep', args: ['3600'] }, ...small };
  return { ID: id, TaskGroups: [{ Name: 'group', Count: 1, Tasks: [task], ...extra }] };
}

function mock(id: string, config: Record<string, unknown>) {
  const task = { Name: 'main', Driver: 'mock_driver', Config: config, ...small };
  const once = { RestartPolicy: { Attempts: 0, Mode: 'fail' }, ReschedulePolicy: { Attempts: 0, Unlimited: false } };
  return { ID: id, TaskGroups: [{ Name: 'group', Count: 1, Tasks: [task], ...once }] };
}

async function statusOf(nomad: NomadClient, job: string): Promise<string | undefined> {
  return (await nomad.allocations(job))[0]?.ClientStatus;
}

async function becomes(nomad: NomadClient, job: string, status: string): Promise<void> {
  const reached = (seen: string | undefined) => seen === status;
  await eventually(() => statusOf(nomad, job), reached, { timeout: 30_000, what: `${job} being ${status}` });
}

const shared = await sharedNomad();

describe('the Nomad of the test run', () => {
  let nomad: NomadClient;
  beforeAll(async () => {
    nomad = await shared.freshNamespace();
  });

  it('runs a process, and starts it anew when it is killed', async () => {
    await nomad.register(sleeper('process'));
    await becomes(nomad, 'process', 'running');
    const [allocation] = await nomad.allocations('process');
    await nomad.killTask(allocation?.ID ?? '', 'main');
    const restarts = async () => (await nomad.allocations('process'))[0]?.TaskStates?.['main']?.Restarts;
    expect(await eventually(restarts, Boolean, { timeout: 15_000, what: 'a restart' })).toBe(1);
    await nomad.purge('process');
    expect(await nomad.job('process')).toBeUndefined();
  });

  it('runs, and fails on demand, jobs of the mock driver', async () => {
    await nomad.register(mock('runs', { run_for: '1h' }));
    await nomad.register(mock('exits', { run_for: '100ms', exit_code: 3 }));
    await becomes(nomad, 'runs', 'running');
    await becomes(nomad, 'exits', 'failed');
    const [allocation] = await nomad.allocations('exits');
    expect(allocation?.TaskStates?.['main']?.Events.some((event) => event.ExitCode === 3)).toBe(true);
  });

  it('makes a host volume that a job can use, and deletes it', async () => {
    const volume = await nomad.createHostVolume('data');
    const state = async () => (await nomad.hostVolumes()).find(({ ID }) => ID === volume.ID)?.State;
    await eventually(state, (seen) => seen === 'ready', { timeout: 30_000, what: 'the volume being ready' });
    const access = { AccessMode: 'single-node-writer', AttachmentMode: 'file-system' };
    await nomad.register(sleeper('keeper', { Volumes: { data: { Type: 'host', Source: 'data', ...access } } }));
    await becomes(nomad, 'keeper', 'running');
    expect(existsSync(volume.HostPath ?? '')).toBe(true);
    await nomad.purge('keeper');
    await eventually(async () => (await nomad.deleteHostVolume(volume.ID), true), Boolean, { timeout: 15_000 });
    expect(await nomad.hostVolumes()).toEqual([]);
  });

  it('keeps what others do in namespaces of theirs out of sight', async () => {
    const other = await shared.freshNamespace();
    await other.register(mock('foreign', { run_for: '1h' }));
    expect((await other.jobs()).map(({ ID }) => ID)).toEqual(['foreign']);
    expect((await nomad.jobs()).map(({ ID }) => ID)).not.toContain('foreign');
  });
});

describe('a Nomad of one test', () => {
  let nomad: Nomad;
  beforeAll(async () => {
    nomad = await startNomad();
  });
  afterAll(() => nomad.stop());

  it('comes back on its ports with its data after it was down', async () => {
    const before = nomad.pid;
    await nomad.client().register(mock('kept', { run_for: '1h' }));
    await nomad.down();
    await expect(nomad.client().jobs()).rejects.toThrow('fetch failed');
    await nomad.up();
    expect(nomad.pid).not.toBe(before);
    expect((await nomad.client().jobs()).map(({ ID }) => ID)).toEqual(['kept']);
    await becomes(nomad.client(), 'kept', 'running');
  });

  it('answers nobody while it is frozen', async () => {
    nomad.freeze();
    // an answer that was under way when the signal came may still get out
    const told = await eventually(
      () =>
        fetch(`${nomad.addr}/v1/status/leader`, { signal: AbortSignal.timeout(1_500) }).then(
          () => 'an answer',
          (error: unknown) => String(error),
        ),
      (what) => what !== 'an answer',
    );
    expect(told).toMatch(/timeout/i);
    nomad.thaw();
    expect(
      await eventually(
        () => nomad.client().jobs(),
        (jobs) => jobs.length === 1,
      ),
    ).toHaveLength(1);
  });

  it('leaves nothing behind', async () => {
    const gone = await startNomad();
    await gone.client().register(sleeper('left'));
    await becomes(gone.client(), 'left', 'running');
    const { pid = 0, dataDir } = gone;
    await gone.stop();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    expect(existsSync(dataDir)).toBe(false);
  });
});
