import { create } from '@bufbuild/protobuf';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sync } from '@knot/contract';
import { spaceName } from '../deeds/unique-name.js';
import { NEW_USER } from '../users/new-user.js';
import { call, spaceRow, SyncRig } from '../testing/sync-rig.js';

let rig: SyncRig;

beforeEach(async () => (rig = await SyncRig.open()));
afterEach(() => rig.close());

describe('a report', () => {
  it('stores what is reported, never beyond the generation and never backwards', async () => {
    const credential = await rig.enroll('lon');
    await rig.renew(credential, 'h');
    const row = spaceRow('lon', { want: 'running', generation: 3 });
    await rig.putSpace(row);
    expect(await rig.report(credential, 1n, { id: row.id, observedGeneration: 3n })).toMatchObject({
      persistedSequence: 7n,
    });
    await rig.report(credential, 1n, { id: row.id, observedGeneration: 2n, workload: 'absent' });
    await rig.report(credential, 1n, { id: row.id, observedGeneration: 4n, workload: 'absent' });
    expect(await rig.store.get('spaceObserved', row.id)).toMatchObject({
      observedGeneration: 3,
      observed: { workload: 'healthy' },
    });
  });

  it('keeps what was reported last when an older report comes late, in the same term and generation', async () => {
    const credential = await rig.enroll('lon');
    await rig.renew(credential, 'h');
    const row = spaceRow('lon', { want: 'running' });
    await rig.putSpace(row);
    await rig.report(credential, 1n, { id: row.id, sequence: 8n });
    await rig.report(credential, 1n, { id: row.id, sequence: 10n });
    expect(await rig.report(credential, 1n, { id: row.id, sequence: 9n, workload: 'starting' })).toMatchObject({
      persistedSequence: 9n,
    });
    expect(await rig.store.get('spaceObserved', row.id)).toMatchObject({
      sequence: 10,
      observed: { workload: 'healthy' },
    });
  });

  it('begins anew to count with a new term, as of a leaf that has lost its disk', async () => {
    const credential = await rig.enroll('lon', randomUUID());
    await rig.renew(credential, 'before');
    const row = spaceRow('lon', { want: 'running' });
    await rig.putSpace(row);
    await rig.report(credential, 1n, { id: row.id, sequence: 80n });
    await rig.renew(credential, 'after');
    await rig.report(credential, 2n, { id: row.id, sequence: 1n, workload: 'starting' });
    expect(await rig.store.get('spaceObserved', row.id)).toMatchObject({
      sequence: 1,
      observed: { workload: 'starting' },
    });
  });

  it('keeps the latest of a volume and of the location itself', async () => {
    const credential = await rig.enroll('lon');
    await rig.renew(credential, 'h');
    const id = rig.newId();
    await rig.putVolume(id, 'name = "x"');
    const say = (sequence: bigint, state: string, orphans: readonly string[]) =>
      rig.client.unary(
        sync.Sync.method.reportStatus,
        create(sync.ReportStatusRequestSchema, {
          term: 1n,
          volumes: [{ id, sequence, observedGeneration: 1n, state }],
          location: {
            sequence,
            queueDepth: Number(sequence),
            orphansListed: true,
            orphans: orphans.map((spaceId) => ({ spaceId, platform: 'nomad' })),
          },
        }),
        call(credential),
      );
    await say(2n, 'ready', []);
    await say(1n, 'missing', [rig.newId()]);
    expect(await rig.store.get('volumeObserved', id)).toMatchObject({ state: 'ready', sequence: 2 });
    expect(await rig.store.get('locationStatus', 'lon')).toMatchObject({ queueDepth: 2, sequence: 2 });
    expect((await rig.store.page('orphan', { where: { location: 'lon' }, limit: 5 })).rows).toEqual([]);
  });

  it('takes every word of a leaf that does not count what it says of itself', async () => {
    const credential = await rig.enroll('lon');
    await rig.renew(credential, 'h');
    for (const queueDepth of [7, 3]) {
      const request = create(sync.ReportStatusRequestSchema, { term: 1n, location: { queueDepth } });
      await rig.client.unary(sync.Sync.method.reportStatus, request, call(credential));
    }
    expect(await rig.store.get('locationStatus', 'lon')).toMatchObject({ queueDepth: 3 });
  });

  it('stores a repeated report once', async () => {
    const credential = await rig.enroll('lon');
    await rig.renew(credential, 'h');
    const row = spaceRow('lon', { want: 'running' });
    await rig.putSpace(row);
    await rig.report(credential, 1n, { id: row.id });
    const [{ rev }, stored] = [await rig.store.head('events'), await rig.store.get('spaceObserved', row.id)];
    expect(await rig.report(credential, 1n, { id: row.id })).toMatchObject({ persistedSequence: 7n });
    expect(await rig.store.head('events')).toMatchObject({ rev });
    expect(await rig.store.get('spaceObserved', row.id)).toEqual(stored);
  });

  it('drops a deleted space only on its finalized report, and tells the leaf', async () => {
    const credential = await rig.enroll('lon');
    await rig.renew(credential, 'h');
    const kept = spaceRow('lon', { want: 'running' });
    const gone = spaceRow('lon', { want: 'deleted', generation: 2 });
    await rig.putSpace(kept);
    await rig.putSpace(gone);
    await rig.report(credential, 1n, { id: kept.id, finalized: true });
    await rig.report(credential, 1n, { id: gone.id, observedGeneration: 2n });
    expect(await rig.store.get('space', gone.id)).not.toBeNull();
    await rig.report(credential, 1n, { id: gone.id, observedGeneration: 2n, finalized: true });
    expect(await rig.store.get('space', gone.id)).toBeNull();
    expect(await rig.store.get('space', kept.id)).not.toBeNull();
    const { scope, value } = spaceName(gone);
    expect(await rig.store.holder(scope, value)).toBeNull();
  });

  it('takes the row of a user who is being deleted away with the last of the spaces', async () => {
    const credential = await rig.enroll('lon');
    await rig.renew(credential, 'h');
    const named = {
      username: 'bob',
      email: 'bob@example.com',
      passwordHash: '',
      role: 'user',
      timezone: 'UTC',
    } as const;
    const user = { ...NEW_USER, ...named, id: rig.newId(), active: false, deletionRequestedAt: 1, createdAt: 1 };
    await rig.store.commit({ expect: [], writes: [{ put: 'user', row: user }] });
    const spaces = [1, 2].map(() => spaceRow('lon', { want: 'deleted', generation: 2, ownerId: user.id }));
    for (const space of spaces) await rig.putSpace(space);
    for (const { id } of spaces) {
      expect(await rig.store.get('user', user.id)).not.toBeNull();
      await rig.report(credential, 1n, { id, observedGeneration: 2n, finalized: true });
    }
    expect(await rig.store.get('user', user.id)).toBeNull();
  });

  it('never lets a leaf write of another location', async () => {
    const credential = await rig.enroll('lon');
    await rig.renew(credential, 'h');
    const row = spaceRow('ams', { want: 'deleted' });
    await rig.putSpace(row);
    await rig.report(credential, 1n, { id: row.id, finalized: true });
    expect(await rig.store.get('space', row.id)).not.toBeNull();
    expect(await rig.store.get('spaceObserved', row.id)).toBeNull();
  });
});
