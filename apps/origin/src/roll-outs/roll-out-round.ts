import { may, operationOutcome, runningTime, tooManyFailures, type RollOutSpaceState } from '@knot/domain';
import type { Clock } from '@knot/shared';
import { ERROR_CODES, isKnotError } from '@knot/shared/errors';
import type { NewRow, RollOutRow, RollOutSpaceRow, SpaceRow, Store } from '@knot/shared/store';
import { SYSTEM, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import { callInNameOf } from '../identity/proofs.js';
import type { Operations } from '../operations/operations.js';
import type { Fence } from '../origins/leader-lease.js';
import { wantNow } from '../spaces/schedule-rules.js';
import type { SpaceWishes } from '../spaces/space-wishes.js';
import { tally } from './roll-out-views.js';
import { changed } from './roll-out-writes.js';

const PAGE = 200;

export interface RollOutRoundPorts {
  readonly store: Store;
  readonly deeds: Deeds;
  readonly clock: Clock;
  readonly wishes: Pick<SpaceWishes, 'wish'>;
  readonly operations: Pick<Operations, 'latest'>;
}

type StepChange = Partial<Pick<RollOutSpaceRow, 'state' | 'message' | 'hint' | 'operationId' | 'since'>>;

/**
 * One step forward of one roll-out. All it knows is in the store and in the spaces themselves: whoever leads next, after a
 * crash at any point, goes on from there.
 */
export class RollOutRound {
  constructor(private readonly ports: RollOutRoundPorts) {}

  /** Throws `store.conflict` where another origin leads by now, or somebody changed the roll-out in this moment. */
  async run(id: string, fence: Fence): Promise<void> {
    const row = await this.ports.store.get('rollOut', id);
    if (row?.state !== 'going') return;
    const obstacle = await this.obstacle(row);
    if (obstacle) return this.turn(row, fence, obstacle);
    const call = await this.callOf(row);
    if (!call) {
      const reason = `${row.actor}, in whose name it updates, may not do so any more.`;
      return this.turn(row, fence, { state: 'held', reason });
    }
    await this.judge(row, fence);
    if (await this.heldByFailures(row, fence)) return;
    await this.take(row, fence);
    await this.update(row, call, fence);
    await this.advance(row, fence);
  }

  /** What ends it, whatever its spaces do. */
  private async obstacle(row: RollOutRow): Promise<Partial<NewRow<'rollOut'>> | null> {
    const template = await this.ports.store.get('template', row.templateId);
    if (!template) return { state: 'ended', reason: 'Its template was deleted.' };
    if (template.present === row.number) return null;
    const reason = `Version ${template.present} was saved meanwhile, and spaces only ever take the present one.`;
    return { state: 'ended', reason };
  }

  /** With the permissions of now: a roll-out goes no further than who began it. */
  private async callOf({ actorId, address }: RollOutRow): Promise<Call | null> {
    const call = await callInNameOf(this.ports.store, actorId, address);
    return call && may(call.actor, 'template.roll-out', this.ports.clock.now()).granted ? call : null;
  }

  /** Looks how far those are that were updated. */
  private async judge(row: RollOutRow, fence: Fence): Promise<void> {
    const steps = (await this.steps(row, 'updating')).filter(({ operationId }) => operationId !== '');
    const judged = await Promise.all(steps.map(async (step) => ({ step, change: await this.outcome(row, step) })));
    await this.write(row, fence, judged);
  }

  private async outcome(row: RollOutRow, { spaceId, operationId, since }: RollOutSpaceRow): Promise<StepChange | null> {
    const { store, clock, operations } = this.ports;
    const [space, observed, operation] = await Promise.all([
      store.get('space', spaceId),
      store.get('spaceObserved', spaceId),
      store.get('operation', operationId),
    ]);
    if (!space || space.want === 'deleted') return { state: 'skipped', message: 'It was deleted meanwhile.' };
    const generation = operation?.generation ?? 0;
    const desired = { generation: space.generation, want: space.want };
    const { state, message } = operationOutcome({
      ...{ generation, want: 'running', desired, observed: observed?.observed ?? null },
    });
    switch (state) {
      case 'succeeded':
        return { state: 'done', message: '' };
      case 'failed':
        return { state: 'failed', message };
      case 'superseded': {
        const now = wantNow(space, clock.now());
        if (now !== 'running') return { state: 'skipped', message: 'It was stopped meanwhile.' };
        if (space.templateVersion !== row.number) return { state: 'skipped', message: 'It was changed meanwhile.' };
        const latest = await operations.latest(spaceId);
        return latest && latest.id !== operationId ? { operationId: latest.id } : null;
      }
      case 'pending': {
        if (clock.now() - since < row.patienceMs) return null;
        const minutes = Math.round(row.patienceMs / 60_000);
        return { state: 'failed', message: `It was not ready within ${minutes} min. ${message}`.trim() };
      }
    }
  }

  private async heldByFailures(row: RollOutRow, fence: Fence): Promise<boolean> {
    const counts = await tally(this.ports.store, row.id, row.stage);
    const { failureLimit: limit, atOnce, forgiven } = row;
    const size = row.stages[row.stage] ?? 0;
    const reason = tooManyFailures(counts, { limit, atOnce, forgiven, size });
    if (reason === null) return false;
    await this.turn(row, fence, { state: 'held', reason });
    return true;
  }

  /** Chooses who updates next; a crash after this finds them chosen. */
  private async take(row: RollOutRow, fence: Fence): Promise<void> {
    const { store } = this.ports;
    const { id: rollOutId, stage } = row;
    const where = { rollOutId, stage, state: 'waiting' };
    const room = row.atOnce - (await this.steps(row, 'updating')).length;
    if (room <= 0) return;
    if (row.moment === 'now') {
      const { rows } = await store.page('rollOutSpace', { where, limit: Math.min(room, PAGE) });
      return this.write(
        row,
        fence,
        rows.map((step) => ({ step, change: { state: 'updating' } })),
      );
    }
    let left = room;
    for (let after: string | undefined; left > 0;) {
      const { rows, next } = await store.page('rollOutSpace', { where, limit: PAGE, after });
      const spaces = await store.getMany(
        'space',
        rows.map(({ spaceId }) => spaceId),
      );
      const due = rows
        .filter(({ spaceId }) =>
          this.stopsNow(
            spaces.find(({ id }) => id === spaceId),
            row,
          ),
        )
        .slice(0, left);
      left -= due.length;
      await this.write(
        row,
        fence,
        due.map((step) => ({ step, change: { state: 'updating' } })),
      );
      if (next === null) return;
      after = next;
    }
  }

  /** For a roll-out at the next stop: whether this is one, or there is nothing to wait for. */
  private stopsNow(space: SpaceRow | undefined, { number }: RollOutRow): boolean {
    const now = this.ports.clock.now();
    if (!space || space.templateVersion === number || wantNow(space, now) !== 'running') return true;
    return space.schedule !== null && !runningTime(space, now).open;
  }

  /** Updates those that were chosen. */
  private async update(row: RollOutRow, call: Call, fence: Fence): Promise<void> {
    const steps = (await this.steps(row, 'updating')).filter(({ operationId }) => operationId === '');
    for (const step of steps) {
      const change = await this.wish(row, step, call);
      // each by itself: what was wished for is written down before the next one is
      await this.write(row, fence, [{ step, change }]);
    }
  }

  private async wish(row: RollOutRow, { spaceId, since }: RollOutSpaceRow, call: Call): Promise<StepChange | null> {
    const { store, clock, wishes, operations } = this.ports;
    const space = await store.get('space', spaceId);
    if (!space || space.want === 'deleted') return { state: 'skipped', message: 'It was deleted meanwhile.' };
    const runs = wantNow(space, clock.now()) === 'running';
    if (!runs) return { state: 'skipped', message: `It takes version ${row.number} at its next start.` };
    if (space.templateVersion === row.number) {
      // by its owner, or by this roll-out right before a crash
      const latest = await operations.latest(spaceId);
      return latest ? { operationId: latest.id } : { state: 'done' };
    }
    try {
      return { operationId: (await wishes.wish(call, spaceId, 'update')).id };
    } catch (error) {
      if (!isKnotError(error)) throw error;
      const { code, message, hint } = error;
      const passing = code === 'location.unavailable' && clock.now() - since < row.patienceMs;
      if (passing) return { message: `Not yet: ${message}`, hint };
      if (code !== 'location.unavailable' && ERROR_CODES[code].http >= 500) throw error;
      return { state: 'refused', message, hint };
    }
  }

  /** The next stage, or the end. */
  private async advance(row: RollOutRow, fence: Fence): Promise<void> {
    const counts = await tally(this.ports.store, row.id, row.stage);
    if (counts.waiting + counts.updating > 0 || (await this.heldByFailures(row, fence))) return;
    const isLast = row.stage + 1 >= row.stages.length;
    await this.turn(row, fence, isLast ? { state: 'done' } : { stage: row.stage + 1, forgiven: 0 });
  }

  private async steps({ id: rollOutId, stage }: RollOutRow, state: RollOutSpaceState) {
    const { rows } = await this.ports.store.page('rollOutSpace', { where: { rollOutId, stage, state }, limit: 500 });
    return rows;
  }

  /** What changed of its spaces, if anything did. */
  private async write(
    row: RollOutRow,
    fence: Fence,
    changes: readonly { readonly step: RollOutSpaceRow; readonly change: StepChange | null }[],
  ): Promise<void> {
    const { store, clock } = this.ports;
    const now = clock.now();
    const steps = changes.flatMap(({ step: { version, ...step }, change }) => {
      if (!change) return [];
      const since = change.state === undefined || change.state === step.state ? step.since : now;
      return [{ version, row: { ...step, ...change, since } }];
    });
    if (steps.length === 0) return;
    await store.commit({
      expect: [
        ...steps.map(({ row: { id }, version }) => ({ kind: 'rollOutSpace' as const, id, version })),
        await fence(),
      ],
      writes: steps.map((step) => ({ put: 'rollOutSpace', row: step.row })),
      log: [{ stream: 'events', kind: 'rollOut', id: row.id, op: 'put' }],
    });
  }

  /** A turn of the whole, which the audit keeps. */
  private async turn(row: RollOutRow, fence: Fence, change: Partial<NewRow<'rollOut'>>): Promise<void> {
    const { deeds, clock, store } = this.ports;
    await deeds.do(SYSTEM, async () => {
      const known = await store.get('rollOut', row.id);
      // somebody held or ended it in this moment: the version of then is refused
      const part = changed(known?.state === 'going' ? known : row, change, clock.now());
      const { state, stage, reason, number } = part.row;
      return {
        ...part,
        expect: [...part.expect, await fence()],
        audit: {
          ...{ action: `roll-out.${state === 'going' ? 'stage' : state}`, subjectKind: 'template' },
          ...{ subjectId: row.templateId, details: { rollOut: row.id, number, stage, reason } },
        },
        answer: undefined,
      };
    });
  }
}
