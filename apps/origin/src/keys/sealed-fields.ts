import { isCanary, sealContext } from '@knot/shared';
import type { Kind, Rows, Write } from '@knot/shared/store';
import { secondFactorContext } from '../identity/second-factor.js';
import { orphanContext } from '../locations/orphans.js';
import { passwordContext } from '../spaces/freeze.js';
import { snapshotContext } from '../spaces/snapshot-vault.js';
import { valueContext } from '../variables/variables.js';

/** Kinds of which rows keep something sealed. */
export const SEALED_KINDS = [
  'variable',
  'space',
  'snapshot',
  'orphan',
  'secondFactor',
  'secret',
] as const satisfies Kind[];

export type SealedKind = (typeof SEALED_KINDS)[number];

/** A field that rows of a kind keep sealed. */
export interface SealedField<K extends Kind> {
  readonly kind: K;
  /** '' where a row has nothing sealed. */
  readonly of: (row: Rows[K]) => string;
  /** What the value is sealed for. */
  readonly context: (row: Rows[K]) => string;
  /** The row with another sealed value. */
  readonly put: (row: Rows[K], value: string) => Write;
}

/** Everything that the origin keeps sealed: whoever seals another field names it here, or a former key can never go. */
export const SEALED_FIELDS: { readonly [K in SealedKind]: SealedField<K> } = {
  variable: {
    kind: 'variable',
    of: (row) => (row.protected ? row.value : ''),
    context: (row) => valueContext(row.id),
    put: ({ version: _, ...row }, value) => ({ put: 'variable', row: { ...row, value } }),
  },
  space: {
    kind: 'space',
    of: (row) => row.servicePassword,
    context: (row) => passwordContext(row.id),
    put: ({ version: _, ...row }, servicePassword) => ({ put: 'space', row: { ...row, servicePassword } }),
  },
  snapshot: {
    kind: 'snapshot',
    of: (row) => row.body,
    context: (row) => snapshotContext(row.id),
    put: ({ version: _, ...row }, body) => ({ put: 'snapshot', row: { ...row, body } }),
  },
  orphan: {
    kind: 'orphan',
    of: (row) => row.lastKnown,
    context: (row) => orphanContext(row.id),
    put: ({ version: _, ...row }, lastKnown) => ({ put: 'orphan', row: { ...row, lastKnown } }),
  },
  secondFactor: {
    kind: 'secondFactor',
    of: (row) => row.secret,
    context: (row) => secondFactorContext(row.id),
    put: ({ version: _, ...row }, secret) => ({ put: 'secondFactor', row: { ...row, secret } }),
  },
  secret: {
    kind: 'secret',
    of: (row) => (isCanary(row.id) ? '' : row.value),
    context: (row) => sealContext('secret', row.id, 'value'),
    put: ({ version: _, ...row }, value) => ({ put: 'secret', row: { ...row, value } }),
  },
};
