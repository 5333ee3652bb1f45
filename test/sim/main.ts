import { parseArgs } from 'node:util';
import { manyLeavesPlan } from './many-leaves.js';
import { planOf, tellItem } from './plan.js';
import { runPlan, type RunResult } from './run-plan.js';
import { shrink } from './shrink.js';
import { useSignalsWithoutRoots } from './world/signals-without-roots.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '300' },
    from: { type: 'string', default: '1' },
    // one history of so many leaves, each of a location of its own, instead of a search
    leaves: { type: 'string' },
    // only the plan and the history of one seed
    show: { type: 'string' },
    logs: { type: 'boolean', default: false },
    hash: { type: 'boolean', default: false },
    'no-shrink': { type: 'boolean', default: false },
    'keep-going': { type: 'boolean', default: false },
  },
});

const say = (text: string): boolean => process.stdout.write(`${text}\n`);

async function search(): Promise<void> {
  const [from, count] = [Number(values.from), Number(values.seeds)];
  const began = performance.now();
  const failed: number[] = [];
  let slowest = 0;
  for (let seed = from; seed < from + count; seed++) {
    const result = await runPlan(planOf(String(seed)));
    slowest = Math.max(slowest, result.convergedMs);
    if (values.hash) say(`${seed} ${result.hash}`);
    if (!result.violation) continue;
    failed.push(seed);
    say(`seed ${seed} fails: ${result.violation.message}`);
    if (!values['keep-going']) {
      rate(seed - from + 1, began, slowest);
      if (!values['no-shrink']) await tellShrunk(seed, result);
      break;
    }
  }
  if (failed.length === 0 || values['keep-going']) rate(count, began, slowest);
  say(failed.length === 0 ? `all ${count} seeds from ${from} hold` : `failed: ${failed.join(' ')}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

async function manyLeaves(leaves: number): Promise<void> {
  const began = performance.now();
  const result = await runPlan(manyLeavesPlan(values.from, leaves));
  const [seconds, lived] = [(performance.now() - began) / 1_000, result.livedMs / 1_000];
  const { rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  say(
    `${leaves} leaves lived ${lived.toFixed(0)} s in ${seconds.toFixed(0)} s, ${(lived / seconds).toFixed(2)} s a second`,
  );
  say(
    `${((user + system) / 1_000_000).toFixed(0)} s of CPU, ${result.turns} timers, ${result.history.happenings.length} happenings`,
  );
  say(
    `${(rss / 2 ** 20).toFixed(0)} MB at the end, of ${(process.resourceUsage().maxRSS / 1_024).toFixed(0)} MB at most`,
  );
  say(`at rest ${result.convergedMs / 1_000} s after the last fault`);
  say(result.violation ? `it fails: ${result.violation.message}` : 'every invariant holds');
  process.exitCode = result.violation ? 1 : 0;
}

function rate(count: number, began: number, slowest: number): void {
  const seconds = (performance.now() - began) / 1_000;
  const perSecond = (count / seconds).toFixed(1);
  say(
    `${count} seeds in ${seconds.toFixed(1)} s, ${perSecond} a second; at rest ${slowest / 1_000} s after the last fault`,
  );
}

async function tellShrunk(seed: number, first: RunResult): Promise<void> {
  const { plan, result } = await shrink(planOf(String(seed)), first);
  say(`\nThe least that fails so, ${plan.items.length} items, ${plan.leaves} leaves:`);
  for (const item of plan.items) say(tellItem(item));
  say('\nIts history:');
  tellHistory(result);
}

function tellHistory({ history, violation, logLines }: RunResult): void {
  if (values.logs) for (const line of logLines) say(line.trimEnd());
  for (const { at, who, what } of history.happenings) say(`${(at / 1_000).toFixed(3).padStart(9)} ${who}: ${what}`);
  if (violation) say(violation.message);
}

useSignalsWithoutRoots();
if (values.leaves !== undefined) await manyLeaves(Number(values.leaves));
else if (values.show === undefined) await search();
else {
  const plan = planOf(values.show);
  for (const item of plan.items) say(tellItem(item));
  tellHistory(await runPlan(plan));
}
