import { createEngine, type Engine, type Priority } from '@knot/reconcile';
import { clientAddress } from '@knot/link';
import { createUuidV7 } from '@knot/shared';
import { appDomain, appPaths } from '@knot/domain';
import { engineClock } from './engine-clock.js';
import { LeafApps } from './apps/leaf-apps.js';
import { LeafAppPasses } from './apps/leaf-app-passes.js';
import { PortRules } from './apps/port-rules.js';
import { Agents } from './agents/agents.js';
import { BackendLocks } from './authority/backend-locks.js';
import { RightToAct } from './authority/right-to-act.js';
import { BytesDoor } from './bytes/bytes-door.js';
import { Entries } from './bytes/entries.js';
import { Grants } from './bytes/grants.js';
import { KeptUses } from './bytes/kept-uses.js';
import { OwnSpaces } from './bytes/own-spaces.js';
import { ProofEnds } from './bytes/proof-ends.js';
import { Tickets } from './bytes/tickets.js';
import { Uses } from './bytes/uses.js';
import { idOfKey, Inventory, keyOf } from './inventory.js';
import type { LeafIdentity } from './leaf-identity.js';
import type { LeafOptions, LeafPorts } from './leaf-ports.js';
import { ObjectKeeper } from './objects/object-keeper.js';
import { BackendJudge } from './platforms/backend-judge.js';
import { PlatformWatch } from './platforms/platform-watch.js';
import { Platforms } from './platforms/platforms.js';
import { LocationReport } from './report/location-report.js';
import { OrphanWatch } from './report/orphan-watch.js';
import { Orphans } from './report/orphans.js';
import { Reporter } from './report/reporter.js';
import { Enrolment } from './session/enrolment.js';
import { Follower } from './session/follower.js';
import { LeaseKeeper } from './session/lease-keeper.js';
import { Session } from './session/session.js';
import { Deeds } from './spaces/deeds.js';
import { Preparation } from './spaces/preparation.js';
import { Rendering } from './spaces/rendering.js';
import { SpaceReconciler } from './spaces/space-reconciler.js';
import { StartPlan } from './spaces/start-plan.js';
import { VolumeReconciler } from './volumes/volume-reconciler.js';

const WORKERS = 32;
const RESYNC_MS = 10 * 60_000;
/** A listing, a look and a deed, each with its own deadline, fit into it. ms */
const RUN_MS = 90_000;

/** The parts of one leaf, put together. */
export interface LeafParts {
  readonly agents: Agents;
  readonly door: BytesDoor;
  /** What people who came to this leaf themselves have open, and what is kept of them. */
  readonly uses: Uses;
  readonly ends: ProofEnds;
  readonly entries: Entries;
  readonly grantUses: KeptUses;
  /** Web apps behind this leaf's own hosts; null where there are none. */
  readonly apps: LeafApps | null;
  /** The dashboard's address; '' before the origin has told it. */
  readonly originUrl: () => Promise<string>;
  readonly enrolment: Enrolment;
  readonly inventory: Inventory;
  readonly platforms: Platforms;
  readonly right: RightToAct;
  readonly engine: Engine;
  readonly orphans: Orphans;
  readonly orphanWatch: OrphanWatch;
  readonly lease: LeaseKeeper;
  readonly follower: Follower;
  readonly reporter: Reporter;
  readonly session: Session;
  /** Once the drivers are made: one to listen to each backend, and the locks in them. */
  readonly watches: () => readonly PlatformWatch[];
  readonly locks: () => BackendLocks;
  /** Of each backend that shows spaces. */
  readonly keepers: () => readonly ObjectKeeper[];
}

export interface LeafWiring {
  /** Drivers of a fresh installation are wanted. */
  readonly onInstallation: (installation: string) => Promise<void>;
  readonly onTerm: () => void;
}

