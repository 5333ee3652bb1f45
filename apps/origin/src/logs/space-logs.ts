import type { Readable } from 'node:stream';
import { LOG_FOLLOW_HEADER, LOG_SEARCH_HEADER } from '@knot/contract';
import type { Clock } from '@knot/shared';
import type { Store } from '@knot/shared/store';
import { assertEnterable } from '../bytes/assert-enterable.js';
import { mayStillEnter } from '../bytes/may-still-enter.js';
import type { OpenUses } from '../bytes/open-uses.js';
import type { SpaceWays } from '../bytes/space-ways.js';
import { found } from '../deeds/check.js';
import type { Call } from '../http/call.js';
import type { Proofs } from '../identity/proofs.js';

export interface LogsWanted {
  /** Whether the reader stays for what is said from now on. */
  readonly follow: boolean;
  /** Part of a line, whatever its case; '' is all. */
  readonly search: string;
}

/** What is said in a space, as its agent heard it: a line of JSON for each, straight from the space. */
export class SpaceLogs {
  constructor(
    private readonly parts: {
      readonly store: Store;
      readonly clock: Clock;
      readonly ways: SpaceWays;
      readonly uses: OpenUses;
      readonly proofs: Proofs;
    },
  ) {}

  async read(call: Call, id: string, { follow, search }: LogsWanted): Promise<Readable> {
    const { store, ways, uses } = this.parts;
    const space = found(await store.get('space', id), 'space');
    await assertEnterable(this.parts, call.actor, space);
    uses.assertRoom(id);
    const stream = await ways.open(
      { location: space.location, user: call.actor.id, way: { action: 'logs', space: id } },
      { [LOG_FOLLOW_HEADER]: follow ? '1' : '0', [LOG_SEARCH_HEADER]: encodeURIComponent(search) },
    );
    // nothing is said to the agent: its end is the end
    stream.once('end', () => stream.end());
    const still = () => mayStillEnter(this.parts, call.proofId, id);
    const over = new Promise<void>((resolve) => stream.once('close', resolve));
    void uses.watch(id, { key: `logs ${call.proofId} ${id}`, still, cut: () => stream.destroy() }, over);
    return stream;
  }
}
