import { ServerNames } from '@knot/shared/names';
import { composeApps, type Apps, type AppsParts } from '../apps/compose-apps.js';
import { SpaceLogs } from '../logs/space-logs.js';
import type { Origins } from '../origins/compose-origins.js';
import { OriginDoor } from '../origins/origin-door.js';
import { ProxyDoor } from '../proxy/proxy-door.js';
import { ServiceProxy } from '../proxy/service-proxy.js';
import { SpaceTerminals } from '../terminals/space-terminals.js';
import { EndedProofs } from './ended-proofs.js';
import { LeafLinks } from './leaf-links.js';
import { LeafUses } from './leaf-uses.js';
import { OpenUses } from './open-uses.js';
import { signTicket } from './sign-ticket.js';
import { SpaceWays } from './space-ways.js';

export interface Bytes {
  /** The ways for bytes to leaves. */
  readonly links: LeafLinks;
  readonly uses: OpenUses;
  readonly apps: Apps;
  readonly logs: SpaceLogs;
  readonly terminals: SpaceTerminals;
  /** Where other origins come in; null where there are none. */
  readonly originDoor: OriginDoor | null;
  readonly proxyDoor: ProxyDoor;
}

/** What carries bytes of spaces through this origin. */
export function composeBytes(parts: Omit<AppsParts, 'ways' | 'uses'>, origins: Origins | null): Bytes {
  const { store, clock, locationKeys, newId, proofs } = parts;
  const uses = new OpenUses(store, clock);
  const links = new LeafLinks(origins?.others ?? null, (leaf, link) => void leafUses.follow(leaf, link));
  const ways = new SpaceWays(links, signTicket(store, locationKeys, newId));
  const terminals = new SpaceTerminals({ store, clock, ways });
  const logs = new SpaceLogs({ store, clock, ways, uses, proofs });
  const apps = composeApps({ ...parts, ways, uses });
  const leafUses = new LeafUses({
    ...{ store, clock, proofs, uses, ended: new EndedProofs(store, clock) },
    access: apps.openPage.access,
    logger: parts.logger,
  });
  const { settings, addressOf, logger, deeds, refusals } = parts;
  const warn = (err: Error): void => logger.warn({ err }, 'a service is dialled where it was last');
  const names = new ServerNames({ ...settings.proxy.resolver, clock, warn });
  const proxy = new ServiceProxy({ settings: settings.proxy, names });
  const proxyDoor = new ProxyDoor({ proxy, proofs, deeds, uses, refusals, addressOf, clock });
  const originDoor = origins && new OriginDoor(origins.passes, links);
  return { links, uses, originDoor, proxyDoor, apps, logs, terminals };
}