export function leafParts(
  options: LeafOptions,
  ports: LeafPorts,
  identity: LeafIdentity,
  wiring: LeafWiring,
): LeafParts {
  const { sync, store, clock, logger } = ports;
  const chance = chanceOf(ports);
  const [inventory, platforms] = [new Inventory(), new Platforms()];
  const enqueue = (key: string, priority: Priority) => engine.add(key, priority);
  const enqueueAfter = (key: string, ms: number, priority: Priority) => engine.addAfter(key, ms, priority);
  const enqueueAll = (keys: Iterable<string>, priority: Priority) => {
    for (const key of keys) enqueue(key, priority);
  };
  const right = new RightToAct(clock, (platform) => {
    enqueueAll(inventory.keys(platform), 'status');
    tell();
  });
  const agents = new Agents({
    ...{ store, clock, logger, random: ports.random, listen: options.listenAgent ?? null },
    nameservers: options.nameservers ?? (() => []),
    onChange: (space) => enqueue(keyOf('space', space), 'status'),
    onRefusal: () => tell(),
  });
  const ways = composeWays(options, ports, agents, () => tell());
  const orphans = new Orphans(store, inventory, platforms, clock);
  const location = new LocationReport({
    ...{ store, platforms, right, orphans, clock, facts: options.facts, programVersion: options.programVersion },
    refusals: agents.refusals,
    entries: ways.entries,
    queueDepth: () => queueDepth(engine),
    spaces: () => inventory.spaces,
  });
  const reporter = new Reporter({ sync, store, right, location, clock });
  const onReport = () => reporter.poke();
  const keepers: ObjectKeeper[] = [];
  const onSeen = (space: string) => {
    for (const keeper of keepers) keeper.touch(space);
  };
  const tell = () => {
    location.touch();
    reporter.poke();
  };
  const engine = leafEngine(ports, options, inventory, chance, {
    space: spaceReconciler(ports, { agents, platforms, right, orphans, onReport, onSeen }),
    volume: new VolumeReconciler({ store, platforms, right, clock, onReport }),
  });
  const orphanWatch = new OrphanWatch(orphans, clock, logger, tell);
  const plans = new StartPlan({ platforms, store, environmentOf: (snapshot) => agents.environmentOf(snapshot) });
  const judge = new BackendJudge(platforms, plans, clock);
  const follower = new Follower({
    ...{ sync, store, inventory, platforms, clock, logger, enqueue, onReport, right },
    onSpace: (space) => {
      onSeen(space);
      const unknown = (error: unknown) => logger.warn({ err: error, space }, 'who may enter a space is not known');
      agents.sessions.review(space).catch(unknown);
      ways.onSpace(space);
    },
    onLocation: () => ways.onSpace(null),
    onStage: (stage) => session.session.reached(stage),
    onListed: () => orphanWatch.poke(),
    onStored: (trouble) => location.hinder(trouble) && reporter.poke(),
    onQuestion: (question, signal) => void judge.answer(question, signal).then((answer) => reporter.answer(answer)),
  });
  const session = composeSession(options, ports, { agents, identity, wiring, right, chance, follower, reporter });
  const onStrangers = () => orphanWatch.poke();
  const watching = { platforms, inventory, clock, logger, enqueue, enqueueAfter, onStrangers, onHealth: tell };
  return {
    ...{ agents, ...ways, inventory, platforms, right, engine, orphans, orphanWatch, follower, reporter, ...session },
    watches: () => platforms.all.map((driver) => new PlatformWatch(driver, watching)),
    locks: () => new BackendLocks(platforms.all, identity.instance, right, clock, logger),
    keepers: () => {
      for (const { platform, objects } of platforms.all) {
        if (!objects) continue;
        keepers.push(new ObjectKeeper({ objects, platform, sync, store, inventory, right, clock, logger, chance }));
      }
      return keepers;
    },
  };
}

