import { portNamed, type Actor, type AppName, type SpacePort } from '@knot/domain';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { SpaceRow, Store } from '@knot/shared/store';
import { assertEnterable } from '../bytes/assert-enterable.js';
import { spaceName, userName } from '../deeds/unique-name.js';
import type { Proofs } from '../identity/proofs.js';
import type { AppPasses } from './app-passes.js';

export interface OpenApp {
  readonly space: SpaceRow;
  readonly port: SpacePort;
  readonly actor: Actor;
}

export interface AppAccessParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly proofs: Proofs;
  readonly passes: AppPasses;
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

  /** By the cookie that a browser shows at the app's host. Null where nobody is signed in there. */
  async ofCookie(name: AppName, host: string, cookie: string): Promise<OpenApp | null> {
    const space = await this.spaceOf(name);
    if (!space) return null;
    const pass = await this.parts.passes.read(cookie, space.location, { kind: 'cookie', host, space: space.id });
    const who = pass && (await this.parts.proofs.ofSessionId(pass.session));
    return who ? this.opened(who.actor, space, name.port) : null;
  }

  /** Throws as the permission check does, `resource.not_found` for a port that is not offered. */
  async opened(actor: Actor, space: SpaceRow, portName: string): Promise<OpenApp> {
    await assertEnterable(this.parts, actor, space);
    const observed = await this.parts.store.get('spaceObserved', space.id);
    const port = portNamed(observed?.observed.ports ?? [], portName);
    if (port) return { space, port, actor };
    const message = `${space.name} offers no web page as ${portName}, or nothing listens there now.`;
    throw new KnotError('resource.not_found', message, `knot spaces show ${space.name} lists what it offers.`);
  }
}
