import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { always, eventually } from '../tools/eventually.js';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import type { NomadClient } from '../tools/nomad-client.js';
import { sharedNomad } from '../tools/shared-nomad.js';
import type { Space, Template } from '../tools/api-client.js';
import { HOME_VOLUME, mockJob, RAW_JOB } from './jobs.js';

const shared = await sharedNomad();
let nomad: NomadClient;
let origin: Origin;
let leaf: Leaf;
let mock: Template;

beforeAll(async () => {
  nomad = await shared.freshNamespace();
  origin = await startOrigin();
  leaf = await startLeaf(origin, { location: 'lon', nomad: nomad.access });
  await locationReady(origin, 'lon', 'nomad');
  const exceptions = ['driver:mock_driver'];
  mock = await origin.api.createTemplate({ name: 'mock', platform: 'nomad', job: mockJob(), exceptions });
});

async function running(name: string, template: Template): Promise<Space> {
  const space = await origin.api.createSpace(name, template.id, 'lon');
  await origin.api.wish(space.id, 'start');
  return origin.api.phase(space.id, 'Running', { timeout: 60_000 });
}

/** The text of the first block of that language in a guide. */
function ofGuide(guide: string, language: string): string {
  const text = readFileSync(new URL(`../../docs/guide/${guide}`, import.meta.url), 'utf8');
  const [, block] = new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'm').exec(text) ?? [];
  if (block === undefined) throw new Error(`${guide} has no block of ${language}`);
  return block;
}

describe('a location with a Nomad', () => {
  it('tells what that has in all', async () => {
    const { platforms } = await origin.api.location('lon');
    const state = platforms.find(({ platform }) => platform === 'nomad');
    expect(state?.message).toMatch(/^1 node, [1-9]\d*\.\d GHz, [1-9]\d* GiB$/);
  });
});

describe('a space on Nomad', () => {
  it('can be made from the template of the guide, which Nomad takes as it is', async () => {
    const texts = { job: ofGuide('first-cluster.md', 'hcl'), volumes: ofGuide('first-cluster.md', 'yaml') };
    let tries = 0;
    // a location is ready a moment before its leaf can be asked what Nomad thinks of a text
    const saved = await eventually(
      () => origin.api.createTemplate({ name: `guide-${(tries += 1)}`, platform: 'nomad', ...texts }),
      ({ warnings = [] }) => !warnings.some(({ message }) => message.startsWith('No backend has checked')),
      { timeout: 60_000, interval: 1_000, what: 'the leaf to be asked' },
    );
    expect(saved).toMatchObject({ present: 1, warnings: [] });
  });

  it('runs under knot-<uuid> with its volume, and stop and delete leave nothing behind', async () => {
    const template = await origin.api.createTemplate({
      name: 'raw',
      platform: 'nomad',
      job: RAW_JOB,
      volumes: HOME_VOLUME,
      exceptions: ['driver:raw_exec'],
    });
    const space = await running('home', template);
    const job = await nomad.job(`knot-${space.id}`);
    expect(job).toMatchObject({ Name: 'sleeper', Meta: { knot_space: space.id, knot_location: 'lon' } });
    expect((await nomad.hostVolumes()).map(({ Name }) => Name)).toEqual([`knot-${space.id}-home`]);

    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped');
    expect(await nomad.job(`knot-${space.id}`)).toBeUndefined();
    expect(await nomad.hostVolumes()).toHaveLength(1);

    await origin.api.deleteSpace(space);
    await origin.api.gone(space.id, { timeout: 60_000 });
    expect(await nomad.hostVolumes()).toEqual([]);
    expect(await nomad.jobs(`knot-${space.id}`)).toEqual([]);
  });

  it('comes back when its job is purged behind knot, and says why', async () => {
    const space = await running('purged', mock);
    const [before] = await nomad.allocations(`knot-${space.id}`);
    await nomad.purge(`knot-${space.id}`);
    await eventually(
      () => nomad.job(`knot-${space.id}`),
      (job) => job !== undefined && !job.Stop && job.Status === 'running',
      { what: 'the job to be back' },
    );
    const back = await eventually(
      () => origin.api.space(space.id),
      (now) => now.phase === 'Running' && now.instance !== '' && now.instance !== before?.ID,
      { what: 'the space to run again' },
    );
    expect(back.events.map(({ message }) => message).join('\n')).toMatch(/gone|missing|put back/i);
    expect(back.generation).toBe(space.generation);
  });

  it('is put back as it was when its job is edited behind knot', async () => {
    const space = await running('edited', mock);
    const id = `knot-${space.id}`;
    const job = await nomad.job(id);
    const groups = job?.['TaskGroups'] as { Count: number }[];
    await nomad.request('PUT', '/v1/jobs', {
      Job: { ...job, TaskGroups: groups.map((group) => ({ ...group, Count: 2 })) },
    });
    await eventually(
      async () => (await nomad.job(id))?.['TaskGroups'] as { Count: number }[],
      (now) => now[0]?.Count === 1,
      { what: 'the count to be 1 again' },
    );
    await eventually(
      () => origin.api.space(space.id),
      ({ phase, events }) =>
        phase === 'Running' && events.some(({ message }) => /changed|differs|put back/i.test(message)),
      { what: 'the space to run and to say why its job was put back' },
    );
  });

  it('comes back when its allocation is killed', async () => {
    const space = await running('killed', mock);
    const [before] = await nomad.allocations(`knot-${space.id}`);
    await nomad.stopAllocation(before?.ID ?? '');
    await eventually(
      () => origin.api.space(space.id),
      (now) => now.phase === 'Running' && now.instance !== '' && now.instance !== before?.ID,
      { timeout: 30_000, what: 'another allocation to run' },
    );
  });

  it('is not brought back once its user has stopped it', async () => {
    const space = await running('stopped', mock);
    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped');
    await always(
      () => nomad.job(`knot-${space.id}`),
      (job) => job === undefined,
      { what: 'no job' },
    );
  });

  it('ends stopped when it is stopped while it starts', async () => {
    const slow = await origin.api.createTemplate({
      name: 'slow',
      platform: 'nomad',
      job: mockJob({ run_for: '1000h', start_block_for: '5s' }),
      exceptions: ['driver:mock_driver'],
    });
    const space = await origin.api.createSpace('hasty', slow.id, 'lon');
    await origin.api.wish(space.id, 'start');
    await eventually(() => nomad.job(`knot-${space.id}`), Boolean, { what: 'the job' });
    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped', { timeout: 60_000 });
    await always(
      () => origin.api.space(space.id),
      ({ phase }) => phase === 'Stopped',
      { what: 'Stopped' },
    );
    expect(await nomad.job(`knot-${space.id}`)).toBeUndefined();
  });
});

