import type { UseNews } from '@knot/contract';
import type { Clock, ClockTimer } from '@knot/shared';
import { isKnotError } from '@knot/shared/errors';
import type { Position, Store } from '@knot/shared/store';

/** A commit wakes it; so often it looks all the same, for what nobody was woken by. ms */
const LOOK_EVERY_MS = 5_000;
/** A store that does not answer is asked again so soon. ms */
const AGAIN_MS = 400;
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
  private looking = false;
  /** Something ended while it was looking. */
  private again = false;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {
    store.onCommit((streams) => {
      if (streams.includes('proofs')) this.lookNow();
    });
  }

  /** Gives what ends it. */
  follow(position: Position | null, tell: (news: UseNews) => void): () => void {
    const follower = { position, tell };
    this.followers.add(follower);
    this.lookNow();
    return () => {
      this.followers.delete(follower);
      if (this.followers.size === 0) this.timer?.clear();
    };
  }

  private lookNow(): void {
    if (this.followers.size === 0) return;
    this.again = true;
    if (this.looking) return;
    this.looking = true;
    this.timer?.clear();
    const next = (ms: number) => {
      this.looking = false;
      if (this.followers.size > 0) this.timer = this.clock.setTimeout(() => this.lookNow(), ms);
    };
    this.lookUntilStill().then(
      () => next(LOOK_EVERY_MS),
      () => next(AGAIN_MS),
    );
  }

  private async lookUntilStill(): Promise<void> {
    while (this.again) {
      this.again = false;
      await this.look();
    }
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
