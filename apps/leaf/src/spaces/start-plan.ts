import type { MessageInitShape } from '@bufbuild/protobuf';
import type { sync } from '@knot/contract';
import type { Platform, SpaceSnapshot, VolumeRef } from '@knot/domain';
import type { Driver, WorkloadSpec } from '@knot/drivers';
import { isKnotError, KnotError, toKnotError } from '@knot/shared/errors';
import type { LeafStore } from '@knot/shared/store';
import { backendLabel, type Platforms } from '../platforms/platforms.js';
import { desiredSpace } from '../wire/desired-space.js';
import { misfortuneOf } from './failure.js';
import { Rendering } from './rendering.js';
import { Veil } from './veil.js';
import { workloadSpec } from './workload-spec.js';

export type WirePlan = MessageInitShape<typeof sync.PlanSchema>;

export interface StartPlanned {
  readonly plan: WirePlan;
  readonly warnings: readonly string[];
}

interface Known {
  readonly snapshot: SpaceSnapshot | null;
  readonly runs: boolean;
}

/** Says what a start of a space from another snapshot would change at its backend, and changes nothing. */
export class StartPlan {
  constructor(
    private readonly parts: {
      readonly platforms: Platforms;
      readonly store: Pick<LeafStore, 'object'>;
      readonly environmentOf: (snapshot: SpaceSnapshot) => WorkloadSpec['environment'];
    },
  ) {}

  /** What the backend or the policy refuses is an answer; throws where nobody could say, without secrets either way. */
  async of(space: string, snapshot: SpaceSnapshot, signal: AbortSignal): Promise<StartPlanned> {
    const known = await this.known(space);
    const [before, after] = [new Veil(known.snapshot), new Veil(snapshot)];
    const veiled = (text: string) => before.text(after.text(text));
    try {
      const { plan, warnings } = await this.plan(space, snapshot, known, signal);
      return { plan: { ...plan, changes: (plan.changes ?? []).map(veiled) }, warnings: warnings.map(veiled) };
    } catch (thrown) {
      const { code, message, hint } = toKnotError(thrown);
      const told = { message: veiled(message), hint: veiled(hint) };
      if (!misfortuneOf(thrown).terminal) throw new KnotError(code, told.message, told.hint);
      return { plan: { refusal: told }, warnings: [] };
    }
  }

  private async plan(space: string, snapshot: SpaceSnapshot, known: Known, signal: AbortSignal): Promise<StartPlanned> {
    const driver = this.driver(snapshot.platform);
    const spec = this.spec(space, snapshot);
    const [before, after] = await Promise.all([
      known.snapshot ? this.volumes(this.spec(space, known.snapshot), driver, signal) : [],
      driver.volumesOf(spec, signal),
    ]);
    // where nothing runs, all that a plan could say is that it would be made
    const report = known.runs ? await driver.plan(spec, signal) : await driver.validate(spec, signal);
    const { changes, destructive, warnings } = report;
    const plan = {
      ...{ changes: [...changes], destructive },
      volumesAdded: lacking(after, before),
      volumesDetached: lacking(before, after),
    };
    return { plan, warnings };
  }

  /** What it runs from now, as far as this leaf has heard of it. */
  private async known(space: string): Promise<Known> {
    const stored = await this.parts.store.object('space', space);
    if (!stored) return { snapshot: null, runs: false };
    const { snapshot, want } = desiredSpace(stored.bytes);
    return { snapshot, runs: want === 'running' };
  }

  private spec(space: string, snapshot: SpaceSnapshot): WorkloadSpec {
    const { platforms, environmentOf } = this.parts;
    const text = new Rendering().text(snapshot);
    return workloadSpec(platforms, { ...platforms.scope, space }, snapshot, text, environmentOf(snapshot));
  }

  /** None where what it runs from does not say: then nothing of it can be detached. */
  private async volumes(spec: WorkloadSpec, driver: Driver, signal: AbortSignal): Promise<readonly VolumeRef[]> {
    try {
      return await driver.volumesOf(spec, signal);
    } catch (error) {
      if (isKnotError(error) && misfortuneOf(error).terminal) return [];
      throw error;
    }
  }

  private driver(platform: Platform): Driver {
    const driver = this.parts.platforms.driver(platform);
    if (driver) return driver;
    throw new KnotError('backend.unavailable', `The leaf is not set up for ${backendLabel(platform)}.`);
  }
}

/** Names of what is in the first and not in the second. */
function lacking(these: readonly VolumeRef[], those: readonly VolumeRef[]): string[] {
  return these.filter((one) => !those.some(({ backendId }) => backendId === one.backendId)).map(({ name }) => name);
}
