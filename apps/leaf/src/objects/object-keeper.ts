import { create } from '@bufbuild/protobuf';
import { sync, type SyncClient } from '@knot/contract';
import type { DesiredSpace, Platform } from '@knot/domain';
import type { SpaceObject, SpaceObjects } from '@knot/drivers';
import { createEngine, type Engine, type Outcome, type RunContext } from '@knot/reconcile';
import type { Clock, Logger } from '@knot/shared';
import { ERROR_CODES, isKnotError, type KnotError } from '@knot/shared/errors';
import type { LeafStore } from '@knot/shared/store';
import { engineClock } from '../engine-clock.js';
import type { RightToAct } from '../authority/right-to-act.js';
import { idOfKey, keyOf, type Inventory } from '../inventory.js';
import { desiredSpace } from '../wire/desired-space.js';
import { pause } from '../within.js';
import { shownSpace, wishIn } from './shown-space.js';

const WORKERS = 4;
const RESYNC_MS = 10 * 60_000;
const RUN_MS = 30_000;
const ASK_MS = 10_000;
const AGAIN_MS = 5_000;
const SOON_MS = 500;
/** A cluster that does not know the kind is told of once, after this time. ms */
const UNHEARD_MS = 60_000;

interface ObjectKeeperParts {
  readonly objects: SpaceObjects;
  readonly platform: Platform;
  readonly sync: SyncClient;
  readonly store: LeafStore;
  readonly inventory: Inventory;
  readonly right: RightToAct;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly chance: () => number;
}

/** What the origin has said to a wish. */
type Reply =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly answer: string }
  /** It may say something else later. */
  | { readonly kind: 'open'; readonly answer: string; readonly error: KnotError };

/**
 * Keeps for each space the object that shows it at the backend, and tells the origin what somebody asks for there. Nothing
 * is ever deleted because of such an object: one that goes comes back.
 */
export class ObjectKeeper {
  private readonly engine: Engine;
  /** What was said to the wish that an object of this revision held: each is told once. */
  private readonly replies = new Map<string, { readonly revision: string; readonly reply: Reply }>();
  /** Refusals, until something else is wished of the space. */
  private readonly refusals = new Map<string, { readonly generation: number; readonly answer: string }>();

  constructor(private readonly parts: ObjectKeeperParts) {
    const { clock, chance, inventory } = parts;
    this.engine = createEngine({
      workers: WORKERS,
      clock: engineClock(clock),
      random: chance,
      runDeadlineMs: RUN_MS,
      resync: { everyMs: RESYNC_MS, keys: () => inventory.keys(), quietMs: RESYNC_MS / 2 },
      reconcile: (key, run) => {
        const { kind, id } = idOfKey(key);
        return kind === 'space' ? this.bring(id, run) : Promise.resolve({ kind: 'done' });
      },
    });
  }

  /** Something of the space may be another than is shown. */
  touch(space: string): void {
    this.engine.add(keyOf('space', space), 'status');
  }

  /** Until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const { objects, inventory, clock, logger, platform } = this.parts;
    const hint = (space: string | null) => {
      if (space !== null) return this.touch(space);
      for (const key of inventory.keys()) this.engine.add(key, 'drift');
      for (const id of objects.ids()) this.engine.add(keyOf('space', id), 'drift');
    };
    this.engine.start();
    const missing = clock.setTimeout(() => {
      const hintText = 'Does it know the kind Space of knot.dev/v1, and may this account use it?';
      if (!objects.following) logger.warn({ platform, hint: hintText }, 'spaces are not shown at the backend');
    }, UNHEARD_MS);
    while (!signal.aborted) {
      await objects.watch(hint, signal).catch((err: unknown) => {
        if (!signal.aborted) logger.warn({ err, platform }, 'the objects of the spaces cannot be watched');
      });
      await pause(clock, AGAIN_MS, signal);
    }
    clock.clearTimeout(missing);
    await this.engine.stop();
  }

  private async bring(id: string, { signal }: RunContext): Promise<Outcome> {
    const { objects, right, platform, store } = this.parts;
    if (!objects.following || right.of(platform) !== 'full') return { kind: 'again', afterMs: AGAIN_MS };
    const stored = await store.object('space', id);
    if (stored && !stored.listed) return { kind: 'done' };
    if (!stored) {
      this.replies.delete(id);
      this.refusals.delete(id);
      await objects.remove(id, signal);
      return { kind: 'done' };
    }
    const desired = desiredSpace(stored.bytes);
    const object = objects.read(id);
    const wish = wishIn(object, desired);
    const reply = object && wish !== null ? await this.tell(desired, object, wish, signal) : null;
    // the space of the new generation is on its way here
    if (reply?.kind === 'taken') return { kind: 'again', afterMs: SOON_MS };
    return this.show(desired, reply, wish, signal);
  }

  private async show(
    desired: DesiredSpace,
    reply: Exclude<Reply, { kind: 'taken' }> | null,
    wish: boolean | null,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { objects, store } = this.parts;
    const { id, generation } = desired;
    if (reply?.kind === 'refused') this.refusals.set(id, { generation, answer: reply.answer });
    const refusal = this.refusals.get(id);
    const answer = reply?.answer ?? (refusal?.generation === generation ? refusal.answer : '');
    const shown = shownSpace(desired, await store.observed(id), answer);
    const open = reply?.kind === 'open';
    try {
      await objects.show({ ...shown, asked: open && wish !== null ? wish : shown.running }, signal);
    } catch (error) {
      // the watch brings what it is by now
      if (isKnotError(error, 'backend.conflict')) return { kind: 'again', afterMs: SOON_MS };
      if (isKnotError(error, 'backend.foreign')) return { kind: 'terminal', reason: error.message };
      throw error;
    }
    return open ? { kind: 'retry', error: reply.error } : { kind: 'done' };
  }

  private async tell(desired: DesiredSpace, object: SpaceObject, wish: boolean, signal: AbortSignal): Promise<Reply> {
    const told = this.replies.get(desired.id);
    if (told?.revision === object.revision) return told.reply;
    const reply = await this.ask(desired, object, wish, signal);
    if (reply.kind !== 'open') this.replies.set(desired.id, { revision: object.revision, reply });
    return reply;
  }

  private async ask({ id, generation }: DesiredSpace, { by }: SpaceObject, wish: boolean, signal: AbortSignal) {
    const request = create(sync.WishRequestSchema, {
      spaceId: id,
      want: wish ? sync.Want.RUNNING : sync.Want.STOPPED,
      generation: BigInt(generation),
      by,
    });
    try {
      const made = await this.parts.sync.wish(request, { signal, deadlineMs: ASK_MS });
      if (made.generation > BigInt(generation)) return { kind: 'taken' } as const;
      return { kind: 'refused', answer: `The space is ${wish ? 'started' : 'stopped'} already.` } as const;
    } catch (error) {
      if (!isKnotError(error)) throw error;
      const { code, message, hint } = error;
      if (mayPass(error)) return { kind: 'open', answer: `Not taken yet: ${message}`, error } as const;
      this.parts.logger.info({ space: id, by, code }, 'the origin refused what was asked for at the backend');
      return { kind: 'refused', answer: `Refused: ${message} ${hint}`.trim() } as const;
    }
  }
}

/** Of the origin's state or the way to it, not of what was asked. */
function mayPass({ code }: KnotError): boolean {
  return ERROR_CODES[code].http >= 500 || code === 'resource.version' || code.startsWith('auth.');
}
