import type { Platform } from '../platform.js';

/** What to do when a workload ends by itself. */
export const RESTART_POLICIES = ['always', 'on-failure', 'never'] as const;

export type RestartPolicy = (typeof RESTART_POLICIES)[number];

/**
 * All that a space runs from, frozen by the transaction that started it. What runs is a pure function of it:
 * healing renders the same text again, and a later edit of a template or variable changes nothing here.
 */
export interface SpaceSnapshot {
  /** Content address: `sha256:<hex>` over the canonical JSON of everything else in the snapshot. */
  readonly hash: string;
  readonly platform: Platform;
  readonly template: { readonly id: string; readonly name: string; readonly version: number };
  /** Template text of the job or manifest, not yet rendered. */
  readonly job: string;
  /** Template text of the volumes, not yet rendered; may be empty. */
  readonly volumes: string;
  readonly restart: RestartPolicy;
  /** Exceptions from the location's policy that were approved for this template version, e.g. `driver:raw_exec`. */
  readonly exceptions: readonly string[];
  readonly data: SnapshotData;
  /**
   * What the agent of this start joins with, random, a secret; absent where the location served no agents then. That it
   * is there decides whether the workload gets an environment from knot.
   */
  readonly joinSecret?: string;
  /**
   * The secret half of the space's SSH host key: 32 bytes of Ed25519, base64; absent as `joinSecret` is. It is the same
   * at every start, and another one under another owner.
   */
  readonly sshHostKey?: string;
  /** Names of the variables in `data.var` that are protected: no text that leaves a leaf may hold their values. */
  readonly protectedVariables?: readonly string[];
}

/** The data tree that `${{ }}` reads. Values of `var` and `user.service_password` are secrets. */
export interface SnapshotData {
  readonly space: { readonly id: string; readonly name: string };
  readonly template: { readonly id: string; readonly name: string };
  readonly user: {
    readonly id: string;
    readonly username: string;
    readonly email: string;
    readonly timezone: string;
    readonly service_password: string;
  };
  readonly server: {
    readonly url: string;
    readonly agent_endpoint: string;
    readonly wildcard_domain: string;
    readonly location: string;
    readonly timezone: string;
  };
  readonly nomad: { readonly dc: string; readonly region: string };
  /** The variables that the template uses, by name. */
  readonly var: Readonly<Record<string, string>>;
}
