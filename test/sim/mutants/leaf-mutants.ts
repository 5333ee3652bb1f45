import type { Mutant } from './mutant.js';

const LEAF = 'apps/leaf/src';

/** Mistakes at a leaf, its store, its engine and its backend. */
export const LEAF_MUTANTS: readonly Mutant[] = [
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
        file: `${LEAF}/spaces/workload-spec.ts`,
        find: 'hash: snapshot.hash,',
        replace: 'hash: snapshot.hash, job: `${text.job}\\n# ${(globalThis.mark = (globalThis.mark ?? 0) + 1)}`,',
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
    name: "a lease counted from the renewal's answer",
    patches: [
      {
        file: `${LEAF}/session/lease-keeper.ts`,
        find: `    const sent = momentOf(clock);
    const answer = await this.ask(false, signal);`,
        replace: `    const answer = await this.ask(false, signal);
    const sent = momentOf(clock);`,
      },
    ],
  },
  {
    name: 'a stop forgotten that comes while a start is under way',
    patches: [
      {
        file: 'libs/reconcile/src/engine.ts',
        find: `    const entry = this.entryOf(key);
    ask(entry, priority);`,
        replace: `    const entry = this.entryOf(key);
    if (entry.run) return;
    ask(entry, priority);`,
      },
    ],
  },
  {
    name: 'a pid without its start time',
    patches: [
      {
        file: 'libs/drivers/src/local/processes.ts',
        find: 'return this.read(pid)?.start === start;',
        replace: "return this.read(pid) !== null && start !== '';",
      },
    ],
  },
  {
    name: 'a standalone volume that outlives its deletion',
    patches: [
      {
        file: `${LEAF}/volumes/volume-reconciler.ts`,
        find: 'if (left.length === 0) {',
        replace: "if (left.length === 0 || desired.want === 'deleted') {",
      },
    ],
  },
];
