import { createHash } from 'node:crypto';
import { link, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError, KnotError } from '@knot/shared/errors';
import type { Scope } from '@knot/domain';
import { throwIfGivenUp, type DriverClock } from '../clock.js';
import type { BackendLock, LockAnswer } from '../driver.js';
import { numberOf, parseObject, readText, textOf } from './json-file.js';
import type { ProcessTable } from './processes.js';

interface LockState {
  /** '' once released; the term stays. */
  readonly holder: string;
  readonly term: number;
  /** By the clock that all processes of the machine share since its boot, ms. */
  readonly until: number;
  readonly boot: string;
  /** The holder's process. */
  readonly pid: number;
  readonly start: string;
}

type Claim = Parameters<BackendLock['hold']>[0];

/** States kept behind the newest, so that one who is late sees that it is late. */
const KEPT = 16;
const ATTEMPTS = 32;

/**
 * The lock of a location on this machine. Its states are files with rising numbers, each made by link(2), which lets
 * one process have a name: whoever makes the next number has changed the lock, whoever comes second looks again. So a
 * change is a compare-and-set without any lock to be left behind. A holder that is dead, by pid, start and boot, holds
 * no longer; nor does one that was frozen beyond its time.
 */
export class FileLock implements BackendLock {
  private readonly folder: string;
  private holder = '';
  private drafts = 0;

  constructor(
    root: string,
    scope: Scope,
    private readonly clock: DriverClock,
    private readonly table: ProcessTable,
  ) {
    const key = createHash('sha256')
      .update(JSON.stringify([scope.installation, scope.location]))
      .digest('hex');
    this.folder = join(root, '.locks', key.slice(0, 32));
  }

  async hold(claim: Claim, signal: AbortSignal): Promise<LockAnswer> {
    throwIfGivenUp(signal);
    this.holder = claim.holder;
    try {
      return await this.change(
        signal,
        (held) => (held && !this.mayTake(held, claim) ? null : this.stateOf(claim)),
        claim,
      );
    } catch (error) {
      if (error instanceof KnotError) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      return { state: 'unavailable', trouble: { reason: 'BackendUnavailable', message: `The lock file: ${reason}` } };
    }
  }

  async release(signal: AbortSignal): Promise<void> {
    throwIfGivenUp(signal);
    const release = (held: LockState | null) =>
      held && held.holder === this.holder && held.holder !== '' ? { ...held, holder: '' } : null;
    await this.change(signal, release, null).catch((error: unknown) => {
      if (error instanceof KnotError) throw error;
      throw new KnotError('backend.unavailable', 'The lock file cannot be written.', '', {}, { cause: error });
    });
  }

  /** Puts `next` of the present state in its place, or tells whose it is when `next` is null. */
  private async change(
    signal: AbortSignal,
    next: (held: LockState | null) => LockState | null,
    claim: Claim | null,
  ): Promise<LockAnswer> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      throwIfGivenUp(signal);
      const sentAt = this.clock.monotonic();
      const numbers = await this.numbers();
      const held = await this.newest(numbers);
      const state = next(held);
      if (state === null) return { state: 'refused', holder: held?.holder ?? '', term: held?.term ?? 0 };
      if (await this.put((numbers.at(-1) ?? 0) + 1, state)) {
        await Promise.all(numbers.slice(0, -KEPT).map((number) => rm(this.pathOf(number), { force: true })));
        return { state: 'held', untilMonotonic: sentAt + (claim?.ttlMs ?? 0) };
      }
    }
    throw new KnotError('backend.unavailable', 'The lock of this location changes too often to be taken.');
  }

  private mayTake(held: LockState, claim: Claim): boolean {
    if (claim.term < held.term) return false;
    if (held.holder === claim.holder || held.holder === '') return true;
    const dead = held.boot !== this.table.bootId() || !this.table.isAlive(held);
    return dead || sinceBootMs() >= held.until;
  }

  private stateOf({ holder, term, ttlMs }: Claim): LockState {
    const start = this.table.read(process.pid)?.start ?? '';
    return { holder, term, until: sinceBootMs() + ttlMs, boot: this.table.bootId(), pid: process.pid, start };
  }

  private async put(number: number, state: LockState): Promise<boolean> {
    const draft = join(this.folder, `draft.${process.pid}.${(this.drafts += 1)}.${Math.floor(sinceBootMs() * 1_000)}`);
    await writeFile(draft, JSON.stringify(state), { mode: 0o600, flag: 'wx', flush: true });
    try {
      await link(draft, this.pathOf(number));
    } catch (error) {
      if (isSystemError(error, 'EEXIST')) return false;
      throw error;
    } finally {
      await rm(draft, { force: true });
    }
    // A late one may have made a number that was taken and thrown away long ago: only the newest counts.
    return (await this.numbers()).at(-1) === number;
  }

  private async numbers(): Promise<readonly number[]> {
    const names = await readdir(this.folder);
    return names
      .map((name) => Number(/^(\d+)\.json$/.exec(name)?.[1] ?? 0))
      .filter((number) => number > 0)
      .sort((a, b) => a - b);
  }

  /** The newest state that can be read: one that others threw away meanwhile is older than what `put` will meet. */
  private async newest(numbers: readonly number[]): Promise<LockState | null> {
    for (const number of numbers.toReversed()) {
      const state = await this.read(number);
      if (state) return state;
    }
    return null;
  }

  private async read(number: number): Promise<LockState | null> {
    const object = parseObject(await readText(this.pathOf(number)));
    return (
      object && {
        holder: textOf(object, 'holder'),
        term: numberOf(object, 'term'),
        until: numberOf(object, 'until'),
        boot: textOf(object, 'boot'),
        pid: numberOf(object, 'pid'),
        start: textOf(object, 'start'),
      }
    );
  }

  private pathOf(number: number): string {
    return join(this.folder, `${number}.json`);
  }
}

/** Milliseconds since boot without suspended time, equal in all processes of the machine. */
function sinceBootMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}
