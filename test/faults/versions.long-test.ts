import { expect, it } from 'vitest';
import { locationReady, startLeaf, startOrigin } from '../tools/cluster.js';
import { metric } from '../tools/metrics.js';
import { newerProgram, olderProgram } from '../tools/other-version.js';
import { freshFolder, KNOT } from '../tools/processes.js';
import { localSite, weather, type Arena } from './matrix/arena.js';
import { tellOutcome } from './matrix/tell-outcome.js';

const VERSIONS: Readonly<Record<string, () => string>> = {
  'the one before': olderProgram,
  'this one': () => KNOT,
  'the next one': newerProgram,
};

/** Program of origin and leaf at first, and which of the two then becomes another one. */
const COURSES = [
  ['the one before', 'the one before', 'origin', 'this one'],
  ['this one', 'the one before', 'leaf', 'this one'],
  ['the one before', 'the one before', 'leaf', 'this one'],
  ['this one', 'this one', 'leaf', 'the next one'],
  ['this one', 'the next one', 'leaf', 'this one'],
  ['this one', 'this one', 'origin', 'the next one'],
] as const;

it.each(COURSES)('origin: %s, leaf: %s; the %s becomes %s', async (ofOrigin, ofLeaf, who, becomes) => {
  const folder = freshFolder('spaces');
  const origin = await startOrigin({ program: VERSIONS[ofOrigin]?.() });
  const config = { 'server.local.path': folder };
  const leaf = await startLeaf(origin, { location: 'lon', local: true, config, program: VERSIONS[ofLeaf]?.() });
  await locationReady(origin, 'lon', 'local');
  const arena: Arena = { origin, leaf, location: 'lon', site: localSite(folder) };
  const outcome = await weather(arena, {
    strike: async () => {
      await arena[who].process.terminate();
      const program = VERSIONS[becomes]?.();
      if (who === 'origin') arena.origin = await arena.origin.restart({}, program);
      else arena.leaf = await arena.leaf.restart({}, program);
    },
  });
  expect(outcome.untouched).toBe('ran on');
  expect(await metric(arena.leaf.url, 'knot_leaf_stage', { stage: 'following' })).toBe(1);
  tellOutcome('Versions', `origin: ${ofOrigin}, leaf: ${ofLeaf}; the ${who} becomes ${becomes}`, outcome);
});
