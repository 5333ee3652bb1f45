import type { SyncClient } from '@knot/contract';
import type { Scope } from '@knot/domain';
import type { Driver } from '@knot/drivers';
import type { GrpcTarget } from '@knot/link';
import type { EngineHooks } from '@knot/reconcile';
import type { Clock, Logger, RandomSource } from '@knot/shared';
import type { LeafStore } from '@knot/shared/store';

/** What a leaf says of itself, for templates and screens; '' where it has nothing to say. */
export interface LeafFacts {
  readonly url: string;
  readonly agentEndpoint: string;
  readonly wildcardDomain: string;
  readonly timezone: string;
  /** Where users reach this leaf themselves, where they do. */
  readonly directUrl?: string;
  /** SHA-256 of the certificate that it shows there, where it made that itself. */
  readonly directFingerprint?: string;
  /** The one host of apps there, where no wildcard name can be had. */
  readonly appsUrl?: string;
}

export interface LeafOptions {
  readonly location: string;
  /** shared_token or the location's own token; '' in the origin's own process. */
  readonly token: string;
  readonly programVersion: string;
  readonly facts: LeafFacts;
  /** No port proxy at all. */
  readonly disableProxy?: boolean;
  /** Before this leaf's port: what they say of whom they pass on is believed. */
  readonly trustedProxies?: readonly string[];
  /** How many spaces are reconciled at once. */
  readonly workers?: number;
  /** Each space is looked at once in this time even when nothing is heard of it, ms. */
  readonly resyncMs?: number;
  /** Where agents of spaces dial; nowhere unless given. */
  readonly listenAgent?: { readonly host: string; readonly port: number };
  /** Whom this leaf asks where a name is, `host:port` each; the system's unless given. */
  readonly nameservers?: (name: string) => readonly string[];
  /** A second leaf of the location on purpose: being refused the lease is no error then. */
  readonly standby?: boolean;
}

/** All of the outside that a leaf touches. */
export interface LeafPorts {
  readonly sync: SyncClient;
  readonly store: LeafStore;
  /** Makes the drivers of this location; called once, when the installation is known. */
  readonly drivers: (scope: Scope) => readonly Driver[] | Promise<readonly Driver[]>;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
  /** Names this process to whoever asks who holds the location's lease; no other process ever has the same. */
  readonly processId: string;
  /** Where the origin is dialled for bytes; not at all in its own process. */
  readonly originTargets?: () => Promise<readonly GrpcTarget[]>;
  /** For metrics. */
  readonly hooks?: EngineHooks;
}
