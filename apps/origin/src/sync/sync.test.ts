import { create } from '@bufbuild/protobuf';
import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sync } from '@knot/contract';
import { call, FORMER_TOKEN, spaceRow, TOKEN, SyncRig } from '../testing/sync-rig.js';

let rig: SyncRig;

beforeEach(async () => (rig = await SyncRig.open()));
afterEach(() => rig.close());

describe('enrolment', () => {
  it('lets a leaf in by the shared token where no space is yet, and not by another', async () => {
    expect(await rig.enroll('lon')).toMatch(/^knl_/);
    await expect(rig.enroll('ams', randomUUID(), 'wrong')).rejects.toMatchObject({ code: 'auth.failed' });
  });

  it('lets leaves in by either of two shared tokens, while they are changed', async () => {
    for (const token of [FORMER_TOKEN, TOKEN]) {
      expect(await rig.enroll(`by-${token}`, randomUUID(), token)).toMatch(/^knl_/);
    }
  });

  it('makes a new instance of a location with spaces wait for an administrator, and keeps the known one', async () => {
    const first = randomUUID();
    await rig.enroll('lon', first);
    await rig.putSpace(spaceRow('lon'));
    const second = randomUUID();
    await expect(rig.enroll('lon', second)).rejects.toMatchObject({ code: 'location.enrol_refused' });
    expect(await rig.enroll('lon', first)).toMatch(/^knl_/);
    const row = await rig.store.get('location', 'lon');
    expect(row?.instances.map(({ id, state }) => [id, state])).toEqual([
      [second, 'waiting'],
      [first, 'let-in'],
    ]);
  });

  it("never lets a leaf in for the origin's own location", async () => {
    await rig.origin.ownLocation('home', randomUUID());
    await expect(rig.enroll('home')).rejects.toMatchObject({ code: 'location.enrol_refused' });
  });

  it('asks each call for a credential', async () => {
    await expect(rig.renew('', 'h')).rejects.toMatchObject({ code: 'auth.failed' });
    await expect(rig.renew('knl_nonsense', 'h')).rejects.toMatchObject({ code: 'auth.failed' });
  });
});

describe('lease', () => {
  it('refuses a second leaf of the same location while the first renews', async () => {
    const [a, b] = [await rig.enroll('lon'), await rig.enroll('lon')];
    expect(await rig.renew(a, 'a')).toMatchObject({ held: true, term: 1n });
    const refused = await rig.renew(b, 'b');
    expect(refused).toMatchObject({ held: false, holder: 'a' });
    expect(refused.message).toContain('DuplicateLocation');
    expect(await rig.renew(a, 'a', 1n)).toMatchObject({ held: true, term: 1n });
  });

  it('hands out no term below one that the leaf has seen, as after a restore of the origin', async () => {
    const credential = await rig.enroll('lon');
    expect(await rig.renew(credential, 'a', 0n, 41n)).toMatchObject({ held: true, term: 42n });
  });

  it('is for nobody after a restore until those of before have run out', async () => {
    const credential = await rig.enroll('lon');
    const row = { id: 'lon', holder: '', instance: '', term: 1_000_003, renewedAt: await rig.store.now() };
    await rig.store.commit({ expect: [], writes: [{ put: 'lease', row }] });
    const refused = await rig.renew(credential, 'a', 3n);
    expect(refused).toMatchObject({ held: false, holder: '' });
    expect(refused.message).toMatch(/^Nobody acts for lon for up to 3\d s: /);
    const past = { ...row, renewedAt: row.renewedAt - 36_000 };
    await rig.store.commit({
      expect: [{ kind: 'lease', id: 'lon', version: 1 }],
      writes: [{ put: 'lease', row: past }],
    });
    expect(await rig.renew(credential, 'a', 3n)).toMatchObject({ held: true, term: 1_000_004n });
  });

  it('is waited for once more, and not for an hour, when the clock of the store was put back by one', async () => {
    const credential = await rig.enroll('lon');
    const now = await rig.store.now();
    const row = { id: 'lon', holder: 'a', instance: 'gone', term: 3, renewedAt: now + 3_600_000 };
    await rig.store.commit({ expect: [], writes: [{ put: 'lease', row }] });
    expect(await rig.renew(credential, 'b')).toMatchObject({ held: false, holder: 'a' });
    const counted = await rig.store.get('lease', 'lon');
    expect(counted).toMatchObject({ holder: 'a', instance: 'gone', term: 3 });
    expect(counted?.renewedAt).toBeGreaterThanOrEqual(now);
    expect(counted?.renewedAt).toBeLessThan(now + 120_000);
    expect(await rig.renew(credential, 'b')).toMatchObject({ held: false });
    expect(await rig.store.get('lease', 'lon')).toEqual(counted);
  });

  it('gives nothing to a renewal that its own release has overtaken', async () => {
    const credential = await rig.enroll('lon');
    await rig.renew(credential, 'a');
    const release = create(sync.RenewLeaseRequestSchema, { holder: 'a', term: 1n, release: true });
    await rig.client.unary(sync.Sync.method.renewLease, release, call(credential));
    expect(await rig.renew(credential, 'a', 1n)).toMatchObject({ held: false });
    expect(await rig.store.get('lease', 'lon')).toMatchObject({ term: 1, renewedAt: 0 });
  });

  it('raises the term for a new process of the same disk, and refuses reports of the old one', async () => {
    const credential = await rig.enroll('lon', randomUUID());
    await rig.renew(credential, 'before');
    expect(await rig.renew(credential, 'after')).toMatchObject({ held: true, term: 2n });
    const row = spaceRow('lon', { want: 'running' });
    await rig.putSpace(row);
    await expect(rig.report(credential, 1n, { id: row.id })).rejects.toMatchObject({ code: 'lease.lost' });
    expect(await rig.store.get('spaceObserved', row.id)).toBeNull();
  });
});

