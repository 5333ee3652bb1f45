import type { Mark, ObservedVolume, VolumeRef } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import { pause, type DriverClock } from '../clock.js';
import type { WorkloadSpec } from '../driver.js';
import type { KubeApi } from './api.js';
import type { Claim } from './claims.js';
import { objectAt, objectsAt, textAt, type JsonObject } from './json.js';
import type { KubeCache } from './kube-cache.js';
import { KINDS } from './kinds.js';
import { ANNOTATION, bearsMark, labelsOf, PREFIX } from './mark.js';
import { isOver, parsePod } from './pod.js';
import { plainWords } from './refusal.js';
import { marksOf } from './rewrite.js';
import { isDeleting } from './sight.js';

const CLAIM = KINDS.PersistentVolumeClaim;
const GONE_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 150;

/** The volumes of this location's spaces: claims, made once, never changed, deleted only on the word. */
export class Claims {
  constructor(
    private readonly api: KubeApi,
    private readonly cache: KubeCache,
    private readonly clock: DriverClock,
  ) {}

  /** `followed`: as the watches tell it, where they do. What is to be destroyed is looked at itself. */
  look(
    mark: Mark,
    refs: readonly VolumeRef[],
    signal: AbortSignal,
    followed = false,
  ): Promise<readonly ObservedVolume[]> {
    return Promise.all(
      refs.map(async ({ name, backendId }) => {
        const known = followed ? this.cache.claim(mark.space, backendId) : null;
        const found = known ?? (await this.api.find(CLAIM, backendId, signal));
        return { name, backendId, ...stateOf(found !== null && bearsMark(found, mark) ? found : null) };
      }),
    );
  }

  async create(spec: WorkloadSpec, claims: readonly Claim[], signal: AbortSignal): Promise<readonly ObservedVolume[]> {
    for (const claim of claims) {
      const found = await this.api.find(CLAIM, claim.backendId, signal);
      if (found && !bearsMark(found, spec.mark)) throw foreign(claim.backendId);
      if (!found) await this.make(spec, claim, signal);
    }
    return this.look(spec.mark, claims, signal);
  }

  async destroy(mark: Mark, refs: readonly VolumeRef[], signal: AbortSignal): Promise<void> {
    this.cache.writes.distrust(mark.space);
    for (const { backendId } of refs) {
      const found = await this.api.find(CLAIM, backendId, signal);
      if (!found) continue;
      if (!bearsMark(found, mark)) throw foreign(backendId);
      if (!isDeleting(found)) {
        await this.refuseUsed(backendId, signal);
        await this.api.delete(CLAIM, found, signal);
      }
      await this.untilGone(backendId, signal);
    }
  }

  private async make(spec: WorkloadSpec, claim: Claim, signal: AbortSignal): Promise<void> {
    const own = (texts: JsonObject) => Object.entries(texts).filter(([key]) => !key.startsWith(PREFIX));
    const object = {
      apiVersion: CLAIM.apiVersion,
      kind: CLAIM.kind,
      metadata: {
        name: claim.backendId,
        namespace: this.api.namespace,
        labels: { ...Object.fromEntries(own(claim.labels)), ...labelsOf(spec.mark) },
        annotations: {
          ...Object.fromEntries(own(claim.annotations)),
          ...marksOf(spec),
          [ANNOTATION.volume]: claim.name,
        },
      },
      spec: claim.spec,
    };
    const path = this.api.path(CLAIM, '', { fieldManager: 'knot', fieldValidation: 'Strict' });
    const made = await this.api.write('POST', path, object, `make the volume ${claim.name}`, signal);
    // a name that is taken by now is looked at again by the next step
    if (made === null) throw new KnotError('backend.conflict', `The volume ${claim.backendId} was made by another.`);
    this.cache.writes.wrote(spec.mark.space, CLAIM.kind, made);
  }

  /** Kubernetes would take the word and wait; a volume that runs need is to be refused instead. */
  private async refuseUsed(claim: string, signal: AbortSignal): Promise<void> {
    const { items } = await this.api.list(KINDS.Pod, {}, signal);
    const user = items.map(parsePod).find((pod) => !isOver(pod) && mounts(pod.raw, claim));
    if (!user) return;
    throw new KnotError('backend.conflict', `The volume ${claim} is in use by the pod ${user.name}.`);
  }

  /** The next look is to find it gone, where that does not take long. */
  private async untilGone(claim: string, signal: AbortSignal): Promise<void> {
    const end = this.clock.monotonic() + GONE_WITHIN_MS;
    while (!signal.aborted && this.clock.monotonic() < end) {
      if ((await this.api.find(CLAIM, claim, signal)) === null) return;
      await pause(this.clock, LOOK_EVERY_MS, signal);
    }
  }
}

function mounts(pod: JsonObject, claim: string): boolean {
  const volumes = objectsAt(objectAt(pod, 'spec'), 'volumes');
  return volumes.some((volume) => textAt(objectAt(volume, 'persistentVolumeClaim'), 'claimName') === claim);
}

/** A claim that waits for its first pod is as ready as it can be; why it cannot be had is told of that pod. */
function stateOf(claim: JsonObject | null): Pick<ObservedVolume, 'state' | 'message'> {
  if (!claim) return { state: 'missing', message: '' };
  if (isDeleting(claim)) return { state: 'pending', message: 'It is being deleted.' };
  const phase = textAt(objectAt(claim, 'status'), 'phase');
  if (phase !== 'Lost') return { state: 'ready', message: '' };
  const volume = textAt(objectAt(claim, 'spec'), 'volumeName');
  return { state: 'failed', message: `its PersistentVolume ${plainWords(volume)} is gone.` };
}

function foreign(name: string): KnotError {
  return new KnotError(
    'backend.foreign',
    `There is a PersistentVolumeClaim ${name} that this location did not make.`,
    'It is left alone. Rename it, or the volume in the template.',
    { name },
  );
}
