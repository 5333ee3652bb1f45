import { resolve } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { KnotError } from '@knot/shared/errors';
import type { Mark, Trouble } from '@knot/domain';
import { givenUp, throwIfGivenUp, type DriverClock } from '../clock.js';
import type { WorkloadSpec } from '../driver.js';
import { endProcesses } from './end-processes.js';
import { environmentOf } from './environment.js';
import { launch } from './launch.js';
import { DEFAULT_STOP, parseLocalJob, type LocalJob, type StopRule } from './local-job.js';
import { findMembers, markText } from './members.js';
import type { ProcessTable } from './processes.js';
import { driftOf, lookAtSpace, nextRunNumber, revisionOf, type Sight } from './sight.js';
import { contentHash, SpaceFolder } from './space-folder.js';
import type { VolumeFolders } from './volume-folders.js';

/** Moments at which a fault test may strike, in the order of an apply and of a remove. */
export type LocalFailpoint = 'intended' | 'cleared' | 'spawned' | 'claimed' | 'ended' | 'retired';

export interface LocalSpacesOptions {
  readonly root: string;
  readonly clock: DriverClock;
  readonly table: ProcessTable;
  readonly volumes: VolumeFolders;
  readonly environment: Readonly<Record<string, string>>;
  readonly failpoint: (name: LocalFailpoint) => Promise<void> | undefined;
  /** Something of the space changed. */
  readonly hint: (space: string) => void;
}

/** The deeds on spaces of this machine: start, end, and the looks they need. One deed per space at a time. */
export class LocalSpaces {
  private readonly endings = new Map<string, Promise<void>>();
  private readonly queues = new Map<string, Promise<unknown>>();
  private readonly stuck = new Map<string, Trouble>();

  constructor(private readonly options: LocalSpacesOptions) {}

  folderOf(mark: Mark): SpaceFolder {
    return new SpaceFolder(this.options.root, mark);
  }

  look(mark: Mark): Promise<Sight> {
    return lookAtSpace(this.folderOf(mark), this.options.table, this.options.volumes);
  }

  /** Whether its end was asked for and is under way. */
  isEnding({ space }: Mark): boolean {
    return this.endings.has(space);
  }

  /** Why its end did not come, when it did not. */
  whyStuck({ space }: Mark): Trouble | null {
    return this.stuck.get(space) ?? null;
  }

  start(spec: WorkloadSpec, expect: string, signal: AbortSignal): Promise<string> {
    return this.inTurn(spec.mark.space, signal, async () => {
      const job = parseLocalJob(spec);
      if (this.isEnding(spec.mark)) throw conflict('Its end is under way.');
      const sight = await this.look(spec.mark);
      if (sight.kind === 'foreign') throw foreignFolder(this.folderOf(spec.mark).path);
      if (revisionOf(sight) !== expect) throw conflict('It changed since it was looked at.');
      if (sight.kind === 'own' && sight.life === 'alive' && driftOf(sight, spec) === null) return sight.revision;
      return this.startAnew(spec, job, sight, signal);
    });
  }

  end(mark: Mark, signal: AbortSignal): Promise<void> {
    return this.inTurn(mark.space, signal, async () => {
      if (this.isEnding(mark)) return;
      const sight = await this.look(mark);
      if (sight.kind === 'absent' || sight.kind === 'foreign') return;
      const files = sight.kind === 'own' ? sight.files : null;
      if (files?.claim.kind === 'none') await this.folderOf(mark).voidRun(files.run);
      // It goes on by itself; a look tells how far it is.
      void this.begin(mark, () => this.endForGood(mark, sight));
    });
  }

