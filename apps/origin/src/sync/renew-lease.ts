import { create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import { retrying, type Commit, type LeaseRow, type NewRow, type Store } from '@knot/shared/store';
import type { LeafIdentity } from './caller.js';

export const LEASE_TTL_MS = 30_000;
/** A take-over waits this much longer: the holder counts from when it sent its last renewal. */
const REQUEST_DEADLINE_MS = 5_000;
/** What a leaf may claim to have seen: far from where numbers lose their exactness. */
const HIGHEST_TERM = 2 ** 40;

export interface LeaseClaim {
  readonly holder: string;
  readonly term: number;
  /** The highest the leaf has ever had. */
  readonly seenTerm: number;
  readonly release: boolean;
}

export type LeaseDecision =
  | { readonly kind: 'write'; readonly row: NewRow<'lease'>; readonly held: boolean }
  /** `row` is to be written all the same: the clock was put back, and what was renewed in its future counts from now. */
  | {
      readonly kind: 'refuse';
      readonly holder: string;
      readonly retryAfterMs: number;
      readonly row: NewRow<'lease'> | null;
    };

/** Compare-and-set of one location's lease, by the store's clock only. */
export function decideLease(
  row: LeaseRow | null,
  claim: LeaseClaim,
  identity: LeafIdentity,
  now: number,
  ttlMs = LEASE_TTL_MS,
): LeaseDecision {
  const mine = row !== null && row.holder === claim.holder;
  const base = { id: identity.location, holder: claim.holder, instance: identity.instance };
  if (claim.release) {
    if (mine) return { kind: 'write', held: false, row: { ...base, term: row.term, renewedAt: 0 } };
    return { kind: 'refuse', holder: row?.holder ?? '', retryAfterMs: ttlMs, row: null };
  }
  // A renewal that names an older term lost its lease in between and has to take it anew.
  if (mine && row.renewedAt > 0 && (claim.term === row.term || claim.term === 0)) {
    return { kind: 'write', held: true, row: { ...base, term: row.term, renewedAt: now } };
  }
  // A renewal that was overtaken by the release of its own term: the process is gone, nobody would hold what it took.
  if (mine && row.renewedAt === 0 && claim.term === row.term)
    return { kind: 'refuse', holder: '', retryAfterMs: ttlMs, row: null };
  const renewedAt = Math.min(row?.renewedAt ?? 0, now);
  const freeAt = renewedAt === 0 ? 0 : renewedAt + ttlMs + REQUEST_DEADLINE_MS;
  // The same disk is open in one process only, so its new process knows that the old one is gone.
  if (row !== null && now < freeAt && row.instance !== identity.instance) {
    const { version: _, ...before } = row;
    const counted = renewedAt < row.renewedAt ? { ...before, renewedAt } : null;
    return { kind: 'refuse', holder: row.holder, retryAfterMs: freeAt - now, row: counted };
  }
  // A lock in the backend never goes back to a lower term, so a restored origin must not hand one out.
  const term = Math.max(row?.term ?? 0, Math.min(claim.seenTerm, HIGHEST_TERM)) + 1;
  return { kind: 'write', held: true, row: { ...base, term, renewedAt: now } };
}

export class RenewLease {
  constructor(
    private readonly store: Store,
    private readonly ttlMs = LEASE_TTL_MS,
  ) {}

  async run(request: sync.RenewLeaseRequest, identity: LeafIdentity): Promise<sync.RenewLeaseResponse> {
    const { holder, release } = request;
    const claim = { holder, release, term: Number(request.term), seenTerm: Number(request.seenTerm) };
    const { result } = await retrying(this.store, async () => {
      const [row, now] = await Promise.all([this.store.get('lease', identity.location), this.store.now()]);
      const decision = decideLease(row, claim, identity, now, this.ttlMs);
      return { commit: decision.row === null ? null : writing(row, decision.row), result: decision };
    });
    if (result.kind === 'refuse') return this.refusal(identity, result.holder, result.retryAfterMs);
    return create(sync.RenewLeaseResponseSchema, {
      held: result.held,
      term: BigInt(result.row.term),
      ttlMs: this.ttlMs,
      retryAfterMs: Math.floor(this.ttlMs / 3),
      holder: result.row.holder,
    });
  }

  private refusal({ location }: LeafIdentity, holder: string, retryAfterMs: number): sync.RenewLeaseResponse {
    const seconds = Math.ceil(retryAfterMs / 1_000);
    return create(sync.RenewLeaseResponseSchema, {
      held: false,
      ttlMs: this.ttlMs,
      retryAfterMs: Math.max(1_000, Math.min(retryAfterMs, 10_000)),
      holder,
      message:
        holder === ''
          ? `Nobody acts for ${location} for up to ${seconds} s: whoever did before may not have heard yet that it is over.`
          : `DuplicateLocation: another leaf (${holder}) acts for ${location}. ` +
            'Give this one another server.location, or stop the other; until then this one does nothing.',
    });
  }
}

function writing(before: LeaseRow | null, row: NewRow<'lease'>): Commit {
  // A plain renewal is no news for any screen.
  const news = before === null || before.term !== row.term || row.renewedAt === 0;
  return {
    expect: [{ kind: 'lease', id: row.id, version: before?.version ?? 0 }],
    writes: [{ put: 'lease', row }],
    log: news ? [{ stream: 'events', kind: 'lease', id: row.id, op: 'put' }] : [],
  };
}
