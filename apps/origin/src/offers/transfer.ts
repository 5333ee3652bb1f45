import { randomText, type Clock, type KeyRing, type RandomSource } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { OfferRow, SpaceRow, Store, UserRow } from '@knot/shared/store';
import { assertMay, found } from '../deeds/check.js';
import type { Deed } from '../deeds/deed.js';
import { claim, release, spaceName } from '../deeds/unique-name.js';
import type { Call } from '../http/call.js';
import type { OriginSettings } from '../origin-settings.js';
import { SERVICE_PASSWORD_LENGTH, passwordContext } from '../spaces/freeze.js';
import { assertPlatformAllowed, assertTemplateOpen } from '../spaces/platform-allowed.js';
import { wishWrites } from '../spaces/wish-writes.js';
import { versionId } from '../templates/template-dtos.js';
import type { Quotas } from '../users/quotas.js';
import { endOf, lostBySome } from './offer-writes.js';
import { MOST_OFFERS } from './offer-views.js';

/** Names that are tried where the receiver has one of the same name: `name-1` and so on. */
const MOST_NAMES = 10;

export interface TransferPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly random: RandomSource;
  readonly keys: KeyRing;
  readonly settings: OriginSettings;
  readonly quotas: Quotas;
}

/**
 * A space goes to another owner in one commit: it is stopped with it, so that the join secret of the old start and all
 * that is open ends, and starts anew with the receiver's data when the receiver starts it.
 */
export class Transfer {
  constructor(private readonly ports: TransferPorts) {}

  async writes(
    call: Call,
    offer: OfferRow,
    space: SpaceRow,
  ): Promise<
    Omit<Deed<unknown>, 'audit' | 'answer' | 'replay'> & { readonly details: Readonly<Record<string, unknown>> }
  > {
    const { store, clock, newId, random, keys, quotas } = this.ports;
    assertMay(call, 'space.create', clock.now());
    const receiver = found(await store.get('user', offer.userId), 'user');
    const former = await store.get('user', space.ownerId);
    const template = await this.assertMayHave(receiver, space);
    const name = await this.nameFor(receiver, space);
    const change = {
      ownerId: receiver.id,
      name,
      sharedWith: [],
      portShares: [],
      want: 'stopped' as const,
      extendedUntil: 0,
      servicePassword: keys.sealText(randomText(SERVICE_PASSWORD_LENGTH, random), passwordContext(space.id)),
    };
    const place = await quotas.reserve(receiver, { ...space, ...change });
    const wishing = { kind: 'space.transfer', actorId: receiver.id, id: newId(), at: clock.now() };
    const part = wishWrites(space, change, wishing);
    const others = await this.offersOf(space);
    return {
      expect: [
        ...part.expect,
        ...others.flatMap(({ expect }) => expect),
        { kind: 'user', id: receiver.id, version: receiver.version },
        { kind: 'template', id: template.id, version: template.version },
        ...place.expect,
      ],
      unique: [
        release(spaceName(space), space.id),
        claim(spaceName({ ownerId: receiver.id, name }), space.id),
        ...others.flatMap(({ unique }) => unique ?? []),
      ],
      writes: [...part.writes, ...others.flatMap(({ writes }) => writes), ...place.writes],
      log: [...part.log, lostBySome(space.id), ...others.flatMap(({ log }) => log ?? [])],
      taken: `You have a space ${name} already.`,
      details: {
        ...{ name },
        owner: { before: former?.username ?? space.ownerId, after: receiver.username },
        ...(name !== space.name && { formerName: space.name }),
      },
    };
  }

  /** Nobody whom the former owner let in stays, and no other offer of theirs holds. */
  private async offersOf({ id }: SpaceRow) {
    const { rows } = await this.ports.store.page('offer', { where: { spaceId: id }, limit: MOST_OFFERS });
    return rows.map((row) => endOf(row, null));
  }

  private async assertMayHave(receiver: UserRow, space: SpaceRow) {
    const { store, settings } = this.ports;
    const template = found(await store.get('template', space.templateId), 'template');
    assertPlatformAllowed(template.platform, receiver, settings);
    assertTemplateOpen(template, receiver, space.location);
    if (space.snapshotHash === '') return template;
    const numbers = new Set([template.present, space.templateVersion]);
    const ids = [...numbers].map((number) => versionId(template.id, number));
    for (const { volumes } of await store.getMany('templateVersion', ids)) assertVolumesStay(template.name, volumes);
    return template;
  }

  private async nameFor({ id: ownerId }: UserRow, { name }: SpaceRow): Promise<string> {
    for (let count = 0; count <= MOST_NAMES; count += 1) {
      const tried = count === 0 ? name : `${name.slice(0, 60)}-${count}`;
      const { scope, value } = spaceName({ ownerId, name: tried });
      if ((await this.ports.store.holder(scope, value)) === null) return tried;
    }
    throw new KnotError('resource.exists', `You have spaces ${name} to ${name}-${MOST_NAMES}.`, 'Rename one of them.');
  }
}

/** What names volumes by their user would find none under the new one. */
function assertVolumesStay(template: string, volumes: string): void {
  if (!/\$\{\{[^}]*\.user\b/.test(volumes)) return;
  const message = `The volumes of ${template} depend on the user, so that another owner would find them empty.`;
  throw new KnotError('state.refused', message, 'The template has to name its volumes by the space.');
}
