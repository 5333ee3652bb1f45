import type { ConfigDraft } from '../config-draft.js';
import type { KnotConfig } from '../sections/knot-config.js';
import type { ConfigWorld } from '../sources/config-world.js';

/** What a rule looks at: the values in their classes, where they came from, and the machine. */
export interface RuleFacts {
  readonly config: KnotConfig;
  readonly draft: ConfigDraft;
  readonly world: Pick<ConfigWorld, 'listFolder'>;
}

/** What a rule found. A `problem` stops the start, a `warning` is said and lived with. */
export interface Finding {
  readonly level: 'problem' | 'warning';
  readonly key: string;
  readonly found: string;
  readonly allowed?: string;
}

/** Looks at several keys together. */
export type ConfigRule = (facts: RuleFacts) => readonly Finding[];

export function problem(key: string, found: string, allowed?: string): Finding {
  return { level: 'problem', key, found, allowed };
}

export function warning(key: string, found: string): Finding {
  return { level: 'warning', key, found };
}
