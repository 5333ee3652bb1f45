import { backendName, type Mark } from '@knot/domain';
import { isKnotError, KnotError } from '@knot/shared/errors';
import { pause, throwIfGivenUp, type DriverClock } from '../clock.js';
import type { KubeApi } from './api.js';
import { objectAt, objectsAt, textAt, type JsonObject } from './json.js';
import type { KubeCache } from './kube-cache.js';
import { KINDS, type Kind } from './kinds.js';
import type { Live } from './live.js';
import type { PreparedWorkload } from './prepared-workload.js';
import { isImmutable } from './refusal.js';
import type { Wanted } from './rewrite.js';
import {
  everythingOf,
  isDeleting,
  keyOf,
  nameOf,
  namesOf,
  revisionOf,
  seeObjects,
  seeSpace,
  versionOf,
  type Sight,
} from './sight.js';

const LOOK_EVERY_MS = 100;
/** Its status changed between look and deed: no reason to give up. */
const TRIES = 5;

/** Makes a space's objects so: what is wanted is applied, what cannot be changed is made anew, what is left over goes. */
export class Applying {
  constructor(
    private readonly api: KubeApi,
    private readonly cache: KubeCache,
    private readonly clock: DriverClock,
  ) {}

  /** Answers the new revision. `expect` is the main object's revision that the caller saw; '' for none. */
  async apply(mark: Mark, prepared: PreparedWorkload, expect: string, signal: AbortSignal): Promise<string> {
    const { writes } = this.cache;
    writes.begin(mark.space);
    try {
      return await this.applyNow(mark, prepared, expect, signal);
    } catch (error) {
      writes.distrust(mark.space);
      throw error;
    } finally {
      writes.end(mark.space);
    }
  }

  private async applyNow(mark: Mark, prepared: PreparedWorkload, expect: string, signal: AbortSignal): Promise<string> {
    const { wanted, main } = prepared;
    const sight =
      this.cache.sight(mark, wanted) ?? (await seeObjects(this.api, mark, this.asked(mark, wanted), signal));
    if (sight.foreign !== null) throw foreign(sight.foreign);
    refuseUnexpected(sight, expect);
    const before = sight.main;
    const anew = before !== null && (before.kind !== main.kind || isFinished(before));
    if (anew) await this.endNow(before, signal);
    const beside = wanted.filter((one) => one !== main);
    await Promise.all(
      beside.map(async (one) => {
        const made = await this.put(one, sight.found.get(keyOf(one.kind, one.name)), signal);
        this.cache.writes.wrote(mark.space, one.kind.kind, made);
      }),
    );
    const made = await this.put(main, anew ? undefined : sight.found.get(keyOf(main.kind, main.name)), signal, expect);
    this.cache.writes.wrote(mark.space, main.kind.kind, made);
    if (expect !== '') await this.removeLeftOver(mark, wanted, signal);
    return revisionOf(made);
  }

  /** What is written is looked at itself. What else may run under the space's name is ours, and followed, or nothing to us. */
  private asked(mark: Mark, wanted: readonly Wanted[]): ReturnType<typeof namesOf> {
    return this.cache.runsNothing(mark.space) ? wanted : namesOf(backendName(mark.space), wanted);
  }

  /** One object, over the one that was seen or as a new one. */
  private async put(
    wanted: Wanted,
    seen: JsonObject | undefined,
    signal: AbortSignal,
    expect = seen ? revisionOf(seen) : '',
  ): Promise<JsonObject> {
    let before = seen;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.api.apply(wanted, before ? versionOf(before) : '', signal);
      } catch (error) {
        if (!isKnotError(error)) throw error;
        if (before && isImmutable(error)) {
          await this.endNow({ kind: wanted.kind, object: before }, signal);
          before = undefined;
        } else if (before && isKnotError(error, 'backend.conflict') && attempt < TRIES) {
          before = await this.unchanged(wanted, expect, signal);
        } else {
          throw error;
        }
      }
    }
  }

  /** The object as it is now, where only its status has changed. */
  private async unchanged({ kind, name }: Wanted, expect: string, signal: AbortSignal): Promise<JsonObject> {
    const now = await this.api.find(kind, name, signal);
    if (now && revisionOf(now) === expect) return now;
    throw changed();
  }

  /** Ends an object and waits until it is gone, as far as the signal lets. Volumes are objects of their own: they stay. */
  private async endNow({ kind, object }: Live, signal: AbortSignal): Promise<void> {
    await this.api.delete(kind, object, signal);
    for (;;) {
      const now = await this.api.find(kind, nameOf(object), signal);
      if (!now || textAt(objectAt(now, 'metadata'), 'uid') !== textAt(objectAt(object, 'metadata'), 'uid')) return;
      await pause(this.clock, LOOK_EVERY_MS, signal);
      throwIfGivenUp(signal);
    }
  }

  /** Objects of an earlier version of the template. */
  private async removeLeftOver(mark: Mark, wanted: readonly Wanted[], signal: AbortSignal): Promise<void> {
    const names = new Set(wanted.map(({ kind, name }) => keyOf(kind, name)));
    const all = await everythingOf(this.api, mark, signal);
    const over = all.filter(({ kind, object }) => !names.has(keyOf(kind, nameOf(object))) && !isDeleting(object));
    for (const { kind, object } of over) await this.api.delete(kind, object, signal);
  }

  /** What belongs to the main object goes first: a crash in between leaves that one, which brings us here again. */
  async remove(mark: Mark, signal: AbortSignal): Promise<void> {
    this.cache.writes.distrust(mark.space);
    const all = await everythingOf(this.api, mark, signal);
    for (const { kind, object } of all) if (!isDeleting(object)) await this.api.delete(kind, object, signal);
    if (all.some(({ kind, object }) => kind.runs && nameOf(object) === backendName(mark.space))) return;
    // somebody took the main object away and left its pods
    const { pods } = await seeSpace(this.api, mark, [], signal);
    for (const pod of pods) if (!pod.deleting) await this.api.delete(KINDS.Pod, pod.raw, signal);
  }
}

function refuseUnexpected({ main }: Sight, expect: string): void {
  if (!main && expect === '') return;
  if (!main || expect === '' || isDeleting(main.object) || revisionOf(main.object) !== expect) throw changed();
}

/** Over for good: nothing would come of applying it again. */
function isFinished({ kind, object }: { kind: Kind; object: JsonObject }): boolean {
  const status = objectAt(object, 'status');
  if (kind.kind === 'Pod') return ['Succeeded', 'Failed'].includes(textAt(status, 'phase'));
  const over = ({ type, status: is }: JsonObject) => (type === 'Complete' || type === 'Failed') && is === 'True';
  return kind.kind === 'Job' && objectsAt(status, 'conditions').some(over);
}

function changed(): KnotError {
  return new KnotError('backend.conflict', 'Its objects at Kubernetes changed since they were looked at.');
}

export function foreign(what: string): KnotError {
  return new KnotError(
    'backend.foreign',
    `Kubernetes has a ${what} that this location did not make.`,
    'It is left alone. Rename or delete it.',
  );
}
