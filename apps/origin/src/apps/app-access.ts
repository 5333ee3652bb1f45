import {
  CLOSED_PORTS,
  portNamed,
  portShare,
  type Actor,
  type AppName,
  type PortShare,
  type SpacePort,
} from '@knot/domain';
import type { Clock } from '@knot/shared';
import { isKnotError, KnotError } from '@knot/shared/errors';
import type { SpaceRow, Store } from '@knot/shared/store';
import { assertEnterable, assertRuns } from '../bytes/assert-enterable.js';
import { spaceName, userName } from '../deeds/unique-name.js';
import type { Proofs } from '../identity/proofs.js';
import { sharingOf } from '../spaces/space-dtos.js';
import type { AppPasses } from './app-passes.js';

export interface OpenApp {
  readonly space: SpaceRow;
  readonly port: SpacePort;
  /** Null where the port is public. */
  readonly actor: Actor | null;
}

export interface AppAccessParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly proofs: Proofs;
  readonly passes: AppPasses;
  /** At this origin's own hosts: to a browser all apps are one site. */
  readonly oneSite: boolean;
}

/** Finds the app that a host names, and whether somebody may open it. */
export class AppAccess {
  constructor(private readonly parts: AppAccessParts) {}

  /** Null where there is no such space, whoever asks. */
  async spaceOf({ user, space }: AppName): Promise<SpaceRow | null> {
    const { store } = this.parts;
    const ownerId = await store.holder(userName({ username: user }).scope, user);
    if (ownerId === null) return null;
    const { scope, value } = spaceName({ ownerId, name: space });
    const id = await store.holder(scope, value);
    return id === null ? null : store.get('space', id);
  }

  /**
   * By the cookie that a browser shows at the app's site, '' where it shows none. Null where nobody is signed in there
   * and the port is not public.
   */
  async open(name: AppName, host: string, cookie: string): Promise<OpenApp | null> {
    const space = await this.spaceOf(name);
    if (!space) return null;
    const port = await this.portOf(space, name.port);
    if (port && !this.parts.oneSite && (await this.shareOf(space, port)) === 'public') {
      assertRuns(space);
      return { space, port, actor: null };
    }
    const pass =
      cookie === ''
        ? null
        : await this.parts.passes.read(cookie, space.location, { kind: 'cookie', host, space: space.id });
    const who = pass && (await this.parts.proofs.ofSessionId(pass.session));
    return who ? this.opened(who.actor, space, name.port, this.parts.oneSite) : null;
  }

  /**
   * Throws as the permission check does, `resource.not_found` for a port that is not offered. Where all apps are
   * one site, nobody's pages are to come near those of others.
   */
  async opened(actor: Actor, space: SpaceRow, portName: string, oneSite: boolean): Promise<OpenApp> {
    if (oneSite && actor.id !== space.ownerId) {
      const message = 'Apps share one host here, so that only the owner of a space opens its apps.';
      throw new KnotError('access.denied', message, 'knot forward port leads to it from your own machine.');
    }
    const port = await this.portOf(space, portName);
    if (port && (await this.isShared(actor, space, await this.shareOf(space, port)))) assertRuns(space);
    else await this.assertEnterable(actor, space);
    if (port) return { space, port, actor };
    const message = `${space.name} offers no web page as ${portName}, or nothing listens there now.`;
    throw new KnotError('resource.not_found', message, `knot spaces show ${space.name} lists what it offers.`);
  }

  /** Whether whom a proof was given still may at the leaf's own hosts; a port that is merely not offered for a moment changes nothing. */
  async mayStillOpen(proof: string, space: SpaceRow, portName: string): Promise<boolean> {
    const who = await this.parts.proofs.again(proof);
    if (!who) return false;
    try {
      await this.opened(who.actor, space, portName, false);
      return true;
    } catch (error) {
      if (!isKnotError(error)) throw error;
      return error.code === 'resource.not_found' && !(await this.isOffered(space, portName));
    }
  }

  /** Whether its space says that something listens there. */
  async isOffered(space: SpaceRow, portName: string): Promise<boolean> {
    return (await this.portOf(space, portName)) !== null;
  }

  /** Whom the space is hidden from is told of no space. */
  private async assertEnterable(actor: Actor, space: SpaceRow): Promise<void> {
    try {
      await assertEnterable(this.parts, actor, space);
    } catch (error) {
      throw isKnotError(error, 'resource.not_found') ? noApp() : error;
    }
  }

  private async portOf({ id }: SpaceRow, name: string): Promise<SpacePort | null> {
    const observed = await this.parts.store.get('spaceObserved', id);
    return portNamed(observed?.observed.ports ?? [], name);
  }

  private async shareOf(space: SpaceRow, { port }: SpacePort): Promise<PortShare> {
    const { store } = this.parts;
    const [template, location] = await Promise.all([
      store.get('template', space.templateId),
      store.get('location', space.location),
    ]);
    return portShare(port, sharingOf(space, template, location?.policy.ports ?? CLOSED_PORTS)).share;
  }

  /** Whether somebody is in a group with the owner. */
  async inGroupOf({ groups }: Actor, { ownerId }: SpaceRow): Promise<boolean> {
    const owner = await this.parts.store.get('user', ownerId);
    return owner !== null && owner.groups.some((id) => groups.includes(id));
  }

  private async isShared(actor: Actor, space: SpaceRow, share: PortShare): Promise<boolean> {
    switch (share) {
      case 'public':
      case 'users':
        return true;
      case 'group':
        return this.inGroupOf(actor, space);
      case 'owner':
        return false;
    }
  }
}

/** The same whether there is such a space or not. */
export function noApp(): KnotError {
  const hint = 'Ask whoever gave you its address.';
  return new KnotError('resource.not_found', 'There is no such app, or it is not shared with you.', hint);
}
