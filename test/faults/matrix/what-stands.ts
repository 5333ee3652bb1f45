import type { Leaf, Origin } from '../../tools/cluster.js';
import { metric } from '../../tools/metrics.js';

const LAST_CHARACTERS = 2_500;

/** How all stands where it did not come to be as wished: so that a failure on a busy machine explains itself. */
export async function whatStands(origin: Origin, leaf: Leaf, location: string): Promise<string> {
  const ask = async (what: string, look: () => Promise<unknown>): Promise<string> =>
    `${what}: ${await look().then(JSON.stringify, String)}`;
  const told = await Promise.all([
    ask('location', () => origin.api.location(location)),
    ask('spaces', async () =>
      (await origin.api.spaces()).map(({ name, phase, live, generation, observedGeneration }) => ({
        ...{ name, phase, live, generation, observedGeneration },
      })),
    ),
    ask('leaf follows', () => metric(leaf.url, 'knot_leaf_stage', { stage: 'following' })),
  ]);
  const printed = [origin, leaf].map(
    ({ process }, index) => `${index === 0 ? 'origin' : 'leaf'} printed:\n${process.output().slice(-LAST_CHARACTERS)}`,
  );
  return [...told, ...printed].join('\n');
}
