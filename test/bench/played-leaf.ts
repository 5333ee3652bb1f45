import { create } from '@bufbuild/protobuf';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sync } from '@knot/contract';
import { follow, listAll, unary, type BareLeaf } from './many-leaves.js';

/** As a leaf does it: one report is on its way, and none follows another sooner. */
const BETWEEN_MS = 150;
const MOST = 500;
const RENEW_MS = 10_000;
/** What a leaf on Kubernetes tells of a start, and when after it has heard of it, ms. */
const STEPS = [
  { after: 40, workload: 'pending', phases: ['Accepted', 'Received', 'Volumes', 'Submitted'] },
  { after: 300, workload: 'starting', phases: ['Accepted', 'Received', 'Volumes', 'Submitted', 'Placed'] },
  {
    after: 1_000,
    workload: 'healthy',
    phases: ['Accepted', 'Received', 'Volumes', 'Submitted', 'Placed', 'Started', 'Ready'],
  },
];
const EVENTS = ['ScalingReplicaSet', 'SuccessfulCreate', 'Scheduled', 'Pulled', 'Created', 'Started'];

/** A leaf that follows its origin and reports as one does, and has nothing behind it. */
export class PlayedLeaf {
  /** When it first heard that each should run. */
  readonly heardAt = new Map<string, number>();
  private readonly outbox = new Map<string, sync.SpaceStatus>();
  private readonly ended = new AbortController();
  private readonly healthy = new Set<string>();
  private sequence = 0n;

  private constructor(
    private readonly leaf: BareLeaf,
    private readonly platform: string,
    private readonly holder: string,
    private term: bigint,
  ) {}

  static async begin(leaf: BareLeaf, platform: string): Promise<PlayedLeaf> {
    const holder = randomUUID();
    const played = new PlayedLeaf(leaf, platform, holder, 0n);
    await played.renew();
    await played.send(true);
    await listAll(leaf);
    const lasting = [played.hear(), played.report(), played.stay()];
    void Promise.all(lasting).catch((error: unknown) => {
      if (!played.ended.signal.aborted) throw error;
    });
    return played;
  }

  /** How many it has reported as running. */
  get running(): number {
    return this.healthy.size;
  }

  forget(): void {
    this.heardAt.clear();
    this.healthy.clear();
  }

  async close(): Promise<void> {
    this.ended.abort();
    await sleep(BETWEEN_MS);
    this.leaf.client.close();
  }

  private async hear(): Promise<void> {
    await follow(this.leaf, this.ended.signal, (event) => {
      if (event.case !== 'changes') return;
      for (const { object } of event.value.upserts) if (object.case === 'space') this.act(object.value);
    });
  }

  private act(space: sync.Space): void {
    if (space.want === sync.Want.DELETED) this.put({ ...statusOf(space, 'absent', []), finalized: true });
    if (space.want !== sync.Want.RUNNING || this.heardAt.has(space.id)) return;
    this.heardAt.set(space.id, performance.now());
    for (const { after, workload, phases } of STEPS) {
      setTimeout(() => this.put(statusOf(space, workload, phases)), after).unref();
    }
  }

  private put(status: sync.SpaceStatus): void {
    this.sequence += 1n;
    this.outbox.set(status.id, { ...status, sequence: this.sequence });
  }

  private async report(): Promise<void> {
    for (; !this.ended.signal.aborted; await sleep(BETWEEN_MS)) if (this.outbox.size > 0) await this.send(false);
  }

  private async stay(): Promise<void> {
    for (; !this.ended.signal.aborted; await sleep(RENEW_MS, undefined, { signal: this.ended.signal })) {
      await this.renew();
      await this.send(true);
    }
  }

  private async renew(): Promise<void> {
    const renewal = create(sync.RenewLeaseRequestSchema, { holder: this.holder, term: this.term, seenTerm: this.term });
    const { term } = await this.leaf.client.unary(sync.Sync.method.renewLease, renewal, unary(this.leaf.credential));
    this.term = term;
  }

  private async send(own: boolean): Promise<void> {
    const spaces = own ? [] : [...this.outbox.values()].slice(0, MOST);
    for (const { id } of spaces) this.outbox.delete(id);
    const platforms = [{ platform: this.platform, ready: true, version: '1', message: '', lockHeld: true }];
    const location = own ? { platforms, facts: {}, programVersion: '0.1.0' } : undefined;
    const request = create(sync.ReportStatusRequestSchema, { term: this.term, spaces, location });
    await this.leaf.client.unary(sync.Sync.method.reportStatus, request, unary(this.leaf.credential));
    for (const { id, workload } of spaces) if (workload === 'healthy') this.healthy.add(id);
  }
}

function statusOf(space: sync.Space, workload: string, phases: readonly string[]): sync.SpaceStatus {
  const now = BigInt(Date.now());
  const done = workload === 'healthy';
  const condition = (type: string, status: string, reason: string, message: string) => {
    return { type, status, reason, message, since: now };
  };
  return create(sync.SpaceStatusSchema, {
    id: space.id,
    observedGeneration: space.generation,
    conditions: [
      condition('VolumesReady', 'True', 'NoVolumes', 'It has no volumes.'),
      condition('Deployed', 'True', 'Submitted', 'What it runs from was handed to Kubernetes.'),
      condition(
        'Ready',
        done ? 'True' : 'False',
        done ? 'Running' : 'Placing',
        done ? 'It runs.' : 'A node is sought.',
      ),
    ],
    workload,
    instance: done ? `knot-${space.id}-6f7c9` : '',
    phases: phases.map((name) => ({ name, at: now })),
    events: EVENTS.slice(0, phases.length - 1).map((reason, at) => {
      return {
        id: `${space.id}/${at}`,
        at: now,
        source: 'kubernetes',
        reason,
        message: `${reason} of pod ${space.id}`,
      };
    }),
    appliedHash: space.snapshot?.hash ?? '',
    restartsSatisfied: space.restarts,
    observedAt: now,
  });
}
