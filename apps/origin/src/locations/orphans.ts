import { randomText, type KeyRing, type RandomSource } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { Commit, NewRow, OrphanRow, Store, UserRow } from '@knot/shared/store';
import { assertConfirmed, found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import { claim, spaceName, userName } from '../deeds/unique-name.js';
import type { Call } from '../http/call.js';
import { operationDto } from '../operations/operation-dto.js';
import type { OperationDto } from '../operations/operation.dto.js';
import { passwordContext } from '../spaces/freeze.js';
import type { SnapshotVault } from '../spaces/snapshot-vault.js';
import type { SpaceViews } from '../spaces/space-views.js';
import type { SpaceDetailDto } from '../spaces/space.dto.js';
import { operationRow, spaceLog } from '../spaces/wish-writes.js';
import { orphanId } from '../sync/orphan-list.js';
import { orphanDto } from './location-dtos.js';
import type { OrphanAdoptDto, OrphanListDto } from './location.dto.js';
import { parseLastKnown, type LastKnown } from './parse-last-known.js';

const PASSWORD_LENGTH = 24;
const MOST = 500;

export interface OrphansPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: { now(): number };
  readonly newId: () => string;
  readonly random: RandomSource;
  readonly keys: KeyRing;
  readonly vault: SnapshotVault;
  readonly views: SpaceViews;
}

/** What the sealed last-known state of an orphan is sealed for. */
export function orphanContext(id: string): string {
  return `orphan:${id}`;
}

/** Marked objects without a row: a person makes each a space again or has it removed. */
export class Orphans {
  constructor(private readonly ports: OrphansPorts) {}

  async list(location: string): Promise<OrphanListDto> {
    const { rows } = await this.ports.store.page('orphan', { where: { location }, limit: MOST });
    return { items: rows.map(orphanDto), next: null };
  }

  async adopt(call: Call, location: string, spaceId: string, body: OrphanAdoptDto): Promise<SpaceDetailDto> {
    const { store, deeds, vault, clock, newId } = this.ports;
    await deeds.do(doerOf(call), async () => {
      const { orphan, known } = await this.read(location, spaceId);
      if (!known?.snapshot) {
        const hint = 'It can be removed; its volumes go with it.';
        throw new KnotError('state.refused', 'Nobody knows any more what this orphan was made from.', hint);
      }
      const owner = await this.ownerOf(body.owner ?? (known.ownerUsername || orphan.ownerName));
      const name = body.name ?? (known.name || orphan.name);
      const at = clock.now();
      const { hash: _, ...content } = known.snapshot;
      const { snapshot, row: sealed } = vault.seal(content, spaceId, at);
      const password = known.snapshot.data.user.service_password;
      const template = await store.get('template', snapshot.template.id);
      const row: NewRow<'space'> = {
        ...this.bare(orphan, call, at, password),
        name,
        ownerId: owner.id,
        templateId: snapshot.template.id,
        templateVersion: snapshot.template.version,
        want: known.want,
        generation: known.generation + 1,
        restarts: known.restarts,
        snapshotHash: snapshot.hash,
        computeUnits: template?.computeUnits ?? 0,
        storageUnits: template?.storageUnits ?? 0,
      };
      const kind = known.want === 'running' ? 'space.start' : 'space.stop';
      const operation = operationRow(spaceId, row.generation, { kind, actorId: call.actor.id, id: newId(), at });
      return {
        expect: [
          { kind: 'orphan', id: orphan.id, version: orphan.version },
          { kind: 'space', id: spaceId, version: 0 },
          { kind: 'user', id: owner.id, version: owner.version },
        ],
        unique: [claim(spaceName({ ownerId: owner.id, name }), spaceId)],
        writes: [
          { put: 'space', row },
          { put: 'snapshot', row: sealed },
          { put: 'operation', row: operation },
          { delete: 'orphan', id: orphan.id },
        ],
        log: logOf(location, spaceId),
        audit: {
          action: 'orphan.adopt',
          subjectKind: 'space',
          subjectId: spaceId,
          location,
          details: { name, owner: owner.username },
        },
        answer: null,
        taken: `${owner.username} has a space ${name} already.`,
      };
    });
    return this.ports.views.detail(found(await store.get('space', spaceId), 'space'));
  }

