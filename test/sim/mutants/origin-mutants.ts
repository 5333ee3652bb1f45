import type { Mutant } from './mutant.js';

const ORIGIN = 'apps/origin/src';

/** Mistakes at an origin, its store, and in what the domain decides. */
export const ORIGIN_MUTANTS: readonly Mutant[] = [
  {
    name: 'the idempotency key ignored',
    patches: [
      {
        file: `${ORIGIN}/deeds/deeds.ts`,
        find: 'if (replay !== undefined) return { commit: null, result: replay.answer };',
        replace: '',
      },
      {
        file: `${ORIGIN}/deeds/deeds.ts`,
        find: "const expect = [...deed.expect, { kind: 'idempotency' as const, id, version: 0 }];",
        replace: 'const expect = [...deed.expect];',
      },
    ],
  },
  {
    name: 'volumes destroyed with a stop',
    patches: [
      {
        file: 'libs/domain/src/space/next-step.ts',
        find: "return removeOrWait(input, 'stop') ?? { do: 'settle' };",
        replace: `const { volumes } = input.record;
  const left = input.observation.volumes.some(({ state }) => state !== 'missing');
  return removeOrWait(input, 'stop') ?? (left ? { do: 'destroy-volumes', refs: volumes } : { do: 'settle' });`,
      },
    ],
  },
  {
    name: 'volumes left behind by a deletion',
    patches: [
      {
        file: 'libs/domain/src/space/next-step.ts',
        find: 'if (left.length > 0) {',
        replace: 'if (left.length > 99) {',
      },
    ],
  },
  {
    name: 'the finalizer skipped',
    patches: [
      {
        file: `${ORIGIN}/sync/store-report.ts`,
        find: "if (row.want === 'deleted' && observed.finalized) {",
        replace: "if (row.want === 'deleted') {",
      },
    ],
  },
  {
    name: 'a protected value kept in clear',
    patches: [
      {
        file: `${ORIGIN}/variables/variables.ts`,
        find: 'return isProtected ? this.ports.keys.sealText(value, valueContext(id)) : value;',
        replace: 'return isProtected && id === valueContext(id) ? this.ports.keys.sealText(value, id) : value;',
      },
    ],
  },
  {
    name: 'commits that expect nothing of spaces',
    patches: [
      {
        file: 'test/sim/store/apply-commit.ts',
        find: 'if ((content.rows.get(kind)?.get(id)?.version ?? 0) !== version) throw conflict(kind, id);',
        replace:
          "if (kind !== 'space' && (content.rows.get(kind)?.get(id)?.version ?? 0) !== version) throw conflict(kind, id);",
      },
    ],
  },
  {
    name: 'a report that comes late stored over a newer one',
    patches: [
      {
        file: `${ORIGIN}/sync/store-report.ts`,
        find: 'return told.term === old.term ? told.sequence >= old.sequence : told.term > old.term;',
        replace: 'return told.term >= old.term;',
      },
    ],
  },
  {
    name: 'what a leaf says of itself taken in any order',
    patches: [
      {
        file: `${ORIGIN}/sync/store-report.ts`,
        find: 'if (sequence > 0n && before?.term === term && sequence <= before.sequence) return;',
        replace: '',
      },
    ],
  },
  {
    name: 'a restart that renders from live values',
    patches: [
      {
        file: 'libs/domain/src/space/wish.ts',
        find: "{ ...CHANGE, want: 'running', restarts: 1 }",
        replace: "{ ...CHANGE, want: 'running', restarts: 1, freeze: true }",
      },
    ],
  },
  {
    name: 'a report of an older term stored',
    patches: [
      {
        file: `${ORIGIN}/sync/store-report.ts`,
        find: 'if (lease && lease.term === term && lease.instance === identity.instance) return;',
        replace: 'if (lease && (lease.term >= term || lease.instance === identity.instance)) return;',
      },
    ],
  },
  {
    name: 'a report beyond the generation stored',
    patches: [
      {
        file: `${ORIGIN}/sync/store-report.ts`,
        find: 'if (told.observedGeneration > row.generation) return false;',
        replace: '',
      },
      {
        file: `${ORIGIN}/restore/restored-history.ts`,
        find: 'second), renewedAt: now }',
        replace: 'second), renewedAt: 0 * now }',
      },
    ],
  },
  {
    name: 'a wish that raises no generation',
    patches: [
      {
        file: `${ORIGIN}/spaces/wish-writes.ts`,
        find: 'const generation = space.generation + 1;',
        replace: 'const { generation } = space;',
      },
    ],
  },
  {
    name: 'an answer before the commit',
    patches: [
      {
        file: 'test/sim/store/memory-store.ts',
        find: `    await this.schedule(() => {
      try {`,
        // what people ask for: the origin itself reads what it has just written
        replace: `    const early = commit.writes.some((write) => write.put === 'idempotency');
    if (early) committed = { heads: {} };
    const schedule = early ? (write) => void this.schedule(write) : (write) => this.schedule(write);
    await schedule(() => {
      try {`,
      },
    ],
  },
  {
    name: 'a log numbered by auto-increment, before the commit',
    patches: [
      {
        file: 'test/sim/store/memory-store.ts',
        find: '    let committed: Committed | null = null;',
        replace: `    let committed: Committed | null = null;
    const log = (commit.log ?? []).map((entry) => {
      const stream = this.options.disk.stream(entry.stream);
      this.options.disk.content.streams.set(entry.stream, stream);
      stream.given = Math.max(stream.given ?? 0, stream.rev) + 1;
      return { ...entry, given: stream.given };
    });
    commit = { ...commit, log };`,
      },
      {
        file: 'test/sim/store/apply-commit.ts',
        find: 'for (const { stream: name, kind, id, op } of log) {',
        replace: 'for (const { stream: name, kind, id, op, given } of log) {',
      },
      {
        file: 'test/sim/store/apply-commit.ts',
        find: 'const rev = stream.rev + 1;',
        replace: 'const rev = given;',
      },
      {
        file: 'test/sim/store/apply-commit.ts',
        find: 'Object.assign(stream, { rev, nonce });',
        replace: `stream.entries.sort((one, other) => one.rev - other.rev);
    if (rev > stream.rev) Object.assign(stream, { rev, nonce });`,
      },
    ],
  },
  {
    name: 'a watch from the head of the log',
    patches: [
      {
        file: `${ORIGIN}/sync/watch-location.ts`,
        find: 'let position = positionOf(request);',
        replace: 'let position = positionOf(request).rev < 0 ? positionOf(request) : await this.store.head(stream);',
      },
    ],
  },
  {
    name: "a lease below the backend's lock after a restore",
    patches: [
      {
        file: `${ORIGIN}/sync/renew-lease.ts`,
        find: 'Math.max(row?.term ?? 0, Math.min(claim.seenTerm, HIGHEST_TERM)) + 1',
        replace: '(row?.term ?? 0) + Math.min(1, HIGHEST_TERM)',
      },
      {
        file: `${ORIGIN}/restore/restored-history.ts`,
        find: 'term: Math.max(term + 1, second)',
        replace: 'term: term + 0 * second',
      },
    ],
  },
  {
    name: 'a sweep without its fence',
    patches: [
      {
        file: `${ORIGIN}/housekeeping.ts`,
        find: 'expect: [...expect, await fence()]',
        replace: 'expect: (await fence()) && expect',
      },
    ],
  },
  {
    name: 'a revoked leaf that goes on being told',
    patches: [
      {
        file: `${ORIGIN}/sync/sync-door.ts`,
        find: 'revoked.instance === identity.instance) abort.abort();',
        replace: "revoked.instance === '') abort.abort();",
      },
    ],
  },
  {
    name: 'a revocation that only one origin hears of',
    patches: [
      {
        file: `${ORIGIN}/origins/revocations-elsewhere.ts`,
        find: "if (state === 'revoked') this",
        replace: "if (state === 'revoked' && instance === '') this",
      },
    ],
  },
];
