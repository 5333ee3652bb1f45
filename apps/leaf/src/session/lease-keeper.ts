import { create } from '@bufbuild/protobuf';
import { sync, type SyncClient } from '@knot/contract';
import type { Clock, Logger } from '@knot/shared';
import type { LeafStore } from '@knot/shared/store';
import { momentOf } from '../authority/moment.js';
import type { RightToAct } from '../authority/right-to-act.js';
import { Bell } from '../bell.js';
import { pause, within } from '../within.js';

const CALL_MS = 5_000;

/** Takes and renews the location's lease. It counts from the moment the request was sent. */
export class LeaseKeeper {
  private readonly acquired = new Bell();
  private term = 0;

  constructor(
    private readonly parts: {
      readonly sync: SyncClient;
      readonly store: LeafStore;
      readonly right: RightToAct;
      readonly clock: Clock;
      readonly logger: Logger;
      readonly processId: string;
      readonly location: string;
      readonly standby: boolean;
      /** A term that is new to this process: locks are taken with it. */
      readonly onTerm: () => void;
      /** `holder` is '' where the lease is held for nobody, for some seconds. */
      readonly onRefused: (holder: string) => void;
    },
  ) {}

  /** Resolves once the lease is held. */
  async whenHeld(signal: AbortSignal): Promise<void> {
    while (!this.parts.right.leaseHeld && !signal.aborted) await this.acquired.wait(signal);
  }

  /** Until the signal; throws when the origin does not answer. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await pause(this.parts.clock, await this.renew(signal), signal);
  }

  async release(signal: AbortSignal): Promise<void> {
    if (this.term === 0) return;
    await this.ask(true, signal);
    this.parts.right.noteLost();
  }

  private async renew(signal: AbortSignal): Promise<number> {
    const { right, store, clock } = this.parts;
    const sent = momentOf(clock);
    const answer = await this.ask(false, signal);
    if (!answer.held) {
      this.refused(answer);
      return answer.retryAfterMs;
    }
    const term = Number(answer.term);
    const fresh = term !== this.term;
    if (fresh) await store.putMeta('term', String(term));
    this.term = term;
    right.noteLease(term, sent, answer.ttlMs);
    if (fresh) {
      this.parts.logger.info({ term }, 'this leaf holds the lease of its location');
      this.parts.onTerm();
    }
    this.acquired.ring();
    return answer.retryAfterMs;
  }

  private refused({ message, holder }: sync.RenewLeaseResponse): void {
    const { right, logger, standby, location } = this.parts;
    if (right.refused === null) {
      const told = message || `DuplicateLocation: another leaf (${holder}) acts for ${location}.`;
      if (holder === '') logger.warn({ location }, told);
      else if (standby) logger.info({ location, holder }, 'another leaf holds the lease; this one stands by');
      else logger.error({ location, holder }, told);
    }
    this.term = 0;
    right.noteRefusal(message || `Another leaf (${holder}) acts for ${location}.`);
    this.parts.onRefused(holder);
  }

  private ask(release: boolean, signal: AbortSignal): Promise<sync.RenewLeaseResponse> {
    const { sync: client, clock, processId, right } = this.parts;
    const [term, seenTerm] = [BigInt(this.term), BigInt(right.term)];
    const request = create(sync.RenewLeaseRequestSchema, { holder: processId, term, seenTerm, release });
    return within(clock, CALL_MS, signal, (limited) =>
      client.renewLease(request, { signal: limited, deadlineMs: CALL_MS }),
    );
  }
}
