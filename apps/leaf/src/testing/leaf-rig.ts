import { mkdtemp, rm } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create } from '@bufbuild/protobuf';
import { sync, type SyncClient } from '@knot/contract';
import { FakeBackend, FakeDriver, Faults, VirtualClock, type FakeKnobs } from '@knot/drivers/fake';
import type { SpaceObjects } from '@knot/drivers';
import { KnotError } from '@knot/shared/errors';
import { createLogger, KeyRing, type Clock, type Logger } from '@knot/shared';
import { openSqliteLeafStore, type SqliteLeafStore } from '@knot/shared/sqlite';
import { createLeaf, type Leaf } from '../create-leaf.js';
import type { LeafOptions } from '../leaf-ports.js';
import { ScriptedOrigin } from './scripted-origin.js';

export const LOCATION = 'here';

/** One leaf of a test: its disk, its drivers, its process. */
export interface RigLeaf {
  readonly leaf: Leaf;
  readonly store: SqliteLeafStore;
  readonly driver: () => FakeDriver;
  /** As SIGTERM does. */
  stop(): Promise<void>;
  /** As kill -9 does: from now on it reaches neither its disk nor its origin, and gives nothing back. */
  kill(): Promise<void>;
}

/** A whole location on a virtual clock: a scripted origin, a backend in memory, leaves with real stores. */
export class LeafRig {
  readonly clock = new VirtualClock();
  readonly backend: FakeBackend;
  readonly origin: ScriptedOrigin;
  readonly faults = new Faults();
  readonly logLines: string[] = [];
  private readonly logger: Logger;
  private readonly key = new KeyRing([randomBytes(32)], randomBytes);
  private readonly running = new Set<RigLeaf>();
  private readonly killed: Leaf[] = [];
  private processes = 0;

  private constructor(
    private readonly folder: string,
    knobs: Partial<FakeKnobs>,
  ) {
    this.backend = new FakeBackend(this.clock, knobs);
    this.origin = new ScriptedOrigin(this.clock);
    this.logger = createLogger({
      level: 'debug',
      name: 'leaf',
      destination: { write: (line) => void this.logLines.push(line) },
    });
  }

  static async open(knobs: Partial<FakeKnobs> = {}): Promise<LeafRig> {
    return new LeafRig(await mkdtemp(join(tmpdir(), 'knot-leaf-')), knobs);
  }

  /** Starts a leaf over the disk of this name; the same name again is the same disk. */
  async start(
    disk = 'disk',
    change: Partial<LeafOptions> & {
      readonly sync?: SyncClient;
      readonly clock?: Clock;
      readonly faults?: Faults;
      readonly objects?: SpaceObjects;
    } = {},
  ): Promise<RigLeaf> {
    const {
      sync: given = this.origin.client(),
      clock = this.clock,
      faults = this.faults,
      objects,
      ...options
    } = change;
    const [client, cut] = mortal(given);
    const store = await openSqliteLeafStore({
      file: join(this.folder, `${disk}.db`),
      cipher: this.key,
      clock: this.clock,
    });
    let driver: FakeDriver | null = null;
    const leaf = await createLeaf({
      options: {
        location: LOCATION,
        token: 'shared',
        programVersion: '0.1.0',
        facts: { url: '', agentEndpoint: '', wildcardDomain: '', timezone: 'UTC' },
        ...options,
      },
      ports: {
        sync: client,
        store,
        drivers: (scope) => [(driver = new FakeDriver({ scope, backend: this.backend, faults, objects }))],
        clock,
        random: randomBytes,
        logger: this.logger,
        processId: `process-${++this.processes}`,
      },
    });
    const started: RigLeaf = {
      leaf,
      store,
      driver: () => {
        if (!driver) throw new Error('no driver was made yet');
        return driver;
      },
      stop: async () => {
        this.running.delete(started);
        await this.whilePassing(leaf.stop());
        await store.close();
      },
      kill: async () => {
        this.running.delete(started);
        this.killed.push(leaf);
        cut();
        await store.close();
      },
    };
    this.running.add(started);
    await leaf.start();
    return started;
  }

