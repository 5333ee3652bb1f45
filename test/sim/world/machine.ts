import type { Observation } from '@knot/domain';
import type { FakeBackend } from '@knot/drivers/fake';
import { ProcessTable, type ProcessFacts, type ProcessId } from '../../../libs/drivers/src/local/processes.js';

/**
 * The process table of a machine whose pids are used again at once: what the local driver would see of a workload, by its own
 * rule for whether the process it once started still runs.
 */
export class Machine extends ProcessTable {
  private readonly processes = new Map<number, ProcessFacts>();
  /** What was written down at the start of each space's workload. */
  private readonly started = new Map<string, { readonly instance: string; readonly process: ProcessId }>();
  private ticks = 0;

  constructor(private readonly backend: FakeBackend) {
    super('/nowhere');
  }

  override read(pid: number): ProcessFacts | null {
    return this.processes.get(pid) ?? null;
  }

  /** Whoever goes by the pid alone takes a stranger's process for the one that has ended. */
  asSeen(space: string, observation: Observation): Observation {
    this.follow(space);
    const { workload } = observation;
    const known = this.started.get(space);
    if (workload.state !== 'present' || workload.health !== 'ended' || !known) return observation;
    if (!this.isAlive(known.process)) return observation;
    return { ...observation, workload: { ...workload, health: 'healthy', exitCode: null } };
  }

  /** Keeps the table as the backend is: a process that ended leaves its pid to a stranger. */
  private follow(space: string): void {
    const instance = this.backend.get(space)?.instance ?? '';
    const lives = instance !== '' && this.backend.healthOf(space) !== 'ended';
    const known = this.started.get(space);
    if (known && !(lives && known.instance === instance) && this.isAlive(known.process)) this.spawn(known.process.pid);
    if (lives && known?.instance !== instance) this.started.set(space, { instance, process: this.spawn() });
  }

  private spawn(pid = this.processes.size + 2): ProcessId {
    const facts = { pid, start: String(++this.ticks), parent: 1, session: pid };
    this.processes.set(pid, facts);
    return facts;
  }
}