describe('what is not ours, and what changes nothing', () => {
  it('never touches a job that knot did not make, whatever its name', async () => {
    const name = `knot-${crypto.randomUUID()}`;
    const task = {
      Name: 'main',
      Driver: 'mock_driver',
      Config: { run_for: '1000h' },
      Resources: { CPU: 5, MemoryMB: 10 },
    };
    await nomad.register({ ID: name, TaskGroups: [{ Name: 'main', Count: 1, Tasks: [task] }] });
    await leaf.process.terminate();
    leaf = await leaf.restart();
    await locationReady(origin, 'lon', 'nomad');
    await running('neighbour', mock);
    await always(
      () => nomad.job(name),
      (job) => job !== undefined && !job.Stop,
      { what: 'the foreign job' },
    );
    expect(await origin.api.orphans('lon')).toEqual([]);
  });

  it('restarts nothing when a template, a variable or a description is edited, and says that an update is there', async () => {
    await origin.api.request('POST', '/variables', { name: 'greeting', value: 'hello' });
    const template = await origin.api.createTemplate({
      name: 'frozen',
      platform: 'nomad',
      job: mockJob({ run_for: '1000h', stdout_string: '${{ .var.greeting }}' }),
      exceptions: ['driver:mock_driver'],
    });
    const space = await running('frozen', template);
    const before = await nomad.job(`knot-${space.id}`);
    const { items } = await origin.api.request<{ items: { id: string; name: string }[] }>('GET', '/variables');
    const variable = items.find(({ name }) => name === 'greeting');
    await origin.api.request('PUT', `/variables/${variable?.id}`, { value: 'good day' });
    await eventually(
      () => origin.api.space(space.id),
      (now) => now.updateAvailable,
      { what: 'the update to show' },
    );
    await origin.api.request('PATCH', `/spaces/${space.id}`, { description: 'something else' });
    await always(
      () => nomad.job(`knot-${space.id}`),
      (job) => job?.JobModifyIndex === before?.JobModifyIndex,
      {
        what: 'the same job',
      },
    );
    expect((await origin.api.space(space.id)).generation).toBe(space.generation);
  });
});
