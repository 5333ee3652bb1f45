import type http from 'node:http';
import { X509Certificate } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { AppName } from '@knot/domain';
import { clientAddress, type AppDoor } from '@knot/link';
import {
  createUuidV7,
  proveKeyRing,
  sha256Hex,
  systemClock,
  systemRandom,
  type Clock,
  type KeyRing,
  type Logger,
  type RandomSource,
} from '@knot/shared';
import type { KnotConfig } from '@knot/shared/config';
import type { LocationPolicy, Store } from '@knot/shared/store';
import { LocationKeys } from './agents/location-keys.js';
import { BytesUpgrades, type BytesUpgradesParts } from './bytes/bytes-upgrades.js';
import { composeBytes, type Bytes } from './bytes/compose-bytes.js';
import type { LeafLinks } from './bytes/leaf-links.js';
import { composeBackground, composeUseCases } from './compose.js';
import { Deeds } from './deeds/deeds.js';
import { ensureInstallation } from './installation/ensure-installation.js';
import { Draining } from './http/draining.js';
import { createWebApp } from './main.js';
import { startRekey } from './keys/background-rekey.js';
import { openKeys } from './keys/open-keys.js';
import { StartGrace } from './locations/start-grace.js';
import { openStore } from './open-store.js';
import { originSettings } from './origin-settings.js';
import { composeOrigins, type Origins } from './origins/compose-origins.js';
import { RevocationsElsewhere } from './origins/revocations-elsewhere.js';
import { SnapshotVault } from './spaces/snapshot-vault.js';
import { createSync, type OriginSync } from './sync/create-sync.js';

/** What templates may use at a location that nobody has set a policy for. */
const DEFAULT_POLICY: LocationPolicy = { drivers: ['docker', 'podman', 'exec', 'java', 'qemu'], hostVolumes: [] };
const BUILT_DASHBOARD = fileURLToPath(new URL('../../dashboard/dist', import.meta.url));

export interface StartOriginOptions {
  readonly config: KnotConfig;
  readonly logger: Logger;
  readonly programVersion: string;
  readonly clock?: Clock;
  readonly random?: RandomSource;
  readonly dashboardFolder?: string;
}

