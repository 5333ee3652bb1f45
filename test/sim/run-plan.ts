import { Checks } from './checks/checks.js';
import { checkEnd, checkQuiet, checkSecrets, leftToDo } from './checks/convergence.js';
import { FaultMaker } from './faults.js';
import { CHAOS_MS } from './plan.js';
import type { Plan } from './plan-items.js';
import { Chance } from './world/chance.js';
import { History, type Violation } from './world/history.js';
import { SimWorld } from './world/sim-world.js';
import { PLANTED } from './world/templates.js';
import { Users } from './world/users.js';

/** Within this time after the last fault everything is as it was wished, ms. */
const BOUND_MS = 5 * 60_000;
const LOOK_MS = 2_000;
/** Timers of a whole run for each leaf; some 10,000 are usual. */
const MOST_TURNS = 200_000;
const QUIET_MINUTES = 2;

export interface RunResult {
  readonly violation: Violation | null;
  readonly history: History;
  readonly logLines: readonly string[];
  readonly hash: string;
  /** How long the world needed after the last fault, ms. */
  readonly convergedMs: number;
  /** Timers that have fired. */
  readonly turns: number;
  /** From its beginning to its end, ms of its own time. */
  readonly livedMs: number;
}

/** Runs one plan from its first wish to its end, or to the first invariant that breaks. */
export async function runPlan(plan: Plan): Promise<RunResult> {
  const history: History = new History({ monotonic: () => world.clock.monotonic() });
  const checks: Checks = new Checks(history, { monotonic: () => world.clock.monotonic() }, () => world.disk);
  const world: SimWorld = new SimWorld(plan, history, checks);
  const users: Users = new Users({
    ...{ clock: world.clock, serving: world.serving, locations: world.locations, history },
    chance: new Chance(`users/${plan.seed}`),
    onToken: (location, token) => faults.tokenMade(location, token),
  });
  const faults: FaultMaker = new FaultMaker(world, users, () => checks.restored());
  const broken = () => {
    checks.look(world.slowMs > 0);
    if (world.clock.turns > MOST_TURNS * (1 + world.seats.length))
      history.break('I11', 'the world does not come to rest: too much happens');
    return history.violation !== null;
  };
  await world.open();
  for (const item of plan.items) {
    world.after(item.at, () => (item.kind === 'wish' ? users.wish(item.wish) : faults.strike(item.fault)));
  }
  await world.clock.run(CHAOS_MS, broken);
  if (!broken()) faults.heal();
  const healedAt = world.clock.monotonic();
  const end = healedAt + BOUND_MS;
  let left = leftToDo(world, users);
  while (!broken() && left.length > 0 && world.clock.monotonic() < end) {
    await world.clock.run(world.clock.monotonic() + LOOK_MS, broken);
    left = leftToDo(world, users);
  }
  const convergedMs = world.clock.monotonic() - healedAt;
  if (!broken() && left.length > 0) history.break('I10', `not converged: ${left.join('; ')}`);
  if (!broken()) await quiet(world, users, checks, broken);
  checkSecrets(world, PLANTED);
  const { logLines, clock } = world;
  const counts = { convergedMs, turns: clock.turns, livedMs: clock.monotonic() };
  return { violation: history.violation, history, logLines, hash: history.hash(), ...counts };
}

/** Nothing that has come to rest moves again, and looking at it costs little. */
async function quiet(world: SimWorld, users: Users, checks: Checks, broken: () => boolean): Promise<void> {
  const before = world.sites.map(({ calls }) => new Map(calls));
  await world.clock.run(world.clock.monotonic() + QUIET_MINUTES * 60_000, broken);
  const left = leftToDo(world, users);
  if (left.length > 0) world.history.break('I10', `converged, and then no more: ${left.join('; ')}`);
  checkQuiet(world, before, QUIET_MINUTES);
  checkEnd(world, users, checks);
}
