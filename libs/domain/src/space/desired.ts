import type { Schedule } from '../schedule/schedule.js';
import type { SharedPort } from '../port-share.js';
import type { TemplatePort } from '../template-port.js';
import type { SpaceSnapshot } from './snapshot.js';

export const WANTS = ['running', 'stopped', 'deleted'] as const;

/** Shells that a space may ask for; where its image has not that one, another is taken. */
export const SHELLS = ['bash', 'zsh', 'fish', 'sh'] as const;

export type Want = (typeof WANTS)[number];

/** What a space should be: self-contained, so that a leaf needs no templates, variables or groups. */
export interface DesiredSpace {
  readonly id: string;
  /** Raised by every write that a leaf acts on, and by no other. */
  readonly generation: number;
  readonly want: Want;
  /** Restarts asked for so far. A counter, so that coalescing cannot lose one and a crash cannot do one twice. */
  readonly restarts: number;
  /** Null for a space that was never started. */
  readonly snapshot: SpaceSnapshot | null;
  /** For people's eyes only; changes without a new generation. */
  readonly name: string;
  readonly owner: { readonly id: string; readonly username: string };
  /** Ids of its owner and of those who share it, as far as they are active. */
  readonly members?: readonly string[];
  /** The public keys of SSH of the same people, each as `type base64`. */
  readonly sshKeys?: readonly { readonly userId: string; readonly keys: readonly string[] }[];
  /** With whom web ports of it are shared: by its owner, and by its template at its start. */
  readonly portShares?: readonly SharedPort[];
  readonly templatePorts?: readonly TemplatePort[];
  /** Of terminals and SSH, of `SHELLS`; absent or '': as its image says. */
  readonly shell?: string;
  /** When the present wish was accepted by the origin, ms since the epoch. */
  readonly wishedAt: number;
  /** When it may run, as frozen at its start; null or absent: always. */
  readonly schedule?: Schedule | null;
  /** Until when it runs in any case, ms since the epoch; 0 or absent: not beyond its schedule. */
  readonly extendedUntil?: number;
  /** Set by `asScheduled` where its schedule has stopped it: since when, and why as a sentence. */
  readonly closed?: { readonly since: number; readonly message: string };
}
