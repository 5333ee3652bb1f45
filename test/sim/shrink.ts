import type { Plan } from './plan-items.js';
import { runPlan, type RunResult } from './run-plan.js';

/** Runs that a search for a smaller plan may cost. */
const MOST_RUNS = 120;

/** A plan with as few items as a search finds that breaks the same invariant. */
export async function shrink(
  plan: Plan,
  first: RunResult,
): Promise<{ readonly plan: Plan; readonly result: RunResult }> {
  const invariant = first.violation?.invariant;
  let best = { plan, result: first };
  let runs = 0;
  const isWorse = async (items: Plan['items']): Promise<boolean> => {
    if (runs++ >= MOST_RUNS) return false;
    const smaller = { ...best.plan, items };
    const result = await runPlan(smaller);
    if (result.violation?.invariant !== invariant) return false;
    best = { plan: smaller, result };
    return true;
  };
  for (let size = Math.ceil(plan.items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.plan.items.length && runs < MOST_RUNS;) {
      const { items } = best.plan;
      if (!(await isWorse([...items.slice(0, at), ...items.slice(at + size)]))) at += size;
    }
  }
  return best;
}