  /** The intent first, at one stroke and for one starter only; then the old run's end; then the new one. */
  private async startAnew(spec: WorkloadSpec, job: LocalJob, sight: Sight, signal: AbortSignal): Promise<string> {
    const { clock, environment, failpoint, hint } = this.options;
    const { mark } = spec;
    const folder = this.folderOf(mark);
    const run = nextRunNumber(sight, clock.now());
    await this.recordIntent(spec, job, sight, run);
    await failpoint('intended');
    const stop = (sight.kind === 'own' ? sight.files?.record?.stop : null) ?? DEFAULT_STOP;
    await orGivenUp(
      this.begin(mark, () => this.endRuns(mark, run - 1, stop)),
      signal,
    );
    await failpoint('cleared');
    throwIfGivenUp(signal);
    await launch(
      {
        path: folder.runPath(run),
        run,
        command: job.command,
        workdir: resolve(folder.path, job.workdir),
        home: folder.path,
        env: environmentOf(spec, job, run, folder.path, environment),
        clock,
        onEnd: () => hint(mark.space),
        failpoint,
      },
      signal,
    );
    await failpoint('claimed');
    await folder.forgetOldRuns();
    hint(mark.space);
    return revisionOf(await this.look(mark));
  }

  private async recordIntent(spec: WorkloadSpec, job: LocalJob, sight: Sight, run: number): Promise<void> {
    const { clock, root, volumes } = this.options;
    const { mark, display } = spec;
    const folder = this.folderOf(mark);
    const now = clock.now();
    const { stop, ready, mounts } = job;
    const record = { content: contentHash(spec), stop, ready, mounts, submittedAt: now };
    await volumes.create(
      spec,
      volumes.refsOf(
        mark,
        mounts.map(({ volume }) => volume),
      ),
    );
    if (sight.kind !== 'own') {
      await mkdir(root, { recursive: true, mode: 0o700 });
      const head = { mark, owner: display.owner, name: display.space, createdAt: now };
      await folder.create(head, run, record, (path) => volumes.mount(mark, path, mounts, []));
      return;
    }
    const { files } = sight;
    if (files?.claim.kind === 'none' && !(await folder.voidRun(files.run))) throw conflict('It has just been started.');
    await volumes.mount(mark, folder.path, mounts, files?.record?.mounts ?? []);
    await folder.addRun(run, record);
  }

  private async endForGood(mark: Mark, sight: Sight): Promise<void> {
    const { failpoint } = this.options;
    const files = sight.kind === 'own' ? sight.files : null;
    const stop = files?.record?.stop ?? DEFAULT_STOP;
    await this.endRuns(mark, Number.MAX_SAFE_INTEGER, stop);
    await failpoint('ended');
    if (sight.kind === 'own') await this.folderOf(mark).retire(files?.run ?? 0);
    await failpoint('retired');
    // One that was being started while its claim was taken away finds no folder; nothing of it may stay.
    await this.endRuns(mark, Number.MAX_SAFE_INTEGER, stop);
  }

  private endRuns(mark: Mark, upTo: number, stop: StopRule): Promise<void> {
    const { table, clock } = this.options;
    return endProcesses({ table, clock, stop, find: () => findMembers(table, markText(mark), upTo) });
  }

  /** Runs an ending to its end, whoever waits for it. */
  private begin(mark: Mark, ending: () => Promise<void>): Promise<void> {
    const { space } = mark;
    this.stuck.delete(space);
    const ended = ending().finally(() => {
      this.endings.delete(space);
      this.options.hint(space);
    });
    this.endings.set(space, ended);
    ended.catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      this.stuck.set(space, { reason: 'StopTimeout', message });
    });
    return ended;
  }

  private async inTurn<T>(space: string, signal: AbortSignal, deed: () => Promise<T>): Promise<T> {
    const before = this.queues.get(space) ?? Promise.resolve();
    const turn = orGivenUp(before, signal).then(deed);
    // One that gives up in the queue does not let the next one pass those before it.
    const settled = Promise.allSettled([before, turn]);
    this.queues.set(space, settled);
    try {
      return await turn;
    } finally {
      if (this.queues.get(space) === settled) this.queues.delete(space);
    }
  }
}

/** Waits for something that goes on by itself, no longer than the signal allows. */
function orGivenUp(going: Promise<unknown>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => reject(givenUp());
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    going
      .then(() => resolve(), reject)
      .finally(() => signal.removeEventListener('abort', giveUp))
      .catch(() => undefined);
  });
}

function conflict(message: string): KnotError {
  return new KnotError('backend.conflict', message);
}

function foreignFolder(path: string): KnotError {
  return new KnotError(
    'backend.foreign',
    `The folder ${path} is there and was not made by this location.`,
    'It is left alone. Move it away, and the space can start.',
  );
}
