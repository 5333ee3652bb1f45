import { writeSync } from 'node:fs';
import { newRecord } from '@knot/domain';
import { systemRandom } from '../../../ids/random.js';
import { KeyRing } from '../../../secrets/key-ring.js';
import { sampleObserved } from '../../conformance/sample-rows.js';
import { openSqliteLeafStore } from '../sqlite-leaf-store.js';
import { openSqliteStore } from '../sqlite-store.js';
import type { GatePoint } from '../write-gate.js';

/** Writes that are under way at once. */
const WIDTH = 12;

/**
 * A process that writes without end and is killed by itself (SIGKILL) the n-th time its store comes to a point; with
 * point `never` it waits for the one who started it. Each write that was acknowledged is told on stdout, one id a line.
 */
const [, , kind = '', file = '', point = '', nth = '', prefix = ''] = process.argv;

let passed = 0;
const probe = (reached: GatePoint): void => {
  if (reached === point && ++passed === Number(nth)) process.kill(process.pid, 'SIGKILL');
};

async function openWriter(): Promise<(id: string) => Promise<unknown>> {
  if (kind === 'main') {
    const store = await openSqliteStore({ file, clock: Date, random: systemRandom, probe });
    return (id) =>
      store.commit({
        expect: [{ kind: 'guard', id, version: 0 }],
        unique: [{ claim: 'crash', value: id, id }],
        writes: [
          { put: 'guard', row: { id, touchedAt: 1 } },
          { put: 'secret', row: { id, value: 'x'.repeat(2_000) } },
        ],
        log: [{ stream: 'events', kind: 'guard', id, op: 'put' }],
      });
  }
  const cipher = new KeyRing([Buffer.alloc(32, 1)], systemRandom);
  const store = await openSqliteLeafStore({ file, cipher, clock: Date, probe });
  let rev = (await store.position())?.rev ?? 0;
  return (id) => {
    rev += 1;
    const upserts = [{ kind: 'space', id, bytes: Buffer.from(String(rev)) } as const];
    const changes = { upserts, deletes: [], position: { epoch: 'e', rev, nonce: String(rev) } };
    return Promise.all([store.applyChanges(changes), store.putObserved(newRecord(id, 1, 1), sampleObserved(id))]);
  };
}

const write = await openWriter();
await Promise.all(
  Array.from({ length: WIDTH }, async (_, lane) => {
    for (let turn = 0; ; turn += 1) {
      const id = `${prefix}-${lane}-${turn}`;
      await write(id);
      writeSync(1, `${id}\n`);
    }
  }),
);
