import type { Secret } from '../secrets/secret.js';
import type { ListenAddress } from './listen-address.js';

/** What a source holds for a key before its type is known: everything is text, so that all sources agree. */
export type RawValue =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly texts: readonly string[] }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, readonly string[]> };

/** Name servers by suffix, without a leading dot, lower case. */
export type DomainServers = Readonly<Record<string, readonly string[]>>;

/** A key's value once read; `undefined` where an optional one is empty. */
export type ConfigValue =
  | string
  | number
  | boolean
  | readonly string[]
  | Secret
  | readonly Secret[]
  | ListenAddress
  | DomainServers
  | undefined;

/** Where a value came from. Lines and columns count from 1. */
export type Origin =
  | { readonly kind: 'flag'; readonly flag: string }
  | { readonly kind: 'env'; readonly name: string }
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: 'default' }
  | { readonly kind: 'derived'; readonly from: string };

/** A key as a source gave it. */
export interface GivenValue {
  readonly raw: RawValue;
  readonly origin: Origin;
}

export function formatOrigin(origin: Origin): string {
  switch (origin.kind) {
    case 'flag':
      return origin.flag;
    case 'env':
      return `$${origin.name}`;
    case 'file':
      return `${origin.file}:${origin.line}:${origin.column}`;
    case 'default':
      return 'default';
    case 'derived':
      return `from ${origin.from}`;
  }
}
