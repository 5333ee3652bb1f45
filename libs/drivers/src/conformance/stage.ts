import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { isKnotError, KnotError, type ErrorCode } from '@knot/shared/errors';
import type { Mark, Observation, Scope, VolumeRef, Workload } from '@knot/domain';
import type { Driver, WorkloadSpec } from '../driver.js';
import type { DriverHarness } from './harness.js';

export type Present = Extract<Workload, { state: 'present' }>;

/** One harness with a scope of its own: makes specs of new spaces, waits for states, clears up. */
export class Stage {
  readonly scope: Scope = newScope();
  readonly driver: Driver;
  private readonly made: { driver: Driver; spec: WorkloadSpec }[] = [];

  constructor(readonly harness: DriverHarness) {
    this.driver = harness.open(this.scope);
  }

  /** A spec of a space that nobody has seen yet. */
  newSpec(job: string = this.harness.jobs.running, scope: Scope = this.scope): WorkloadSpec {
    return this.specFor({ ...scope, space: randomUUID() }, job);
  }

  specFor(mark: Mark, job: string, volumes = ''): WorkloadSpec {
    const spec: WorkloadSpec = {
      mark,
      display: { space: 'a space', owner: 'ann' },
      job: job.replaceAll('{{space}}', mark.space),
      volumes: volumes.replaceAll('{{space}}', mark.space),
      hash: `sha256:${randomUUID()}`,
      policy: this.harness.policy,
    };
    this.made.push({ driver: mark.location === this.scope.location ? this.driver : this.harness.open(mark), spec });
    return spec;
  }

  /** The same space with another job. */
  withJob(spec: WorkloadSpec, job: string): WorkloadSpec {
    return this.specFor(spec.mark, job, spec.volumes);
  }

  withVolumes(): WorkloadSpec {
    const { volumes } = this.harness;
    return this.specFor({ ...this.scope, space: randomUUID() }, volumes.job, volumes.text);
  }

  look(spec: WorkloadSpec, volumes: readonly VolumeRef[] = [], driver = this.driver): Promise<Observation> {
    return driver.observe({ mark: spec.mark, volumes, spec, verified: '' }, this.signal());
  }

  async lookAtWorkload(spec: WorkloadSpec, driver = this.driver): Promise<Workload> {
    return (await this.look(spec, [], driver)).workload;
  }

  async revisionOf(spec: WorkloadSpec): Promise<string> {
    const workload = await this.lookAtWorkload(spec);
    return workload.state === 'present' ? workload.revision : '';
  }

  /** Applies over whatever is there now, and waits until it is healthy. A look may be a moment behind a change of others. */
  async bringUp(spec: WorkloadSpec): Promise<Present> {
    const apply = async () => {
      try {
        await this.driver.apply(spec, await this.revisionOf(spec), this.signal());
        return true;
      } catch (error) {
        if (isKnotError(error, 'backend.conflict')) return false;
        throw error;
      }
    };
    await this.eventually('apply over what is there', apply, (applied) => applied);
    return this.untilHealthy(spec);
  }

  untilHealthy(spec: WorkloadSpec): Promise<Present> {
    return this.untilPresent(spec, 'healthy', (workload) => workload.health === 'healthy' && workload.drift === null);
  }

  async untilPresent(spec: WorkloadSpec, what: string, is: (workload: Present) => boolean): Promise<Present> {
    const workload = await this.until(spec, what, (seen) => seen.state === 'present' && is(seen));
    if (workload.state !== 'present') throw new Error('unreachable: the condition asked for presence');
    return workload;
  }

  until(spec: WorkloadSpec, what: string, is: (workload: Workload) => boolean): Promise<Workload> {
    return this.eventually(what, () => this.lookAtWorkload(spec), is);
  }

  /** Asks for the end and waits until nothing is left. */
  async bringDown(spec: WorkloadSpec, driver = this.driver): Promise<void> {
    await driver.remove(spec.mark, this.signal());
    await this.eventually(
      'gone',
      () => this.lookAtWorkload(spec, driver),
      (workload) => workload.state !== 'present',
    );
  }

  async eventually<T>(what: string, see: () => Promise<T> | T, is: (seen: T) => boolean): Promise<T> {
    const { withinMs = 10_000 } = this.harness;
    const stepMs = 50;
    let seen = await see();
    for (let waited = 0; !is(seen); waited += stepMs) {
      if (waited > withinMs) throw new Error(`Not ${what} within ${withinMs} ms: ${JSON.stringify(seen)}`);
      await this.passTime(stepMs);
      seen = await see();
    }
    return seen;
  }

  passTime(ms: number): Promise<void> {
    return this.harness.passTime?.(ms) ?? new Promise((resolve) => setTimeout(resolve, ms));
  }

  signal(): AbortSignal {
    return AbortSignal.timeout(60_000);
  }

  /** Ends every workload and volume that a test made. */
  async clear(): Promise<void> {
    for (const { driver, spec } of this.made.splice(0)) {
      await this.bringDown(spec, driver);
      if (spec.volumes === '') continue;
      await driver.destroyVolumes(spec.mark, await driver.volumesOf(spec, this.signal()), this.signal());
    }
  }
}

export function newScope(): Scope {
  return { installation: randomUUID(), location: `loc-${randomUUID().slice(0, 8)}` };
}

/** Awaits a refusal and answers it; it must be a KnotError of one of these codes. */
export async function refusal(deed: Promise<unknown>, ...codes: ErrorCode[]): Promise<KnotError> {
  const answer: unknown = await deed.then(
    (value: unknown) => ({ value }),
    (error: unknown) => error,
  );
  if (!isKnotError(answer)) throw new Error(`Expected a KnotError, got ${String(answer)}`);
  expect(codes).toContain(answer.code);
  expect(answer.message).not.toBe('');
  return answer;
}

export const TERMINAL = [
  'backend.invalid',
  'template.syntax',
  'template.render',
  'template.rejected',
  'template.policy',
] as const satisfies readonly ErrorCode[];
