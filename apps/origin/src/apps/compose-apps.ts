import { isOneSite, type AppName } from '@knot/domain';
import type { AppDoor, ClientAddress } from '@knot/link';
import type { Clock, KeyRing, Logger } from '@knot/shared';
import type { SpaceRow, Store } from '@knot/shared/store';
import type { LocationKeys } from '../agents/location-keys.js';
import type { Refusals } from '../audit/refusals.js';
import type { OpenUses } from '../bytes/open-uses.js';
import type { SpaceWays } from '../bytes/space-ways.js';
import type { Deeds } from '../deeds/deeds.js';
import type { Proofs } from '../identity/proofs.js';
import type { OriginSettings } from '../origin-settings.js';
import { passwordContext } from '../spaces/freeze.js';
import { StoreTime } from '../sync/store-time.js';
import { AppAccess } from './app-access.js';
import type { AppOpenPageParts } from './app-open-page.js';
import { AppDomains } from './app-domains.js';
import { AppPasses } from './app-passes.js';
import { originApps } from './origin-apps.js';

export interface AppsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly keys: KeyRing;
  readonly locationKeys: LocationKeys;
  readonly logger: Logger;
  readonly settings: OriginSettings;
  readonly addressOf: ClientAddress;
  readonly ways: SpaceWays;
  readonly uses: OpenUses;
  readonly proofs: Proofs;
  readonly refusals: Refusals;
  readonly deeds: Deeds;
}

export interface Apps {
  /** At this origin's own hosts; null where neither `server.wildcard_domain` nor `server.apps_url` is set. */
  readonly door: AppDoor<AppName> | null;
  /** Leaves may have hosts of their own. */
  readonly openPage: AppOpenPageParts;
}

/** The way to web apps of spaces. */
export function composeApps(parts: AppsParts): Apps {
  const { store, clock, newId, keys, locationKeys, logger, settings, ways, uses, proofs, refusals, deeds } = parts;
  const { addressOf } = parts;
  const { apps: naming, disableProxy: disabled, url } = settings;
  const passes = new AppPasses(locationKeys, new StoreTime(store, clock), newId);
  const access = new AppAccess({ store, clock, proofs, passes, oneSite: naming !== null && isOneSite(naming) });
  const desktopPassword = ({ id, servicePassword }: SpaceRow) => keys.openText(servicePassword, passwordContext(id));
  const ownOrigin = new URL(url).origin;
  const door =
    naming &&
    originApps({
      ...{
        naming,
        disabled,
        ownOrigin,
        addressOf,
        store,
        clock,
        access,
        passes,
        ways,
        uses,
        refusals,
        desktopPassword,
        logger,
      },
    });
  const domains = new AppDomains(store, naming, url);
  return { door, openPage: { domains, access, passes, deeds, refusals } };
}
