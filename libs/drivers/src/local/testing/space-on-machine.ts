import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isKnotError } from '@knot/shared/errors';
import type { Mark, Workload } from '@knot/domain';
import type { Driver, WorkloadSpec } from '../../driver.js';
import { createLocalDriver, type LocalDriverOptions } from '../create-local-driver.js';
import { machineClock, processesOf } from './machine.js';

/** A folder, a space, and drivers over them; all of it gone when the test is over. */
export class SpaceOnMachine {
  readonly spec: WorkloadSpec;
  readonly driver: Driver;

  private constructor(
    readonly root: string,
    readonly mark: Mark,
    job: string,
    private readonly options: Partial<LocalDriverOptions>,
  ) {
    this.spec = this.specOf(job);
    this.driver = this.newDriver();
  }

  /** `whenDone` is vitest's onTestFinished; tests that run side by side give that of their own context. */
  static async create(
    job: string,
    whenDone: (clear: () => Promise<void>) => void,
    options: Partial<LocalDriverOptions> = {},
  ): Promise<SpaceOnMachine> {
    const root = await mkdtemp(join(tmpdir(), 'knot-local-'));
    const mark = { installation: randomUUID(), location: 'here', space: randomUUID() };
    const space = new SpaceOnMachine(root, mark, job, options);
    whenDone(async () => {
      for (const { pid } of processesOf(mark.space)) process.kill(pid, 'SIGKILL');
      await rm(root, { recursive: true, force: true });
    });
    return space;
  }

  get folder(): string {
    return join(this.root, this.mark.space);
  }

  get signal(): AbortSignal {
    return AbortSignal.timeout(20_000);
  }

  specOf(job: string, volumes = ''): WorkloadSpec {
    const policy = { drivers: [], hostVolumes: [], exceptions: [] };
    return { mark: this.mark, display: { space: 'mine', owner: 'ann' }, job, volumes, hash: job, policy };
  }

  /** As after a restart of the leaf. */
  newDriver(options: Partial<LocalDriverOptions> = {}): Driver {
    const given = { settleMs: 30, pollMs: 30, ...this.options, ...options };
    return createLocalDriver({ scope: this.mark, path: this.root, clock: machineClock, ...given });
  }

  async look(spec = this.spec, driver = this.driver): Promise<Workload> {
    const request = { mark: this.mark, volumes: [], spec, verified: '' };
    return (await driver.observe(request, this.signal)).workload;
  }

  async apply(spec = this.spec, driver = this.driver): Promise<string> {
    const seen = await this.look(spec, driver);
    const answer = await driver.apply(spec, seen.state === 'present' ? seen.revision : '', this.signal);
    return answer.revision;
  }

  /** What a leaf does: looks, and puts right what is not, until it is healthy; a conflict is looked at again. */
  async converge(spec = this.spec, driver = this.driver): Promise<Workload> {
    return this.until('healthy', async () => {
      const seen = await this.look(spec, driver);
      const isUp = seen.state === 'present' && seen.drift === null && seen.health !== 'ended';
      if (isUp) return seen.health === 'healthy' ? seen : null;
      const revision = seen.state === 'present' ? seen.revision : '';
      await driver.apply(spec, revision, this.signal).catch((error: unknown) => {
        if (!isKnotError(error, 'backend.conflict')) throw error;
      });
      return null;
    });
  }

  async convergeToAbsent(driver = this.driver): Promise<void> {
    await this.until('absent', async () => {
      const seen = await this.look(this.spec, driver);
      if (seen.state === 'absent') return seen;
      if (seen.state === 'present' && seen.health !== 'stopping') await driver.remove(this.mark, this.signal);
      return null;
    });
  }

  async untilEnded(driver = this.driver): Promise<Extract<Workload, { state: 'present' }>> {
    return this.until('ended', async () => {
      const seen = await this.look(this.spec, driver);
      return seen.state === 'present' && seen.health === 'ended' ? seen : null;
    });
  }

  async until<T>(what: string, see: () => Promise<T | null> | T | null): Promise<T> {
    const deadline = performance.now() + 60_000;
    for (;;) {
      const seen = await see();
      if (seen !== null) return seen;
      if (performance.now() > deadline) throw new Error(`Not ${what} within 60 s.`);
      await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }
}