describe('list and watch', () => {
  it('pages through all of a location and goes on from where the listing began', async () => {
    const credential = await rig.enroll('lon');
    const rows = Array.from({ length: 25 }, () => spaceRow('lon'));
    for (const row of rows) await rig.putSpace(row);
    await rig.putSpace(spaceRow('ams'));
    const seen: string[] = [];
    let token = '';
    let from: sync.Position | undefined;
    do {
      const page = await rig.client.unary(
        sync.Sync.method.list,
        create(sync.ListRequestSchema, { pageToken: token, limit: 10 }),
        call(credential),
      );
      for (const { object } of page.objects) if (object.case === 'space') seen.push(object.value.id);
      token = page.nextPageToken;
      from = page.position;
    } while (token !== '');
    expect(new Set(seen)).toEqual(new Set(rows.map(({ id }) => id)));

    const changed = rows[3];
    if (!changed) throw new Error('no row');
    await rig.putSpace({ ...changed, generation: 2, want: 'running' }, 1);
    const stop = new AbortController();
    const watch = rig.client.stream(sync.Sync.method.watch, create(sync.WatchRequestSchema, { from }), {
      signal: stop.signal,
      credential,
    });
    for await (const { event } of watch) {
      if (event.case !== 'changes') continue;
      const objects = event.value.upserts.map(({ object }) => object.value);
      expect(objects).toMatchObject([{ id: changed.id, generation: 2n, want: sync.Want.RUNNING }]);
      break;
    }
    stop.abort();
  });

  it('asks a reader of another epoch or of a future revision to list again', async () => {
    const credential = await rig.enroll('lon');
    const from = { epoch: 'another', rev: 1n, nonce: 'n' };
    const watch = rig.client.stream(sync.Sync.method.watch, create(sync.WatchRequestSchema, { from }), {
      signal: AbortSignal.timeout(10_000),
      credential,
    });
    await expect(watch.next()).rejects.toMatchObject({ code: 'sync.relist' });
  });

  it('sends what is too much for one message in several, by List and by Watch', async () => {
    const credential = await rig.enroll('lon');
    const definition = 'é'.repeat(400_000);
    const start = await rig.store.head('location:lon');
    const ids = Array.from({ length: 9 }, () => rig.newId());
    for (const id of ids) await rig.putVolume(id, definition);
    const listed: string[] = [];
    let pageToken = '';
    do {
      const request = create(sync.ListRequestSchema, { pageToken });
      const page = await rig.client.unary(sync.Sync.method.list, request, call(credential));
      for (const { object } of page.objects) if (object.case === 'volume') listed.push(object.value.id);
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(listed).toEqual([...ids].sort());

    const from = { epoch: start.epoch, rev: BigInt(start.rev), nonce: start.nonce };
    const watch = rig.client.stream(
      sync.Sync.method.watch,
      create(sync.WatchRequestSchema, { from }),
      call(credential),
    );
    const seen: string[] = [];
    for await (const { event } of watch) {
      if (event.case !== 'changes') continue;
      for (const { object } of event.value.upserts) if (object.case === 'volume') seen.push(object.value.id);
      if (seen.length === ids.length) break;
    }
    expect(seen.sort()).toEqual([...ids].sort());
  });

  it('cuts the stream of an instance that is revoked', async () => {
    const instance = randomUUID();
    const credential = await rig.enroll('lon', instance);
    const { epoch, rev, nonce } = await rig.store.head('location:lon');
    const from = { epoch, rev: BigInt(rev), nonce };
    const watch = rig.client.stream(sync.Sync.method.watch, create(sync.WatchRequestSchema, { from }), {
      signal: AbortSignal.timeout(10_000),
      credential,
    });
    expect((await watch.next()).value?.event.case).toBe('bookmark');
    const [row] = await rig.origin.credentials.ofLocation('lon');
    if (!row) throw new Error('no credential');
    await rig.store.commit({
      expect: [{ kind: 'leafCredential', id: row.id, version: row.version }],
      writes: [{ put: 'leafCredential', row: { ...row, revokedAt: Date.now() } }],
    });
    rig.origin.credentials.announceRevocation({ location: 'lon', instance });
    await expect(watch.next()).rejects.toMatchObject({ code: 'auth.failed' });
  });
});
