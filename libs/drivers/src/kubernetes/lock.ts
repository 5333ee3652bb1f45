import type { Scope } from '@knot/domain';
import { isKnotError, toKnotError } from '@knot/shared/errors';
import type { DriverClock } from '../clock.js';
import type { BackendLock, LockAnswer } from '../driver.js';
import type { KubeApi } from './api.js';
import { objectAt, numberAt, textAt, type JsonObject } from './json.js';
import type { Resource } from './kinds.js';
import { ANNOTATION, labelsOf, PREFIX, scopeLabel } from './mark.js';
import { versionOf } from './sight.js';

type Claim = Parameters<BackendLock['hold']>[0];

interface Held {
  /** '' once released; the term stays, so that a lower one never takes it. */
  readonly holder: string;
  readonly term: number;
  readonly ttlMs: number;
}

/** A lease object as it was last seen; null while there is none. */
type Lease = { readonly object: JsonObject; readonly version: string; readonly held: Held } | null;

const LEASE: Resource = { kind: 'Lease', apiVersion: 'coordination.k8s.io/v1', plural: 'leases' };
const TERM = `${PREFIX}term`;
const TTL = `${PREFIX}ttl-ms`;

/**
 * The location's lock: a Lease, taken and renewed by its resource version. No two clocks are compared: a holder counts
 * from the moment before it sent its renewal, everybody else from the moment after they first saw that very renewal,
 * so the lock is over for its holder before it is over for others.
 */
export class LeaseLock implements BackendLock {
  private lease: Lease = null;
  private known = false;
  /** When `lease` was first seen as it is, monotonic ms. */
  private seenAt = 0;
  private holder = '';
  private readonly name: string;

  constructor(
    private readonly api: KubeApi,
    private readonly scope: Scope,
    private readonly clock: DriverClock,
  ) {
    this.name = `knot-lock-${scopeLabel(scope)}`;
  }

  async hold(claim: Claim, signal: AbortSignal): Promise<LockAnswer> {
    try {
      if (!this.known) await this.look(signal);
      const answer = await this.tryToHold(claim, signal);
      if (answer.state !== 'refused') return answer;
      // what we knew may be old: look once, then decide
      await this.look(signal);
      return await this.tryToHold(claim, signal);
    } catch (error) {
      this.known = false;
      const { message } = toKnotError(error);
      const reason = isKnotError(error, 'backend.forbidden') ? 'BackendForbidden' : 'BackendUnavailable';
      return { state: 'unavailable', trouble: { reason, message } };
    }
  }

  async release(signal: AbortSignal): Promise<void> {
    await this.look(signal);
    if (this.holder === '' || this.lease?.held.holder !== this.holder) return;
    const { term, ttlMs } = this.lease.held;
    this.holder = '';
    await this.put({ holder: '', term, ttlMs }, signal);
  }

  private async tryToHold({ holder, term, ttlMs }: Claim, signal: AbortSignal): Promise<LockAnswer> {
    const held = this.lease?.held ?? null;
    if (held && !this.mayTake(held, holder, term)) return refused(held);
    const sentAt = this.clock.monotonic();
    if (!(await this.put({ holder, term, ttlMs }, signal))) {
      await this.look(signal);
      return refused(this.lease?.held ?? { holder: '', term: 0, ttlMs: 0 });
    }
    this.holder = holder;
    return { state: 'held', untilMonotonic: sentAt + ttlMs };
  }

  private mayTake(held: Held, holder: string, term: number): boolean {
    if (term < held.term) return false;
    if (held.holder === holder || held.holder === '') return true;
    return this.clock.monotonic() - this.seenAt > held.ttlMs;
  }

  private async look(signal: AbortSignal): Promise<void> {
    this.note(await this.api.find(LEASE, this.name, signal));
  }

  /** False when another was faster. */
  private async put(held: Held, signal: AbortSignal): Promise<boolean> {
    const { lease } = this;
    const body = this.bodyOf(held, lease);
    const path = this.api.path(LEASE, lease ? this.name : '');
    const written = await this.api.write(lease ? 'PUT' : 'POST', path, body, "write the location's lock", signal);
    if (written) this.note(written);
    return written !== null;
  }

  private bodyOf({ holder, term, ttlMs }: Held, lease: Lease): JsonObject {
    const now = new Date(this.clock.now()).toISOString().replace('Z', '000Z');
    const spec = objectAt(lease?.object ?? {}, 'spec');
    const moved = holder !== '' && textAt(spec, 'holderIdentity') !== holder;
    const acquired = moved ? now : textAt(spec, 'acquireTime');
    return {
      apiVersion: LEASE.apiVersion,
      kind: LEASE.kind,
      metadata: {
        name: this.name,
        namespace: this.api.namespace,
        labels: labelsOf({ ...this.scope, space: '' }),
        annotations: {
          [ANNOTATION.installation]: this.scope.installation,
          [ANNOTATION.location]: this.scope.location,
          [TERM]: String(term),
          [TTL]: String(ttlMs),
        },
        ...(lease && { resourceVersion: lease.version }),
      },
      spec: {
        ...(holder !== '' && { holderIdentity: holder }),
        leaseDurationSeconds: Math.max(1, Math.ceil(ttlMs / 1_000)),
        renewTime: now,
        ...(acquired !== '' && { acquireTime: acquired }),
        leaseTransitions: numberAt(spec, 'leaseTransitions') + (moved ? 1 : 0),
      },
    };
  }

  private note(object: JsonObject | null): void {
    const lease = parseLease(object);
    if (!this.known || lease?.version !== this.lease?.version) this.seenAt = this.clock.monotonic();
    this.known = true;
    this.lease = lease;
  }
}

function refused({ holder, term }: Held): LockAnswer {
  return { state: 'refused', holder, term };
}

function parseLease(object: JsonObject | null): Lease {
  if (!object) return null;
  const annotations = objectAt(object, 'metadata', 'annotations');
  const spec = objectAt(object, 'spec');
  return {
    object,
    version: versionOf(object),
    held: {
      holder: textAt(spec, 'holderIdentity'),
      term: Number(textAt(annotations, TERM)) || 0,
      ttlMs: Number(textAt(annotations, TTL)) || numberAt(spec, 'leaseDurationSeconds') * 1_000,
    },
  };
}
