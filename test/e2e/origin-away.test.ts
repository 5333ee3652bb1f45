import { beforeAll, describe, expect, it } from 'vitest';
import { always, eventually } from '../tools/eventually.js';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import type { NomadClient } from '../tools/nomad-client.js';
import { sharedNomad } from '../tools/shared-nomad.js';
import { mockJob } from './jobs.js';

const shared = await sharedNomad();
let nomad: NomadClient;
let origin: Origin;
let leaf: Leaf;

beforeAll(async () => {
  nomad = await shared.freshNamespace();
  origin = await startOrigin();
  leaf = await startLeaf(origin, { location: 'lon', nomad: nomad.access });
  await locationReady(origin, 'lon', 'nomad');
});

async function relists({ url }: Leaf): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const [, count] = /^knot_leaf_relists_total(?:\{[^}]*\})? (\d+)/m.exec(text) ?? [];
  if (count === undefined) throw new Error('the leaf counts no relists');
  return Number(count);
}

describe('while the origin is away', () => {
  it('the leaf restarts, opens its ports and heals; afterwards nothing is relisted and nothing was lost', async () => {
    const exceptions = ['driver:mock_driver'];
    const template = await origin.api.createTemplate({ name: 'mock', platform: 'nomad', job: mockJob(), exceptions });
    const [kept, stopped] = [
      await origin.api.createSpace('kept', template.id, 'lon'),
      await origin.api.createSpace('stopped', template.id, 'lon'),
    ];
    for (const { id } of [kept, stopped]) await origin.api.wish(id, 'start');
    for (const { id } of [kept, stopped]) await origin.api.phase(id, 'Running');
    await origin.api.wish(stopped.id, 'stop');
    await origin.api.phase(stopped.id, 'Stopped');

    await origin.process.kill();
    await leaf.process.kill();
    await nomad.purge(`knot-${kept.id}`);
    leaf = await leaf.restart();
    const health = await fetch(`${leaf.url}/health`);
    expect(health.status).toBe(200);
    await eventually(
      () => nomad.job(`knot-${kept.id}`),
      (job) => job?.Status === 'running' && !job.Stop,
      { timeout: 60_000, what: 'the purged job to be back without its origin' },
    );
    await always(
      () => nomad.job(`knot-${stopped.id}`),
      (job) => job === undefined,
      { what: 'the stopped one' },
    );

    origin = await origin.restart();
    await locationReady(origin, 'lon', 'nomad');
    await eventually(
      () => origin.api.space(kept.id),
      ({ phase, events }) => phase === 'Running' && events.some(({ reason }) => reason === 'Missing'),
      { timeout: 60_000, what: 'the origin to hear that it was put back' },
    );
    expect(await relists(leaf)).toBe(0);
    expect((await origin.api.space(stopped.id)).phase).toBe('Stopped');
  }, 240_000);
});
