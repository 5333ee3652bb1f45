import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '@knot/shared/store';
import { startOrigin } from '../tools/cluster.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { Caller } from './caller.js';
import { percentile, spread, type Row } from './figures.js';
import { profiled } from './measured-cluster.js';
import { cpuSeconds } from './process-usage.js';
import { seedSpaces } from './seed-spaces.js';
import { startStoreServer, STORE_KINDS, type ByHand, type StoreKind } from './store-origin.js';

const PAGE = 50;
const CALLS = 200;

interface Round {
  readonly kind: StoreKind;
  /** ms, p95 of calls one after the other. */
  readonly page: number;
  readonly pageByHand: number;
  readonly write: number;
  readonly writeByHand: number;
  readonly rest: number;
  /** Of the origin, ms a page. */
  readonly restCpu: number;
}

async function p95(work: (turn: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < CALLS; turn += 1) {
    const begun = performance.now();
    await work(turn);
    times.push(performance.now() - begun);
  }
  return percentile(times.slice(CALLS / 10), 0.95);
}

/** A change of one space's description, as the API commits it. */
async function change(store: Store, id: string, turn: number): Promise<void> {
  const row = await store.get('space', id);
  if (row === null) throw new Error(`There is no space ${id}.`);
  const { version, ...rest } = row;
  await store.commit({
    expect: [{ kind: 'space', id, version }],
    writes: [{ put: 'space', row: { ...rest, description: `turn ${turn}` } }],
    log: [{ stream: 'events', kind: 'space', id, op: 'put' }],
  });
}

async function changeByHand(hand: ByHand, id: string, turn: number): Promise<void> {
  await hand.run('SELECT * FROM "space" WHERE "id" = ?', id);
  await hand.run('BEGIN');
  await hand.run('UPDATE "space" SET "description" = ?, "version" = "version" + 1 WHERE "id" = ?', `hand ${turn}`, id);
  await hand.run('UPDATE "stream_head" SET "rev" = "rev" + 1, "nonce" = ? WHERE "stream" = ?', 'hand', 'by-hand');
  const log = 'INSERT INTO "change_log" ("stream", "rev", "nonce", "kind", "id", "op") VALUES (?, ?, ?, ?, ?, ?)';
  await hand.run(log, 'by-hand', turn, 'hand', 'space', id, 'put');
  await hand.run('COMMIT');
}

async function measure(kind: StoreKind, options: BenchOptions): Promise<Round> {
  const count = options.spaces;
  const server = await startStoreServer(kind);
  const first = await startOrigin({ config: server.keys });
  await first.process.terminate();
  const store = await server.open();
  const ids = await seedSpaces(store, count, (index) => `l${index % 10}`);
  const idAt = (turn: number): string => ids[(turn * 7_919) % ids.length] ?? '';
  let after: string | undefined;
  const page = await p95(async () => {
    const found = await store.page('space', { sort: { field: 'name' }, limit: PAGE, after });
    after = found.next ?? undefined;
  });
  const write = await p95((turn) => change(store, idAt(turn), turn));
  await store.close();
  let [pageByHand, writeByHand] = [NaN, NaN];
  const hand = await server.byHand?.();
  if (hand !== undefined) {
    const sql = `SELECT * FROM "space" WHERE "name" > ? ORDER BY "name", "id" LIMIT ${PAGE + 1}`;
    pageByHand = await p95((turn) => hand.run(sql, `s-${(turn * 37) % count}`));
    const head =
      'INSERT INTO "stream_head" ("stream", "rev", "nonce", "compactedRev", "compactedNonce") VALUES (?, 0, ?, 0, ?)';
    await hand.run(head, 'by-hand', '', '');
    writeByHand = await p95((turn) => changeByHand(hand, idAt(turn), turn));
    await hand.run('DELETE FROM "stream_head" WHERE "stream" = ?', 'by-hand');
    await hand.run('DELETE FROM "change_log" WHERE "stream" = ?', 'by-hand');
    await hand.close();
  }
  const origin = await first.restart(profiled(options, `listing-${kind}`));
  const caller = new Caller(origin.url, { authorization: `Bearer ${origin.api.token}` });
  const before = cpuSeconds(origin.process.pid);
  let cursor = '';
  const rest = await p95(async () => {
    const from = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const found = await caller.json<{ next: string | null }>('GET', `/api/v1/spaces?limit=${PAGE}${from}`);
    cursor = found.next ?? '';
  });
  const restCpu = ((cpuSeconds(origin.process.pid) - before) / CALLS) * 1_000;
  caller.close();
  await origin.process.terminate();
  await server.stop();
  await sleep(500);
  return { kind, page, pageByHand, write, writeByHand, rest, restCpu };
}

/** P12: a page of 50 of many spaces, and a write, beside the same SQL by hand; and the page as the API gives it. */
export async function measureListing(options: BenchOptions): Promise<BenchResult> {
  const rounds: Round[] = [];
  for (let number = 0; number < options.rounds; number += 1) {
    for (const kind of STORE_KINDS) rounds.push(await measure(kind, options));
  }
  const rows = STORE_KINDS.flatMap((kind): Row[] => {
    const of = (figure: (round: Round) => number) => spread(rounds.filter((one) => one.kind === kind).map(figure));
    const ratio = (what: string, figures: Row['figures']): Row[] => {
      if (Number.isNaN(figures.median)) return [];
      return [{ what: `${kind}: ${what}`, figures, unit: 'x by hand', bar: '<= 2', kept: figures.median <= 2 }];
    };
    const rest = of((round) => round.rest);
    return [
      ...ratio(
        'page of 50, p95',
        of((round) => round.page / round.pageByHand),
      ),
      ...ratio(
        'write, p95',
        of((round) => round.write / round.writeByHand),
      ),
      { what: `${kind}: page of 50, p95`, figures: of((round) => round.page), unit: 'ms', bar: '' },
      { what: `${kind}: write, p95`, figures: of((round) => round.write), unit: 'ms', bar: '' },
      { what: `${kind}: page by REST, p95`, figures: rest, unit: 'ms', bar: '<= 30', kept: rest.median <= 30 },
      { what: `${kind}: CPU of a page by REST`, figures: of(({ restCpu }) => restCpu), unit: 'ms', bar: '' },
    ];
  });
  return { name: 'listing', rows, rounds };
}
