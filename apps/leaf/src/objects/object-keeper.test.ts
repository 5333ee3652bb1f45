import { afterEach, beforeEach, expect, it } from 'vitest';
import { sync } from '@knot/contract';
import type { ShownSpace, SpaceObject, SpaceObjects } from '@knot/drivers';
import { KnotError } from '@knot/shared/errors';
import { LeafRig, toRun } from '../testing/leaf-rig.js';

/** Objects in memory, and people who change them. */
class Board implements SpaceObjects {
  following = false;
  readonly objects = new Map<string, { revision: number; asked: boolean; by: string; space: ShownSpace }>();
  private hint: (space: string | null) => void = () => undefined;

  async watch(hint: (space: string | null) => void, signal: AbortSignal): Promise<void> {
    this.hint = hint;
    this.following = true;
    hint(null);
    const { promise, resolve } = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
  }

  ids(): readonly string[] {
    return [...this.objects.keys()];
  }

  read(id: string): SpaceObject | null {
    const object = this.objects.get(id);
    if (!object) return null;
    return { revision: String(object.revision), running: object.asked, by: object.by, shown: object.space };
  }

  async show(space: ShownSpace): Promise<void> {
    const revision = (this.objects.get(space.id)?.revision ?? 0) + 1;
    this.objects.set(space.id, { revision, asked: space.asked, by: 'knot', space });
  }

  async remove(space: string): Promise<void> {
    this.objects.delete(space);
  }

  /** As `kubectl patch` does. */
  patch(id: string, running: boolean): void {
    this.set(id, running);
    this.hint(id);
  }

  /** The same, and the leaf does not hear of it yet. */
  set(id: string, running: boolean): void {
    const object = this.objects.get(id);
    if (!object) throw new Error(`no object of ${id}`);
    this.objects.set(id, { ...object, revision: object.revision + 1, asked: running, by: 'kubectl-patch' });
  }

  delete(id: string): void {
    this.objects.delete(id);
    this.hint(id);
  }
}

let rig: LeafRig;
let board: Board;
beforeEach(async () => {
  rig = await LeafRig.open({ placementMs: 100, healthMs: 200, stopMs: 100, volumeMs: 50 });
  board = new Board();
});
afterEach(() => rig.close());

const shown = (id = 's1') => board.objects.get(id)?.space;

async function running(): Promise<void> {
  await rig.start('disk', { objects: board });
  rig.origin.wish('s1', toRun('sleep', { id: 's1' }));
  await rig.until('it is shown running', () => shown()?.phase === 'Running');
}

it('shows what a space is, takes away what is gone, and brings back what somebody deletes', async () => {
  await running();
  expect(shown()).toMatchObject({ owner: 'ann', template: 'plain', running: true, asked: true, answer: '' });
  board.delete('s1');
  await rig.until('it is back', () => shown()?.phase === 'Running');
  expect(rig.backend.countRunning('s1')).toBe(1);
  rig.origin.wish('s1', { want: sync.Want.DELETED });
  await rig.until('it is shown as being deleted', () => shown()?.phase === 'Deleting');
  rig.origin.drop(sync.ObjectKind.SPACE, 's1');
  await rig.until('its object is gone', () => shown() === undefined);
  expect(rig.origin.wishes).toEqual([]);
});

it('tells the origin what somebody asks for, once, with what it was said', async () => {
  await running();
  board.patch('s1', false);
  await rig.until('it has stopped', () => shown()?.phase === 'Stopped');
  expect(rig.origin.wishes).toMatchObject([{ spaceId: 's1', want: sync.Want.STOPPED, by: 'kubectl-patch' }]);
  expect(shown()).toMatchObject({ running: false, asked: false });
  board.patch('s1', true);
  await rig.until('it runs again', () => shown()?.phase === 'Running');
  expect(rig.origin.wishes.length).toBe(2);
});

it('puts back what the origin refuses, and says why', async () => {
  await running();
  rig.origin.wishRefusal = new KnotError('quota.exceeded', 'The quota of ann is used up.', 'Stop another space.');
  board.patch('s1', false);
  await rig.until('it is put back', () => shown()?.answer !== '' && board.objects.get('s1')?.asked === true);
  expect(shown()?.answer).toBe('Refused: The quota of ann is used up. Stop another space.');
  await rig.pass(20_000);
  expect(rig.origin.wishes.length).toBe(1);
  rig.origin.wishRefusal = null;
  board.patch('s1', false);
  await rig.until('it has stopped', () => shown()?.phase === 'Stopped');
  expect(shown()?.answer).toBe('');
});

it('keeps a wish while the origin is away, and gives it up where something else was wished since', async () => {
  await running();
  rig.origin.wishRefusal = new KnotError('server.unavailable', 'The origin does not answer.');
  board.patch('s1', false);
  await rig.until('it says so', () => shown()?.answer === 'Not taken yet: The origin does not answer.');
  expect(board.objects.get('s1')?.asked).toBe(false);
  rig.origin.wishRefusal = null;
  await rig.until('it has stopped', () => shown()?.phase === 'Stopped', 120_000);
  // people at the origin and at the cluster in the same moment: the origin's word counts
  const sent = rig.origin.wishes.length;
  rig.origin.wish('s1', { want: sync.Want.STOPPED, name: 'renamed' });
  await rig.until('it knows', () => shown()?.name === 'renamed');
  board.set('s1', true);
  rig.origin.wish('s1', { want: sync.Want.STOPPED, name: 'renamed again' });
  await rig.until(
    'it is put back',
    () => board.objects.get('s1')?.asked === false && shown()?.name === 'renamed again',
  );
  expect(rig.origin.wishes.length).toBe(sent);
});
