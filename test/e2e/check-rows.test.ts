import { expect, it } from 'vitest';
import type { Claim, StoreSnapshot } from '@knot/shared/archive';
import type { Kind, NewRow } from '@knot/shared/store';
import { checkRows } from '../../apps/origin/src/admin/check-rows.js';
import { sampleRow } from '../../libs/shared/src/stores/conformance/sample-rows.js';

/** What a store holds; each test takes one thing of it away or sets it wrong. */
class Held {
  readonly rows = new Map<Kind, Map<string, object>>();
  readonly claims: Claim[] = [];
  head = 5;

  put<K extends Kind>(kind: K, id: string, changes: Partial<NewRow<K>> = {}): this {
    const rows = this.rows.get(kind) ?? new Map<string, object>();
    this.rows.set(kind, rows.set(id, { ...rows.get(id), ...sampleRow(kind, id, changes), version: 1 }));
    return this;
  }

  drop(kind: Kind, id: string): this {
    this.rows.get(kind)?.delete(id);
    return this;
  }

  claim(scope: string, value: string, holder: string): this {
    this.claims.push({ scope, value, holder });
    return this;
  }

  unclaim(scope: string): this {
    this.claims.splice(
      this.claims.findIndex((claim) => claim.scope === scope),
      1,
    );
    return this;
  }

  snapshot(): StoreSnapshot {
    const { claims, rows } = this;
    async function* all(kind: Kind): AsyncGenerator<never[]> {
      const found: unknown[] = [...(rows.get(kind)?.values() ?? [])];
      yield found as never[];
    }
    return {
      heads: [{ stream: 'location:lon', rev: this.head, nonce: 'n' }],
      rows: (kind) => all(kind),
      claims: async function* () {
        yield claims;
      },
      close: async () => undefined,
    };
  }
}

const SPACE = {
  name: 'dev',
  ownerId: 'u',
  templateId: 't',
  location: 'lon',
  snapshotHash: 'h',
  generation: 3,
} as const;

function whole(): Held {
  return new Held()
    .put('user', 'u', { username: 'Ada', email: 'ada@example.org', subject: 'ff' })
    .claim('user.name', 'ada', 'u')
    .claim('user.email', 'ada@example.org', 'u')
    .claim('user.subject', 'ff', 'u')
    .put('group', 'g', { name: 'compilers' })
    .claim('group.name', 'compilers', 'g')
    .put('role', 'r', { name: 'auditor' })
    .claim('role.name', 'auditor', 'r')
    .put('template', 't', { name: 'Base', present: 2 })
    .claim('template.name', 'base', 't')
    .put('templateVersion', 't:2')
    .put('variable', 'v', { name: 'KEY', location: '' })
    .claim('variable.name', '/KEY', 'v')
    .put('volume', 'disk', { name: 'disk', location: 'lon' })
    .claim('volume.name', 'disk', 'disk')
    .put('location', 'lon')
    .put('locationStatus', 'lon', { appliedRev: 5 })
    .put('snapshot', 'h')
    .put('space', 's', { ...SPACE, want: 'running' })
    .claim('space.name', 'u/dev', 's')
    .put('spaceObserved', 's', { observedGeneration: 3 })
    .put('offer', 'o', { deed: 'share', spaceId: 's', userId: 'u' })
    .claim('offer', 's/share/u', 'o')
    .put('session', 'x', { userId: 'u' })
    .put('token', 'k', { userId: 'u' });
}

const BROKEN: readonly (readonly [string, (held: Held) => unknown, RegExp])[] = [
  ['a space without its template', (held) => held.put('space', 's', { ...SPACE, templateId: 'gone' }), /its template/],
  ['a space without its location', (held) => held.drop('location', 'lon'), /lacks its location \(location lon\)/],
  ['a space without its snapshot', (held) => held.drop('snapshot', 'h'), /lacks its snapshot \(snapshot h\)/],
  [
    'a space that should run from nothing',
    (held) => held.put('space', 's', { ...SPACE, want: 'running', snapshotHash: '' }),
    /should run, without a snapshot/,
  ],
  ['a template without its version', (held) => held.drop('templateVersion', 't:2'), /its present version/],
  ['a session of nobody', (held) => held.put('session', 'x', { userId: 'gone' }), /lacks its user \(user gone\)/],
  ['a token of nobody', (held) => held.put('token', 'k', { userId: 'gone' }), /lacks its user \(user gone\)/],
  ['a name that nobody holds', (held) => held.unclaim('role.name'), /role.name "auditor" without a claim/],
  [
    'a name that another holds',
    (held) => held.unclaim('space.name').claim('space.name', 'u/dev', 'other'),
    /space.name "u\/dev", which other holds/,
  ],
  ['a name that is none', (held) => held.claim('group.name', 'old', 'g'), /holds the group.name "old"/],
  ['a report of no space', (held) => held.put('spaceObserved', 'gone'), /a space that is not there/],
  [
    'a report from the future',
    (held) => held.put('spaceObserved', 's', { observedGeneration: 4 }),
    /observed generation 4 of a space at 3/,
  ],
  ['a leaf ahead of its log', (held) => (held.head = 4), /applied revision 5 of a log that ends at 4/],
];

it('finds nothing in rows that agree', async () => {
  expect(await checkRows(whole().snapshot())).toEqual([]);
});

it.each(BROKEN)('finds %s', async (_, breaks, sentence) => {
  const held = whole();
  breaks(held);
  const broken = await checkRows(held.snapshot());
  expect(broken.map(({ message }) => message)).toEqual([expect.stringMatching(sentence)]);
});

it('finds spaces, sessions and tokens whose user is gone', async () => {
  const broken = await checkRows(whole().drop('user', 'u').snapshot());
  const about = broken.filter(({ message }) => message.includes('user u')).map(({ kind }) => kind);
  expect(about.toSorted()).toEqual(['session', 'space', 'token']);
});
