import type { Actor } from '@knot/domain';

/** Whoever sends a request, signed in or not. */
export interface Visitor {
  /** Of the client, trusted proxies seen through. */
  readonly address: string;
  readonly userAgent: string;
}

/** A request of somebody signed in, as the use cases see it. */
export interface Call extends Visitor {
  readonly actor: Actor;
  /** Id of the session or token that was shown. */
  readonly proofId: string;
  /** Version that the client expects; null when it named none. */
  readonly ifMatch: number | null;
  readonly idempotency: Idempotency | null;
}

export interface Idempotency {
  /** sha256 of user and key */
  readonly id: string;
  /** sha256 of method, path and body */
  readonly requestHash: string;
}