/** An origin that answers as soon as its connections reach `web` and `sync.grpc`. */
export interface Origin {
  /** REST, live events and the dashboard; listens on nothing by itself. */
  readonly web: http.Server;
  /** Web apps of spaces; null where there are none. */
  readonly apps: AppDoor<AppName> | null;
  /** The ways for bytes to leaves. */
  readonly links: LeafLinks;
  readonly sync: OriginSync;
  readonly store: Store;
  readonly keys: KeyRing;
  readonly vault: SnapshotVault;
  /** The code that makes the first administrator; null once there is one. */
  readonly setupCode: string | null;
  /** Tells the health page which certificate (PEM) is shown; `own`: made by the server itself. */
  showsCertificate(pem: string, own: boolean): void;
  /** Takes nothing new, finishes what was begun, and sends leaves elsewhere; `ms` at most. Then `close`. */
  drain(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens the store, makes what a first start needs, and builds the API. Throws `config.invalid` where it cannot be. */
export async function startOrigin(options: StartOriginOptions): Promise<Origin> {
  const { config, logger, programVersion, clock = systemClock, random = systemRandom } = options;
  const keys = await openKeys(config, random);
  const { store, findings } = await openStore(config, { clock, random, logger });
  const settings = originSettings(config, findings);
  const origins = await composeOrigins({ config, store, keys, clock, random, logger, programVersion });
  try {
    await origins?.registry.join();
    await proveKeyRing(store, keys);
    const newId = createUuidV7(clock, random);
    await ensureInstallation(store, newId);
    const vault = new SnapshotVault(keys);
    const locationKeys = new LocationKeys(store, keys);
    const refusalSink: { note: OriginRefusals } = { note: () => undefined };
    const sync = createSync({
      ...{ ...{ store, clock, vault, keys, locationKeys, random, newId }, programVersion, url: settings.url },
      sharedTokenHashes: config.server.sharedToken.map((token) => sha256Hex(token.reveal())),
      defaultPolicy: DEFAULT_POLICY,
      auditRefusal: (refused) => refusalSink.note(refused),
    });
    const ports = {
      ...{ store, clock, random, keys, vault, locationKeys, logger, settings, programVersion },
      grace: await StartGrace.begin(store),
      defaultPolicy: DEFAULT_POLICY,
    };
    const composed = { ...ports, credentials: sync.credentials, questions: sync.questions };
    const useCases = composeUseCases(composed);
    await useCases.restored.notice();
    sync.wishes.open(useCases.spaceWishes);
    refusalSink.note = ({ error, count, ...refused }) => useCases.refusals.note(error, refused, count);
    const background = composeBackground(composed, useCases, sync);
    const { proofs, refusals } = useCases;
    const deeds = new Deeds(store, clock, newId);
    const addressOf = clientAddress(settings.trustedProxies);
    const bytes = composeBytes({ ...ports, newId, proofs, refusals, deeds, addressOf }, origins);
    const { links, uses, apps, originDoor, proxyDoor } = bytes;
    const draining = new Draining();
    const ownOrigin = new URL(settings.url).origin;
    const { app, server } = await createWebApp({
      ...{ logger, clock, store, proofs, refusals, draining, apps, ownOrigin },
      useCases: [...Object.values(useCases), ...Object.values(background), bytes.logs, bytes.terminals],
      metrics: background.metrics,
      trustedProxies: settings.trustedProxies,
      dashboardFolder: options.dashboardFolder ?? BUILT_DASHBOARD,
      downloadPath: config.server.downloadPath ?? null,
    });
    serveBytes(server, {
      ...composed,
      proofs,
      refusals,
      uses,
      ownOrigin,
      addressOf,
      links,
      originDoor,
      proxyDoor,
      apps: apps.door,
    });
    background.housekeeping.start();
    background.rollOutRunner.start();
    background.usageSampling.start();
    const elsewhere = origins && new RevocationsElsewhere(store, clock, sync.credentials, logger);
    useCases.liveness.start();
    const rekeying = keys.size > 1 ? startRekey(store, keys, logger) : null;
    const setupCode = (await useCases.setUp.state()).needed ? useCases.setUp.code : null;
    if (setupCode) logger.info(`Make the first administrator at ${settings.url} with the code ${setupCode}`);
    return {
      ...{ web: server, apps: apps.door, links, sync, store, keys, vault, setupCode },
      showsCertificate: (pem, own) => {
        useCases.health.showsCertificate(pem, own);
        origins?.registry.showsCertificate(new X509Certificate(pem).fingerprint256);
      },
      ...endOf({ useCases, background, sync, links, uses, app, draining, clock, origins, elsewhere, store, rekeying }),
    };
  } catch (error) {
    await origins?.registry.close();
    await store.close();
    throw error;
  }
}

interface Started {
  readonly useCases: ReturnType<typeof composeUseCases>;
  readonly background: ReturnType<typeof composeBackground>;
  readonly sync: OriginSync;
  readonly links: Bytes['links'];
  readonly uses: Bytes['uses'];
  readonly app: Awaited<ReturnType<typeof createWebApp>>['app'];
  readonly draining: Draining;
  readonly clock: Clock;
  /** Null with a store that one process alone can have open, as `elsewhere` is. */
  readonly origins: Origins | null;
  readonly elsewhere: RevocationsElsewhere | null;
  readonly store: Store;
  /** Null with one key. */
  readonly rekeying: { close(): Promise<void> } | null;
}

function endOf(started: Started): Pick<Origin, 'drain' | 'close'> {
  const { useCases, background, sync, draining } = started;
  return {
    drain: async (ms) => {
      draining.begin();
      background.feed.close();
      sync.drain();
      await draining.finished(started.clock, ms);
    },
    close: async () => {
      started.uses.close();
      started.links.close();
      started.origins?.others.close();
      useCases.liveness.close();
      background.feed.close();
      sync.close();
      await started.elsewhere?.close();
      await started.app.close();
      await started.rekeying?.close();
      await background.rollOutRunner.close();
      await background.usageSampling.close();
      await background.housekeeping.close();
      await started.origins?.registry.close();
      await started.store.close();
    },
  };
}

/** People's bytes and the links of leaves, on the port of the web. */
function serveBytes(web: http.Server, parts: BytesUpgradesParts): void {
  parts.credentials.onRevocation((identity) => parts.links.revoke(identity));
  new BytesUpgrades(parts).serve(web);
}

type OriginRefusals = Parameters<typeof createSync>[0]['auditRefusal'];
