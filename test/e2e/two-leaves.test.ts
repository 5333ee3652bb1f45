import { beforeAll, describe, expect, it } from 'vitest';
import { always, eventually } from '../tools/eventually.js';
import { locationReady, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import type { NomadClient } from '../tools/nomad-client.js';
import { sharedNomad } from '../tools/shared-nomad.js';
import type { Space, Template } from '../tools/api-client.js';
import { mockJob } from './jobs.js';

const shared = await sharedNomad();
let nomad: NomadClient;

beforeAll(async () => {
  nomad = await shared.freshNamespace();
});

async function mockTemplate(origin: Origin): Promise<Template> {
  const exceptions = ['driver:mock_driver'];
  return origin.api.createTemplate({ name: 'mock', platform: 'nomad', job: mockJob(), exceptions });
}

async function running(origin: Origin, location: string, name: string, template: Template): Promise<Space> {
  const space = await origin.api.createSpace(name, template.id, location);
  await origin.api.wish(space.id, 'start');
  return origin.api.phase(space.id, 'Running', { timeout: 60_000 });
}

describe('two leaves of one location', () => {
  it('refuses the second, which says why and does nothing; a frozen first one does nothing with its old term', async () => {
    const origin = await startOrigin();
    const first = await startLeaf(origin, { location: 'lon', nomad: nomad.access });
    await locationReady(origin, 'lon', 'nomad');
    const second = await startLeaf(origin, { location: 'lon', nomad: nomad.access });
    await eventually(() => /DuplicateLocation/.test(second.process.output()), Boolean, {
      what: 'the refusal in its log',
    });
    const before = await origin.api.location('lon');
    expect(before.leaf?.term).toBe(1);

    const template = await mockTemplate(origin);
    const space = await running(origin, 'lon', 'kept', template);
    first.process.freeze();
    const taken = await eventually(
      () => origin.api.location('lon'),
      (now) => (now.leaf?.term ?? 0) > 1,
      {
        timeout: 90_000,
        interval: 1_000,
        what: 'the second leaf to take over',
      },
    );
    expect(taken.leaf?.term).toBe(2);
    await origin.api.wish(space.id, 'stop');
    await origin.api.phase(space.id, 'Stopped', { timeout: 60_000 });
    first.process.thaw();
    await always(
      () => nomad.job(`knot-${space.id}`),
      (job) => job === undefined,
      { timeout: 8_000, what: 'no job' },
    );
    expect((await origin.api.location('lon')).leaf?.term).toBe(2);
    await eventually(() => /DuplicateLocation/.test(first.process.output()), Boolean, { what: 'why the first rests' });
  }, 240_000);
});

describe('one Nomad namespace', () => {
  it('shows neither of two locations the jobs of the other, nor those of another installation', async () => {
    const [one, other] = [await startOrigin(), await startOrigin()];
    await startLeaf(one, { location: 'ams', nomad: nomad.access });
    await startLeaf(one, { location: 'par', nomad: nomad.access });
    await startLeaf(other, { location: 'ams', nomad: nomad.access });
    await locationReady(one, 'ams', 'nomad');
    await locationReady(one, 'par', 'nomad');
    await locationReady(other, 'ams', 'nomad');
    const template = await mockTemplate(one);
    const spaces = [
      await running(one, 'ams', 'one', template),
      await running(one, 'par', 'two', template),
      await running(other, 'ams', 'three', await mockTemplate(other)),
    ];
    await always(
      async () => [
        ...(await one.api.orphans('ams')),
        ...(await one.api.orphans('par')),
        ...(await other.api.orphans('ams')),
      ],
      (orphans) => orphans.length === 0,
      { timeout: 15_000, interval: 1_000, what: 'no orphans' },
    );
    const jobs = await nomad.jobs('knot-');
    for (const space of spaces) expect(jobs.map(({ ID }) => ID)).toContain(`knot-${space.id}`);
  }, 180_000);
});
