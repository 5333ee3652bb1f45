import type { Clock, KeyRing, Logger } from '@knot/shared';
import type { Store } from '@knot/shared/store';
import type { LocationKeys } from '../agents/location-keys.js';
import type { Refusals } from '../audit/refusals.js';
import type { OpenUses } from '../bytes/open-uses.js';
import type { SpaceWays } from '../bytes/space-ways.js';
import type { Deeds } from '../deeds/deeds.js';
import type { Proofs } from '../identity/proofs.js';
import type { OriginSettings } from '../origin-settings.js';
import { passwordContext } from '../spaces/freeze.js';
import { AppAccess } from './app-access.js';
import { AppDoor } from './app-door.js';
import { AppEntry } from './app-entry.js';
import type { AppOpenPageParts } from './app-open-page.js';
import { AppPasses } from './app-passes.js';

export interface AppsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly keys: KeyRing;
  readonly locationKeys: LocationKeys;
  readonly logger: Logger;
  readonly settings: OriginSettings;
  readonly ways: SpaceWays;
  readonly uses: OpenUses;
  readonly proofs: Proofs;
  readonly refusals: Refusals;
  readonly deeds: Deeds;
}

export interface Apps {
  readonly door: AppDoor;
  readonly openPage: AppOpenPageParts;
}

/** The way to web apps of spaces; null where `server.wildcard_domain` names no domain for them. */
export function composeApps(parts: AppsParts): Apps | null {
  const { store, clock, newId, keys, locationKeys, logger, settings, ways, uses, proofs, refusals, deeds } = parts;
  const { apps: domain, disableProxy: disabled, url } = settings;
  if (!domain) return null;
  const passes = new AppPasses(locationKeys, clock, newId);
  const access = new AppAccess({ store, clock, proofs, passes });
  const entry = new AppEntry({ domain, ownOrigin: new URL(url).origin, store, clock, access, passes });
  const desktopPassword: AppDoorPassword = ({ id, servicePassword }) =>
    keys.openText(servicePassword, passwordContext(id));
  const door = new AppDoor({
    ...{ domain, disabled, access, entry, ways, uses, refusals, desktopPassword, logger },
  });
  return { door, openPage: { domain, access, passes, deeds } };
}

type AppDoorPassword = ConstructorParameters<typeof AppDoor>[0]['desktopPassword'];
