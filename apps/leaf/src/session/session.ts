import type { Clock, Logger } from '@knot/shared';
import { KnotError, toKnotError } from '@knot/shared/errors';
import type { LeafStore } from '@knot/shared/store';
import type { RightToAct } from '../authority/right-to-act.js';
import type { Problem, Stage } from '../leaf-state.js';
import type { Reporter } from '../report/reporter.js';
import { pause } from '../within.js';
import type { Enrolment } from './enrolment.js';
import type { Follower } from './follower.js';
import type { LeaseKeeper } from './lease-keeper.js';

/** Pauses between attempts, ms; drawn from the whole range, so that a thousand leaves do not knock at once. */
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;
/** A session that held this long was a good one: the next pause is short again, ms. */
const GOOD_MS = 30_000;

/**
 * One session with the origin after another, for as long as the leaf lives. Nothing that an origin says or fails to
 * say ends the leaf: it tells why, waits and comes again.
 */
export class Session {
  stage: Stage = 'stopped';
  problem: Problem | null = null;
  private failures = 0;

  constructor(
    private readonly parts: {
      readonly store: LeafStore;
      readonly right: RightToAct;
      readonly enrolment: Enrolment;
      readonly lease: LeaseKeeper;
      readonly follower: Follower;
      readonly reporter: Reporter;
      readonly clock: Clock;
      /** From 0 up to but not including 1. */
      readonly chance: () => number;
      readonly logger: Logger;
      /** The installation is known: drivers can be made. */
      readonly onInstallation: (installation: string) => Promise<void>;
    },
  ) {}

  /** Until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    while (!signal.aborted) {
      const begun = clock.monotonic();
      this.stage = 'connecting';
      await this.once(signal).catch((error: unknown) => this.ended(toKnotError(error), signal));
      if (clock.monotonic() - begun >= GOOD_MS) this.failures = 0;
      const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failures++);
      await pause(clock, FIRST_PAUSE_MS / 2 + this.parts.chance() * longest, signal);
    }
    this.stage = 'stopped';
  }

  /** Tells the stage that the follower has reached: only then all is well. */
  reached(stage: 'listing' | 'following'): void {
    this.stage = stage;
    if (this.problem) this.parts.logger.info({}, 'the origin is followed again');
    this.problem = null;
  }

  /** Another leaf has the location, or nobody for some seconds. */
  standBy(holder: string): void {
    this.stage = 'standby';
    const message = this.parts.right.refused ?? 'Another leaf acts for this location.';
    this.note(
      holder === ''
        ? new KnotError('server.unavailable', message, 'It asks again by itself.')
        : new KnotError('location.duplicate', message, 'Give this leaf another server.location, or stop the other.'),
    );
  }

  private async once(signal: AbortSignal): Promise<void> {
    const { enrolment, lease, follower, reporter, onInstallation } = this.parts;
    const greeting = await enrolment.hello(signal);
    await this.know(greeting.installation);
    this.stage = 'enrolling';
    await enrolment.ensure(signal);
    if (await this.parts.store.meta('revoked')) await this.parts.store.putMeta('revoked', '');
    await onInstallation(greeting.installation);
    const end = new AbortController();
    const both = AbortSignal.any([signal, end.signal]);
    const held = lease.whenHeld(both);
    const tasks = [
      lease.run(both),
      enrolment.renew(both),
      held.then(() => follower.run(greeting.epoch, both)),
      held.then(() => reporter.run(both)),
    ];
    // The first that fails, or the signal, ends all; none goes on behind the next session's back.
    await Promise.race(tasks).finally(() => end.abort(new KnotError('server.unavailable', 'The session is over.')));
    await Promise.allSettled(tasks);
  }

  private async know(installation: string): Promise<void> {
    const known = await this.parts.store.meta('installation');
    if (known === null || known === installation) return;
    const message = `This leaf belongs to another installation of knot (${known}) than the origin it reaches (${installation}).`;
    const hint = 'Check origin_server; to move it over, give it a new data_path.';
    throw new KnotError('location.enrol_refused', message, hint);
  }

  private async ended(error: KnotError, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { right, enrolment } = this.parts;
    switch (error.code) {
      case 'lease.lost':
        right.noteLost();
        break;
      case 'location.enrol_refused':
        right.noteRefusal(error.message);
        break;
      case 'auth.failed':
      case 'auth.required':
        if (error.details.revoked === true) await this.revoked(error.message);
        else right.noteOriginAway();
        await enrolment.drop();
        break;
      default:
        right.noteOriginAway();
    }
    this.stage = 'connecting';
    this.note(error);
  }

  /** Remembered over restarts, until the origin lets this leaf in again. */
  private async revoked(message: string): Promise<void> {
    this.parts.right.noteRefusal(message);
    await this.parts.store.putMeta('revoked', message);
  }

  private note({ code, message, hint }: KnotError): void {
    const { clock, logger } = this.parts;
    const { problem } = this;
    if (problem?.code === code && problem.message === message) return;
    this.problem = { code, message, hint, since: clock.now() };
    logger.warn({ code, hint }, `the origin is not followed: ${message}`);
  }
}
