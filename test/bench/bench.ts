import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endProcesses } from '../tools/processes.js';
import { removeStaleFolders } from '../tools/test-folder.js';
import { measureAgents } from './agents.js';
import { parseOptions, type BenchOptions } from './bench-options.js';
import type { BenchResult } from './bench-result.js';
import { measureBytes } from './bytes.js';
import { rounded, table } from './figures.js';
import { measureDrift } from './drift.js';
import { measureIdle } from './idle-cluster.js';
import { measureFanOut, measureStuck } from './fan-out.js';
import { measureFlips } from './flips.js';
import { measureKeys } from './keys.js';
import { measureListing } from './listing.js';
import { lookAtMachine } from './machine.js';
import { measureOriginStarts } from './origin-starts.js';
import { measureReconnect } from './reconnect.js';
import { measureRelist } from './relist.js';
import { measureKubernetesIdle } from './kubernetes-idle.js';
import { measureKubernetes } from './kubernetes-starts.js';
import { measureStartBurst } from './start-burst.js';
import { measureStartCost } from './start-cost.js';
import { measureStartLatency } from './start-latency.js';

const benchmarks: Record<string, (options: BenchOptions) => Promise<BenchResult>> = {
  latency: measureStartLatency,
  burst: measureStartBurst,
  cost: measureStartCost,
  origin: measureOriginStarts,
  idle: measureIdle,
  drift: measureDrift,
  listing: measureListing,
  flips: measureFlips,
  relist: measureRelist,
  'fan-out': measureFanOut,
  stuck: measureStuck,
  reconnect: measureReconnect,
  agents: measureAgents,
  bytes: measureBytes,
  keys: measureKeys,
  kubernetes: measureKubernetes,
  'kubernetes-idle': measureKubernetesIdle,
};

const folder = join(dirname(fileURLToPath(import.meta.url)), 'results');

async function runOne(name: string, options: BenchOptions): Promise<void> {
  const before = lookAtMachine();
  process.stderr.write(`[bench] ${name} (load ${before.load.toFixed(2)}) ...\n`);
  const result = await benchmarks[name]?.(options);
  if (!result) return;
  const { load } = lookAtMachine();
  const line = JSON.stringify(
    rounded({ at: new Date().toISOString(), machine: { ...before, loadAfter: load }, options, ...result }),
  );
  writeFileSync(join(folder, `${name}.json`), `${line}\n`);
  process.stdout.write(`${line}\n\n${table(result.rows)}\n\n`);
}

// Runs the benchmarks that are named (all where none is), prints of each one line of JSON and a table, and leaves the
// JSON in results/. A bar that is missed is a word in the table, never an exit code.
const options = parseOptions(process.argv.slice(2), Object.keys(benchmarks));
removeStaleFolders();
mkdirSync(folder, { recursive: true });
try {
  for (const name of options.names) await runOne(name, options);
} finally {
  await endProcesses();
}