  /** Time passes until the promise is settled. */
  async whilePassing<T>(promise: Promise<T>): Promise<T> {
    let settled = false;
    const watched = promise.finally(() => (settled = true));
    watched.catch(() => undefined);
    while (!settled) await this.pass(20);
    return watched;
  }

  /** Lets `ms` pass, with disk and promises keeping up. */
  async pass(ms: number): Promise<void> {
    const end = this.clock.monotonic() + ms;
    while (this.clock.monotonic() < end) {
      await this.clock.advance(Math.min(20, end - this.clock.monotonic()));
      await turns(4);
    }
  }

  /** Lets time pass until it is so; fails when it is not within `ms`. */
  async until(what: string, isSo: () => boolean, ms = 30_000): Promise<void> {
    const end = this.clock.monotonic() + ms;
    while (!isSo()) {
      if (this.clock.monotonic() >= end)
        throw new Error(`not within ${ms} ms: ${what}\n${this.logLines.slice(-8).join('')}`);
      await this.pass(20);
    }
  }

  condition(space: string, type: string): sync.Condition | undefined {
    return this.origin.statuses.get(space)?.conditions.find((condition) => condition.type === type);
  }

  isReady(space: string): boolean {
    const status = this.origin.statuses.get(space);
    const current = status?.observedGeneration === this.origin.spaces.get(space)?.generation;
    return current && this.condition(space, 'Ready')?.status === 'True';
  }

  async close(): Promise<void> {
    for (const started of [...this.running]) await started.stop();
    for (const leaf of this.killed) await this.whilePassing(leaf.stop());
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** A wish to run this job; each text makes a snapshot of its own. */
export function toRun(
  job: string,
  more: { readonly volumes?: string; readonly restart?: string; readonly id?: string } = {},
): { readonly want: sync.Want; readonly snapshot: sync.Snapshot } {
  const { volumes = '', restart = 'always', id = 'space' } = more;
  const data = {
    space: { id, name: 'work' },
    template: { id: 't1', name: 'plain' },
    user: { id: 'u1', username: 'ann', email: 'ann@example.com', timezone: 'UTC', service_password: 'pw' },
    server: { url: '', agent_endpoint: '', wildcard_domain: '', location: LOCATION, timezone: 'UTC' },
    nomad: { dc: 'dc1', region: 'global' },
    var: {},
  };
  const snapshot = create(sync.SnapshotSchema, {
    hash: `sha256:${id}|${job}|${volumes}|${restart}`,
    platform: 'local',
    templateId: 't1',
    templateName: 'plain',
    templateVersion: 1,
    job,
    volumes,
    restart,
    data: JSON.stringify(data),
  });
  return { want: sync.Want.RUNNING, snapshot };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** The client and what cuts it off for good. */
function mortal(client: SyncClient): readonly [SyncClient, () => void] {
  let dead = false;
  const alive = <T>(work: () => T): T => {
    if (dead) throw new KnotError('server.unavailable', 'The process is dead.');
    return work();
  };
  const living: SyncClient = {
    hello: async (request, call) => alive(() => client.hello(request, call)),
    enroll: async (request, call) => alive(() => client.enroll(request, call)),
    renewLease: async (request, call) => alive(() => client.renewLease(request, call)),
    list: async (request, call) => alive(() => client.list(request, call)),
    watch: (request, call) => alive(() => client.watch(request, call)),
    reportStatus: async (request, call) => alive(() => client.reportStatus(request, call)),
    wish: async (request, call) => alive(() => client.wish(request, call)),
    useCredential: (credential) => client.useCredential(credential),
    close: () => client.close(),
  };
  return [living, () => (dead = true)];
}
