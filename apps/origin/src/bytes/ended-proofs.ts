import type { UseNews } from '@knot/contract';
import type { Clock, ClockTimer } from '@knot/shared';
import { isKnotError } from '@knot/shared/errors';
import type { Position, Store } from '@knot/shared/store';

/** How soon leaves hear of the end of a session or token, ms. */
const LOOK_EVERY_MS = 400;
const MOST = 500;

interface Follower {
  /** Null: it knows nothing. */
  position: Position | null;
  readonly tell: (news: UseNews) => void;
}

/** Tells leaves of sessions and tokens that have ended, from where each was. Looks only while one listens. */
export class EndedProofs {
  private readonly followers = new Set<Follower>();
  private timer: ClockTimer | null = null;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Gives what ends it. */
  follow(position: Position | null, tell: (news: UseNews) => void): () => void {
    const follower = { position, tell };
    this.followers.add(follower);
    this.schedule(0);
    return () => this.followers.delete(follower);
  }

  private schedule(ms: number): void {
    if (this.timer || this.followers.size === 0) return;
    this.timer = this.clock.setTimeout(() => {
      // a store that does not answer is asked again
      void this.look()
        .catch(() => undefined)
        .finally(() => {
          this.timer = null;
          this.schedule(LOOK_EVERY_MS);
        });
    }, ms);
  }

  private async look(): Promise<void> {
    const head = await this.store.head('proofs');
    for (const follower of this.followers) {
      const { position } = follower;
      if (position?.rev === head.rev && position.nonce === head.nonce && position.epoch === head.epoch) continue;
      await this.bringUp(follower, head);
    }
  }

  private async bringUp(follower: Follower, head: Position): Promise<void> {
    try {
      while (follower.position && follower.position.rev < head.rev) {
        const { epoch } = follower.position;
        const entries = await this.store.log('proofs', follower.position, MOST);
        const last = entries.at(-1);
        if (!last) return;
        follower.position = { epoch, rev: last.rev, nonce: last.nonce };
        follower.tell({ say: 'ended', proofs: entries.map(({ id }) => id), position: follower.position });
      }
      if (follower.position?.epoch === head.epoch) return;
    } catch (error) {
      if (!isKnotError(error, 'sync.relist')) throw error;
    }
    follower.position = head;
    follower.tell({ say: 'void', at: await this.store.now(), position: head });
  }
}
