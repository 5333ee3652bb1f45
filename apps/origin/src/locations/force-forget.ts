import { create, toJsonString } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import type { KeyRing } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { Kind, NewRow, SpaceRow, Store, Write } from '@knot/shared/store';
import { assertConfirmed, found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import { release, spaceName, volumeName } from '../deeds/unique-name.js';
import type { Call } from '../http/call.js';
import type { SnapshotVault } from '../spaces/snapshot-vault.js';
import { spaceLog } from '../spaces/wish-writes.js';
import { orphanId } from '../sync/orphan-list.js';
import { wireSnapshot, wireSpace } from '../sync/to-wire.js';
import type { LocationStates } from './location-states.js';
import type { ForgottenDto } from './location.dto.js';
import { orphanContext } from './orphans.js';

/** Spaces moved, or volumes and credentials dropped, by one commit. */
const AT_ONCE = 100;

export interface ForceForgetPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: { now(): number };
  readonly keys: KeyRing;
  readonly vault: SnapshotVault;
  readonly states: LocationStates;
}

/** Gives up a location whose leaf will not come back. What it ran is listed as orphans: nothing at a backend is touched. */
export class ForceForget {
  constructor(private readonly ports: ForceForgetPorts) {}

  async forget(call: Call, name: string, confirm: string): Promise<ForgottenDto> {
    found(await this.ports.store.get('location', name), 'location');
    assertConfirmed(
      confirm,
      name,
      `This gives up the location ${name}: its spaces become orphans, its volumes are forgotten.`,
    );
    await this.assertDead(name);
    let spaces = 0;
    for (;;) {
      const moved = await this.moveSome(call, name);
      spaces += moved.orphans;
      if (moved.rows === 0) break;
    }
    while (!(await this.dropSome(call, name)));
    return { location: name, spaces };
  }

  private async assertDead(name: string): Promise<void> {
    const state = (await this.ports.states.named([name])).get(name);
    if (!state?.live) return;
    const message = `The leaf of ${name} is heard of: a living location is not forgotten.`;
    throw new KnotError('state.refused', message, 'Stop its leaf and wait half a minute, or revoke it.');
  }

  private async moveSome(call: Call, location: string): Promise<{ rows: number; orphans: number }> {
    const { store, deeds } = this.ports;
    return deeds.do({ ...doerOf(call), idempotency: null }, async () => {
      await this.assertDead(location);
      const lease = await store.get('lease', location);
      const { rows } = await store.page('space', { where: { location }, limit: AT_ONCE });
      const orphans = (await Promise.all(rows.map((row) => this.orphanOf(row)))).flatMap((row) => row ?? []);
      const spaces = rows.map(({ id }) => id);
      return {
        expect: [
          { kind: 'lease', id: location, version: lease?.version ?? 0 },
          ...rows.map(({ id, version }) => ({ kind: 'space' as const, id, version })),
        ],
        unique: rows.map((space) => release(spaceName(space), space.id)),
        writes: [
          ...rows.flatMap(({ id }): Write[] => [
            { delete: 'space', id },
            { delete: 'spaceObserved', id },
          ]),
          ...orphans.map((row): Write => ({ put: 'orphan', row })),
        ],
        log: rows.flatMap(({ id }) => spaceLog(location, id, 'delete')),
        audit: {
          action: 'location.forget',
          subjectKind: 'location',
          subjectId: location,
          location,
          details: { spaces },
        },
        answer: { rows: rows.length, orphans: orphans.length },
      };
    });
  }

  /** Null for a space that was never started: nothing of it exists anywhere. */
  private async orphanOf(row: SpaceRow): Promise<NewRow<'orphan'> | null> {
    const { store, vault, keys, clock } = this.ports;
    const sealed = row.snapshotHash === '' ? null : await store.get('snapshot', row.snapshotHash);
    if (!sealed) return null;
    const snapshot = vault.open(sealed);
    const owner = await store.get('user', row.ownerId);
    const ownerName = owner?.username ?? '';
    const wire = wireSpace(row, ownerName, [], wireSnapshot(snapshot), null).object;
    const id = orphanId(row.location, row.id);
    const json = wire?.case === 'space' ? toJsonString(sync.SpaceSchema, create(sync.SpaceSchema, wire.value)) : '';
    return {
      id,
      spaceId: row.id,
      location: row.location,
      platform: snapshot.platform,
      ownerName,
      name: row.name,
      createdAt: row.createdAt,
      seenAt: clock.now(),
      lastKnown: json === '' ? '' : keys.sealText(json, orphanContext(id)),
    };
  }

  /** Volumes and credentials, and with the last of them the location: true once that is gone. */
  private async dropSome(call: Call, name: string): Promise<boolean> {
    const { store, deeds } = this.ports;
    return deeds.do({ ...doerOf(call), idempotency: null }, async () => {
      const row = found(await store.get('location', name), 'location');
      await this.assertDead(name);
      const lease = await store.get('lease', name);
      const [credentials, volumes] = await Promise.all([
        store.page('leafCredential', { where: { location: name }, limit: AT_ONCE }),
        store.page('volume', { where: { location: name }, limit: AT_ONCE }),
      ]);
      const drop = (kind: Kind, ids: readonly string[]): Write[] => ids.map((id) => ({ delete: kind, id }));
      const last = credentials.next === null && volumes.next === null;
      const volumeIds = volumes.rows.map(({ id }) => id);
      return {
        expect: [
          { kind: 'location', id: name, version: row.version },
          { kind: 'lease', id: name, version: lease?.version ?? 0 },
        ],
        unique: volumes.rows.map((volume) => release(volumeName(volume), volume.id)),
        writes: [
          ...(last ? [...drop('location', [name]), ...drop('lease', [name]), ...drop('locationStatus', [name])] : []),
          ...drop(
            'leafCredential',
            credentials.rows.map(({ id }) => id),
          ),
          ...drop('volume', volumeIds),
          ...drop('volumeObserved', volumeIds),
        ],
        log: last ? [{ stream: 'events', kind: 'location', id: name, op: 'delete' }] : [],
        audit: {
          ...{ action: 'location.forget', subjectKind: 'location', subjectId: name, location: name },
          details: { volumes: volumes.rows.map((volume) => volume.name) },
        },
        answer: last,
      };
    });
  }
}