/** How people get in: along the origin's link, and straight. */
function composeWays(
  { location, facts, disableProxy = false, trustedProxies = [] }: LeafOptions,
  ports: LeafPorts,
  agents: Agents,
  onNews: () => void,
) {
  const { store, clock, random, logger } = ports;
  const keys = () => agents.keys.ticketKeys;
  const { met } = agents.keys;
  const ends = new ProofEnds(store, clock);
  const entries = new Entries(store, onNews);
  const uses = new Uses(ends, clock, logger);
  const host = URL.parse(facts.directUrl ?? '')?.host ?? '';
  const spaces = new OwnSpaces(store, location);
  const grantUses = new KeptUses(store, clock);
  const grants = new Grants({ location, keys, host, spaces, ends, uses: grantUses, clock });
  const tickets = new Tickets(location, keys, met, clock);
  const newId = createUuidV7(clock, random);
  const addressOf = clientAddress(trustedProxies);
  const originUrl = async () => (await store.meta('origin-url')) ?? '';
  const now = () => clock.now();
  const door = new BytesDoor({ agents, tickets, grants, uses, entries, addressOf, originUrl, newId, now });
  const naming =
    host === ''
      ? null
      : (appDomain(`*${facts.wildcardDomain}`, facts.directUrl ?? '') ?? appPaths(facts.appsUrl ?? ''));
  const apps =
    naming &&
    new LeafApps({
      ...{ naming, disabled: disableProxy, addressOf, originUrl, agents, spaces, ends, uses, logger },
      rules: new PortRules(store, location),
      passes: new LeafAppPasses({ keys, store, met, random, clock }),
    });
  const onSpace = (space: string | null) => {
    spaces.changed();
    void apps?.review(space).catch((error: unknown) => logger.warn({ err: error }, 'who may open an app is not known'));
  };
  return { door, uses, ends, entries, grantUses, apps, originUrl, onSpace };
}

function composeSession(
  { location, standby = false, token, programVersion }: LeafOptions,
  { sync, store, clock, logger, processId }: LeafPorts,
  parts: {
    readonly agents: Agents;
    readonly identity: LeafIdentity;
    readonly wiring: LeafWiring;
    readonly right: RightToAct;
    readonly chance: () => number;
    readonly follower: Follower;
    readonly reporter: Reporter;
  },
): { readonly session: Session; readonly lease: LeaseKeeper; readonly enrolment: Enrolment } {
  const { agents, identity, wiring, right, chance, follower, reporter } = parts;
  const { onInstallation } = wiring;
  const onTerm = () => {
    agents.keys.met.begin();
    wiring.onTerm();
  };
  const base = { sync, store, clock, logger, location };
  const onRefused = (holder: string) => session.standBy(holder);
  const lease = new LeaseKeeper({ ...base, right, processId, standby, onTerm, onRefused });
  const enrolment = new Enrolment({ ...base, chance, identity, token, programVersion, agents });
  const session = new Session({
    ...{ store, right, enrolment, lease, follower, reporter, clock, chance, logger, onInstallation },
  });
  return { session, lease, enrolment };
}

function spaceReconciler(
  { store, clock }: LeafPorts,
  parts: {
    readonly agents: Agents;
    readonly platforms: Platforms;
    readonly right: RightToAct;
    readonly orphans: Orphans;
    readonly onReport: () => void;
    readonly onSeen: (space: string) => void;
  },
): SpaceReconciler {
  const { agents, platforms, right, orphans, onReport, onSeen } = parts;
  const preparation = new Preparation({
    ...{ store, platforms, rendering: new Rendering(), right, clock },
    isOrphan: (id) => orphans.has(id),
    mayHold: (id) => orphans.mayHold(id),
    environmentOf: (snapshot) => agents.environmentOf(snapshot),
  });
  return new SpaceReconciler({
    ...{ store, preparation, deeds: new Deeds(store, right, clock), right, clock, onReport, onSeen },
    agentOf: (space) => agents.sessions.get(space),
  });
}

function leafEngine(
  { clock, hooks }: LeafPorts,
  { workers = WORKERS, resyncMs = RESYNC_MS }: LeafOptions,
  inventory: Inventory,
  chance: () => number,
  reconcilers: { readonly space: SpaceReconciler; readonly volume: VolumeReconciler },
): Engine {
  return createEngine({
    workers,
    clock: engineClock(clock),
    random: chance,
    runDeadlineMs: RUN_MS,
    resync: { everyMs: resyncMs, keys: () => inventory.keys(), quietMs: resyncMs / 2 },
    ...(hooks && { hooks }),
    reconcile: (key, run) => {
      const { kind, id } = idOfKey(key);
      return kind === 'volume' ? reconcilers.volume.run(id, run) : reconcilers.space.run(id, run);
    },
  });
}

function queueDepth(engine: Engine): number {
  const { queued, processing } = engine.stats();
  return queued.user + queued.status + queued.drift + queued.resync + processing;
}

/** A number from 0 up to but not including 1, by the random source of the ports. */
function chanceOf({ random }: LeafPorts): () => number {
  return () => Buffer.from(random(4)).readUInt32BE(0) / 2 ** 32;
}
