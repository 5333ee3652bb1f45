import type { Patch } from '../build-sim.js';

/** A mistake that somebody could make, and that the simulation has to find. */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
}

const LEAF = 'apps/leaf/src';
const ORIGIN = 'apps/origin/src';

export const MUTANTS: readonly Mutant[] = [
  {
    name: "a write of the leaf's disk answered before it is durable",
    patches: [
      {
        file: 'test/sim/store/memory-leaf-store.ts',
        find: 'else await this.options.schedule(() => void change(disk));',
        replace: 'else void this.options.schedule(() => void change(disk));',
      },
    ],
  },
  {
    name: 'a lease that never runs out by itself',
    patches: [
      {
        file: `${LEAF}/authority/right-to-act.ts`,
        find: 'return Math.max(0, ttlMs - marginMs(ttlMs) - elapsedSince(sent, this.clock));',
        replace: 'return ttlMs - 0 * sent.wall;',
      },
    ],
  },
  {
    name: 'a volatile mark in the job',
    patches: [
      {
        file: `${LEAF}/spaces/preparation.ts`,
        find: 'hash: snapshot.hash,',
        replace: 'hash: snapshot.hash, job: `${rendering.text(snapshot).job}\\n# ${desired.generation}`,',
      },
    ],
  },
  {
    name: 'absence taken for deletion',
    patches: [
      {
        file: `${LEAF}/session/follower.ts`,
        find: 'this.parts.inventory.unlist(object);',
        replace: "this.parts.inventory.unlist(object); this.parts.enqueue(`${object.kind}:${object.id}`, 'user');",
      },
      {
        file: `${LEAF}/spaces/space-reconciler.ts`,
        find: "if (!stored.listed) return { kind: 'done' };",
        replace: '',
      },
      {
        file: `${LEAF}/spaces/space-reconciler.ts`,
        find: 'const wished = desiredSpace(stored.bytes);',
        replace:
          "const wished = { ...desiredSpace(stored.bytes), ...(stored.listed ? {} : { want: 'deleted' as const }) };",
      },
    ],
  },
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
    name: 'a listing that drops a row',
    patches: [
      {
        file: `${LEAF}/session/follower.ts`,
        find: 'for (const { object } of arrived) named.add(object.id);',
        replace: 'for (const { object } of arrived.slice(0, -1)) named.add(object.id);',
      },
    ],
  },
  {
    name: 'a take-over by records from before the other leaf',
    patches: [
      {
        file: `${LEAF}/authority/right-to-act.ts`,
        find: 'return this.ownTerm - this.recordsTerm > 1;',
        replace: 'return this.ownTerm < this.recordsTerm;',
      },
    ],
  },
  {
    name: 'a restart that is never done with',
    patches: [{ file: `${LEAF}/spaces/deeds.ts`, find: 'restartsSatisfied: desired.restarts,', replace: '' }],
  },
  {
    name: 'what is about to be done is not written down',
    patches: [
      {
        file: `${LEAF}/spaces/deeds.ts`,
        find: 'if (changed) await this.store.putRecord(record);',
        replace: '',
      },
    ],
  },
  {
    name: 'all reports forgotten with the first that was taken',
    patches: [
      {
        file: `${LEAF}/report/reporter.ts`,
        find: 'await store.acknowledge(Number(answer.persistedSequence));',
        replace: 'await store.acknowledge(Number.MAX_SAFE_INTEGER + 0 * Number(answer.persistedSequence));',
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
    name: 'commits that expect nothing',
    patches: [
      {
        file: 'test/sim/store/apply-commit.ts',
        find: 'if ((content.rows.get(rowKey(kind, id))?.version ?? 0) !== version) throw conflict(kind, id);',
        replace: 'if (version < 0) throw conflict(kind, id);',
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
    name: 'an event used as truth',
    patches: [
      {
        file: `${LEAF}/spaces/space-reconciler.ts`,
        find: 'const { record, observation } = await this.look(work);',
        replace: `const looked = await this.look(work);
      const { record } = looked;
      const told = run.priority === 'status' && work.previous?.workload === 'healthy';
      const observation = told ? { ...looked.observation, workload: { state: 'absent' as const } } : looked.observation;`,
      },
    ],
  },
  {
    name: "a leaf that acts against the backend's lock",
    patches: [
      {
        file: `${LEAF}/authority/right-to-act.ts`,
        find: "if (lock === null || lock.answer.state === 'refused') return 'none';",
        replace:
          "if (lock === null) return 'none'; if (lock.answer.state === 'refused') return this.leaseHeld ? 'full' : 'none';",
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
];