  async remove(call: Call, location: string, spaceId: string, confirm: string): Promise<OperationDto> {
    const { deeds, clock, newId } = this.ports;
    return deeds.do(doerOf(call), async () => {
      const { orphan, known } = await this.read(location, spaceId);
      const name = orphan.name === '' ? spaceId : orphan.name;
      assertConfirmed(confirm, name, `This removes the orphan ${name} of ${location} with its volumes.`);
      const at = clock.now();
      const generation = (known?.generation ?? 0) + 1;
      // No claim on the name: the row lives only until its leaf has removed what is there.
      const row: NewRow<'space'> = {
        ...this.bare(orphan, call, at, ''),
        want: 'deleted',
        generation,
        deletionRequestedAt: at,
      };
      const operation = operationRow(spaceId, generation, {
        kind: 'orphan.remove',
        actorId: call.actor.id,
        id: newId(),
        at,
      });
      return {
        expect: [
          { kind: 'orphan', id: orphan.id, version: orphan.version },
          { kind: 'space', id: spaceId, version: 0 },
        ],
        writes: [
          { put: 'space', row },
          { put: 'operation', row: operation },
          { delete: 'orphan', id: orphan.id },
        ],
        log: logOf(location, spaceId),
        audit: { action: 'orphan.remove', subjectKind: 'space', subjectId: spaceId, location, details: { name } },
        answer: operationDto(operation, 'deleted', { desired: row, observed: null }),
      };
    });
  }

  private async read(location: string, spaceId: string): Promise<{ orphan: OrphanRow; known: LastKnown | null }> {
    const { store, keys } = this.ports;
    found(await store.get('location', location), 'location');
    const orphan = found(await store.get('orphan', orphanId(location, spaceId)), 'orphan at this location');
    const sealed = orphan.lastKnown;
    return { orphan, known: sealed === '' ? null : parseLastKnown(keys.openText(sealed, orphanContext(orphan.id))) };
  }

  private async ownerOf(username: string): Promise<UserRow> {
    const { store } = this.ports;
    const { scope, value } = userName({ username });
    const id = await store.holder(scope, value);
    const user = id === null ? null : await store.get('user', id);
    if (user) return user;
    const message = username === '' ? 'Its owner is not known.' : `There is no user ${username}.`;
    throw new KnotError('input.invalid', message, 'Name another owner.', { fields: { owner: message } });
  }

  private bare(orphan: OrphanRow, call: Call, at: number, password: string): NewRow<'space'> {
    const { keys, random } = this.ports;
    const secret = password === '' ? randomText(PASSWORD_LENGTH, random) : password;
    const id = orphan.spaceId;
    return {
      id,
      name: orphan.name === '' ? id : orphan.name,
      description: '',
      ownerId: call.actor.id,
      sharedWith: [],
      portShares: [],
      shell: '',
      templatePorts: [],
      location: orphan.location,
      templateId: '',
      templateVersion: 0,
      want: 'stopped',
      generation: 1,
      restarts: 0,
      snapshotHash: '',
      computeUnits: 0,
      storageUnits: 0,
      schedule: null,
      extendedUntil: 0,
      servicePassword: keys.sealText(secret, passwordContext(id)),
      wishedBy: call.actor.id,
      wishedAt: at,
      deletionRequestedAt: 0,
      createdAt: orphan.createdAt === 0 ? at : orphan.createdAt,
    };
  }
}

function logOf(location: string, spaceId: string): NonNullable<Commit['log']> {
  return [...spaceLog(location, spaceId, 'put'), { stream: 'events', kind: 'orphan', id: location, op: 'put' }];
}
