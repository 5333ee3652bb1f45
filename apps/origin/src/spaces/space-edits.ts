import { checkPlacement, choosePlacement, isForLocation, maySeeTemplate } from '@knot/domain';
import { randomText, type Clock, type KeyRing, type RandomSource } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { NewRow, Store, TemplateRow, UserRow } from '@knot/shared/store';
import { assertMay, assertVersion, found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import { claim, move, spaceName } from '../deeds/unique-name.js';
import type { Call } from '../http/call.js';
import { placementOf, type LocationStates } from '../locations/location-states.js';
import type { OriginSettings } from '../origin-settings.js';
import type { Quotas } from '../users/quotas.js';
import { SERVICE_PASSWORD_LENGTH, passwordContext } from './freeze.js';
import { assertPlatformAllowed, assertTemplateOpen } from './platform-allowed.js';
import type { SpaceViews } from './space-views.js';
import type { SpaceChangeDto, SpaceCreateDto, SpaceDetailDto } from './space.dto.js';
import { spaceLog } from './wish-writes.js';

export interface SpaceEditsPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly random: RandomSource;
  readonly keys: KeyRing;
  readonly locations: LocationStates;
  readonly views: SpaceViews;
  readonly settings: OriginSettings;
  readonly quotas: Quotas;
}

/** What of a space changes without a leaf having to act. */
export class SpaceEdits {
  constructor(private readonly ports: SpaceEditsPorts) {}

  async create(call: Call, body: SpaceCreateDto): Promise<SpaceDetailDto> {
    const { store, deeds, settings, newId } = this.ports;
    if (settings.disableSpaceCreate) {
      throw new KnotError(
        'access.denied',
        'New spaces are switched off here.',
        'server.disable_space_create in knot.yaml says so.',
      );
    }
    const { id } = await deeds.do(doerOf(call), async () => {
      const owner = found(await store.get('user', call.actor.id), 'user');
      const template = found(await store.get('template', body.templateId), 'template');
      assertPlatformAllowed(template.platform, owner, settings);
      if (!maySeeTemplate(call.actor, template)) found(null, 'template');
      const location = await this.place(template, body.location);
      assertTemplateOpen(template, owner, location);
      const row = this.row(newId(), owner, template, location, body);
      const place = await this.ports.quotas.reserve(owner, row);
      const { name } = row;
      return {
        // a template deleted, a user deactivated meanwhile: decide again
        expect: [
          { kind: 'template', id: template.id, version: template.version },
          { kind: 'space', id: row.id, version: 0 },
          ...place.expect,
        ],
        unique: [claim(spaceName(row), row.id)],
        writes: [{ put: 'space', row }, ...place.writes],
        log: spaceLog(location, row.id, 'put'),
        audit: { action: 'space.create', subjectKind: 'space', subjectId: row.id, location, details: { name } },
        answer: { id: row.id },
        taken: `You have a space ${name} already.`,
      };
    });
    return this.views(id);
  }

  async change(call: Call, id: string, body: SpaceChangeDto): Promise<SpaceDetailDto> {
    const { store, deeds, clock } = this.ports;
    await deeds.do(doerOf(call), async () => {
      const row = found(await store.get('space', id), 'space');
      assertMay(call, 'space.change', clock.now(), row);
      assertVersion(call, row);
      const { version, ...rest } = row;
      const { name = row.name, description = row.description, shell = row.shell } = body;
      const next = { ...rest, name, description, shell };
      const toLeaf = name !== row.name || shell !== row.shell;
      return {
        expect: [{ kind: 'space', id, version }],
        unique: move(spaceName(row), spaceName(next), id),
        writes: [{ put: 'space', row: next }],
        // no new generation: nothing starts anew for it; a leaf needs to know how apps are called, and the shell
        log: toLeaf ? spaceLog(row.location, id, 'put') : [{ stream: 'events', kind: 'space', id, op: 'put' }],
        audit: {
          action: 'space.change',
          subjectKind: 'space',
          subjectId: id,
          location: row.location,
          details: { name: next.name },
        },
        answer: null,
        taken: `There is a space ${next.name} of this owner already.`,
      };
    });
    return this.views(id);
  }

  private async views(id: string): Promise<SpaceDetailDto> {
    return this.ports.views.detail(found(await this.ports.store.get('space', id), 'space'));
  }

  private async place(template: TemplateRow, wished: string | undefined): Promise<string> {
    const { platform } = template;
    const every = (await this.ports.locations.all()).map(placementOf);
    // the caller refuses a wished location that the template is not for
    const all = wished === undefined ? every.filter(({ name }) => isForLocation(template, name)) : every;
    if (wished !== undefined && all.some(({ name }) => name === wished)) return wished;
    const placement =
      wished === undefined
        ? choosePlacement(platform, this.ports.settings.location, all)
        : checkPlacement(platform, wished, all);
    if (placement.ok) return placement.location;
    throw new KnotError('location.unavailable', placement.message, placement.hint);
  }

  private row(
    id: string,
    owner: UserRow,
    template: TemplateRow,
    location: string,
    body: SpaceCreateDto,
  ): NewRow<'space'> {
    const { keys, random, clock } = this.ports;
    const now = clock.now();
    return {
      id,
      name: body.name,
      description: body.description ?? '',
      ownerId: owner.id,
      sharedWith: [],
      portShares: [],
      shell: body.shell ?? '',
      templatePorts: [],
      location,
      templateId: template.id,
      templateVersion: 0,
      want: 'stopped',
      generation: 1,
      restarts: 0,
      snapshotHash: '',
      computeUnits: 0,
      storageUnits: 0,
      schedule: null,
      extendedUntil: 0,
      servicePassword: keys.sealText(randomText(SERVICE_PASSWORD_LENGTH, random), passwordContext(id)),
      wishedBy: '',
      wishedAt: now,
      deletionRequestedAt: 0,
      createdAt: now,
    };
  }
}
