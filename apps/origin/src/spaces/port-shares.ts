import { CLOSED_PORTS, unshareable, type PortShare, type SharedPort } from '@knot/domain';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { SpaceRow, Store } from '@knot/shared/store';
import { assertMay, assertVersion, found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import type { SpaceViews } from './space-views.js';
import type { SpaceDetailDto } from './space.dto.js';
import { spaceLog } from './wish-writes.js';

const MOST = 50;

export interface PortSharesPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly views: SpaceViews;
}

/** With whom owners share web ports of their spaces. */
export class PortShares {
  constructor(private readonly ports: PortSharesPorts) {}

  /** Undefined: as template and location say. */
  async set(call: Call, id: string, port: number, share: PortShare | undefined): Promise<SpaceDetailDto> {
    const { store, deeds, clock, views } = this.ports;
    await deeds.do(doerOf(call), async () => {
      const row = found(await store.get('space', id), 'space');
      assertMay(call, 'space.share-port', clock.now(), row);
      assertVersion(call, row);
      if (share !== undefined && share !== 'owner') await this.assertShareable(row, share);
      const others = row.portShares.filter((one) => one.port !== port);
      const portShares: readonly SharedPort[] = share === undefined ? others : [...others, { port, share }];
      if (portShares.length > MOST) {
        throw new KnotError('input.invalid', `${row.name} has ${MOST} shared ports already.`, 'Unshare one first.');
      }
      const { version, ...rest } = row;
      const before = row.portShares.find((one) => one.port === port)?.share ?? '';
      return {
        expect: [{ kind: 'space', id, version }],
        writes: [{ put: 'space', row: { ...rest, portShares } }],
        log: spaceLog(row.location, id, 'put'),
        audit: {
          ...{ action: 'space.share-port', subjectKind: 'space', subjectId: id, location: row.location },
          details: { name: row.name, port, share: { before, after: share ?? '' } },
        },
        answer: null,
      };
    });
    return views.get(call, id);
  }

  private async assertShareable({ name, location, templateId }: SpaceRow, share: PortShare): Promise<void> {
    const { store } = this.ports;
    const template = await store.get('template', templateId);
    const why = unshareable({ location, platform: template?.platform ?? 'manual' });
    if (why !== null) throw new KnotError('access.denied', why, 'Use a template of another platform.');
    const policy = (await store.get('location', location))?.policy.ports ?? CLOSED_PORTS;
    if (share !== 'public' || policy.public) return;
    const hint = `Share it with users, or ask an administrator for: knot locations policy ${location} --public-ports yes`;
    throw new KnotError('access.denied', `Ports of ${name} cannot be public: ${location} does not allow it.`, hint);
  }
}
