import { beforeAll, describe, expect, it } from 'vitest';
import { locationReady, startLeaf, startOrigin, type Leaf, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import type { NomadClient } from '../tools/nomad-client.js';
import { sharedNomad } from '../tools/shared-nomad.js';
import { ApiProblem, type Template } from '../tools/api-client.js';
import { mockJob } from '../e2e/jobs.js';
import { struck } from './matrix/struck.js';

const ORIGIN_POINTS = [
  'origin.commit.after',
  'origin.answer.after',
  'origin.watch.before-send',
  'origin.report.before-commit',
  'origin.report.after-commit',
];
const LEAF_POINTS = [
  'leaf.watch.before-commit',
  'leaf.watch.after-commit',
  'leaf.create.before',
  'leaf.create.after',
  'leaf.create.recorded',
];

const shared = await sharedNomad();
let nomad: NomadClient;
let origin: Origin;
let leaf: Leaf;
let template: Template;

beforeAll(async () => {
  nomad = await shared.freshNamespace();
  origin = await startOrigin();
  leaf = await startLeaf(origin, { location: 'lon', nomad: nomad.access });
  await locationReady(origin, 'lon', 'nomad');
  const exceptions = ['driver:mock_driver'];
  template = await origin.api.createTemplate({ name: 'mock', platform: 'nomad', job: mockJob(), exceptions });
});

/** Whether the start was acknowledged; a refusal because the leaf is not heard of for a moment is tried again. */
function wishOnceLive(id: string): Promise<boolean> {
  const wish = () =>
    origin.api.wish(id, 'start').then(
      () => 'acknowledged' as const,
      (error: unknown) => (error instanceof ApiProblem ? error.problem.code : ('died' as const)),
    );
  const told = eventually(wish, (answer) => answer !== 'location.unavailable', {
    timeout: 60_000,
    what: 'a live location',
  });
  return told.then((answer) => answer === 'acknowledged');
}

/** Wishes for a start that kills a process, starts that again, and sees one running job in the end. */
async function startThrough(point: string, arm: () => Promise<void>, restart: () => Promise<void>): Promise<void> {
  const space = await origin.api.createSpace(point.replaceAll('.', '-'), template.id, 'lon');
  await arm();
  const acknowledged = await wishOnceLive(space.id);
  await restart();
  const { want } = await origin.api.space(space.id);
  if (acknowledged) expect(want).toBe('running');
  // The process died before it answered: its user would press the button again.
  if (want !== 'running') expect(await wishOnceLive(space.id)).toBe(true);
  await origin.api.phase(space.id, 'Running', { timeout: 90_000 });
  const jobs = await nomad.jobs(`knot-${space.id}`);
  expect(jobs.map(({ ID, Stop }) => [ID, Stop])).toEqual([[`knot-${space.id}`, false]]);
  const allocations = await nomad.allocations(`knot-${space.id}`);
  expect(allocations.filter(({ ClientStatus }) => ClientStatus === 'running')).toHaveLength(1);
  await origin.api.deleteSpace(await origin.api.space(space.id));
  await origin.api.gone(space.id, { timeout: 60_000 });
}

describe('kill -9 at a named failpoint', () => {
  it.each(ORIGIN_POINTS)(
    'of the origin at %s: the wish still converges',
    async (point) => {
      const arm = async () => {
        await origin.process.terminate();
        origin = await origin.restart({ KNOT_FAILPOINTS: `${point}=exit` });
      };
      const restart = async () => {
        await struck(origin.process, point);
        origin = await origin.restart();
      };
      await startThrough(point, arm, restart);
    },
    150_000,
  );

  it.each(LEAF_POINTS)(
    'of the leaf at %s: exactly one job',
    async (point) => {
      const arm = async () => {
        await leaf.process.terminate();
        leaf = await leaf.restart({ KNOT_FAILPOINTS: `${point}=exit` });
      };
      const restart = async () => {
        await struck(leaf.process, point);
        leaf = await leaf.restart();
      };
      await startThrough(point, arm, restart);
    },
    150_000,
  );
});
