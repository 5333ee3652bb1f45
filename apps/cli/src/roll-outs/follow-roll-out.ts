import { KnotError } from '@knot/shared/errors';
import { answer } from '../api/api.js';
import type { RollOutProgress } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';
import { plain } from '../output.js';

const LOOK_MS = 1_000;

/** Looks until it is over or held, each news on stderr. Throws `state.refused` where it did not come to its end. */
export async function followRollOut(client: Client, begun: RollOutProgress): Promise<RollOutProgress> {
  const { api, context } = client;
  let told = '';
  for (let seen = begun; ;) {
    const news = wordsOf(seen);
    if (news !== told) context.stderr.write(`${plain(news)}\n`);
    told = news;
    if (seen.state === 'done') return seen;
    if (seen.state !== 'going') {
      const hint = `\`knot roll-outs show ${seen.id}\` tells more.`;
      throw new KnotError('state.refused', `the roll-out is ${seen.state}: ${seen.reason}`, hint);
    }
    await new Promise<void>((done) => void context.clock.setTimeout(done, LOOK_MS));
    seen = await answer(api.GET('/api/v1/roll-outs/{id}', { params: { path: { id: begun.id } } }));
  }
}

/** `stage 1 of 2: 3 done, 2 updating, 5 waiting` */
export function wordsOf({ counts, stage, stages }: RollOutProgress): string {
  const { done, updating, waiting, failed, refused, skipped } = counts;
  const parts = Object.entries({ done, updating, waiting, failed, refused, skipped });
  const told = parts.filter(([, number]) => number > 0).map(([state, number]) => `${number} ${state}`);
  return `stage ${stage + 1} of ${stages.length}: ${told.join(', ')}`;
}
