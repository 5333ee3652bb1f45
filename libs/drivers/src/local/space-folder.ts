import { createHash } from 'node:crypto';
import { link, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isSystemError, KnotError } from '@knot/shared/errors';
import type { Mark } from '@knot/domain';
import type { WorkloadSpec } from '../driver.js';
import { headText, lookAtFolder, type FolderState, type Head } from './head-file.js';
import { syncFolder, writeFileWhole } from './json-file.js';
import { LAUNCH_SCRIPT } from './launch-script.js';
import { runText, VOID_CLAIM, type RunRecord } from './run-record.js';

/** Runs whose records are kept for the timeline, the present one among them. */
const KEPT_RUNS = 5;

/**
 * The folder of one space, `<root>/<space uuid>`:
 *
 *   .knot/head.json            the mark; a folder without ours is foreign
 *   .knot/runs/<n>/run.json    what the run is to be; written before anything of it is started
 *   .knot/runs/<n>/claim       boot id and /proc stat line of the run's first process, or "void"
 *   .knot/runs/<n>/exit        the exit code of its command
 *   .knot/runs/<n>/log         what it said
 *
 * All else in it belongs to the space. The highest number is the present run. Numbers only rise, also over a removal
 * of the folder, and each is given out once: by a rename that fails where the name is taken.
 */
export class SpaceFolder {
  readonly path: string;
  private readonly drafts: string;
  private readonly trash: string;

  constructor(
    private readonly root: string,
    readonly mark: Mark,
  ) {
    if (!isSpaceId(mark.space)) throw new KnotError('backend.invalid', `"${mark.space}" is not the id of a space.`);
    this.path = join(root, mark.space);
    this.drafts = join(root, '.drafts');
    this.trash = join(root, '.trash');
  }

  look(): Promise<FolderState> {
    return lookAtFolder(this.path, join(this.path, '.knot', 'head.json'), this.mark);
  }

  runPath(run: number): string {
    return join(this.path, '.knot', 'runs', String(run));
  }

  /** Numbers of the runs on record, lowest first. */
  async runs(): Promise<readonly number[]> {
    const names = await readdir(join(this.path, '.knot', 'runs')).catch(() => []);
    return names
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  }

  /**
   * Makes the folder with the intent of its first run in it, and with what `prepare` puts there, at one stroke. Throws
   * where something is already.
   */
  async create(head: Head, run: number, record: RunRecord, prepare: (path: string) => Promise<void>): Promise<void> {
    const draft = await this.newDraft(run);
    await mkdir(join(draft, '.knot', 'runs'), { recursive: true, mode: 0o700 });
    await writeFileWhole(join(draft, '.knot', 'head.json'), headText(head));
    const runPath = join(draft, '.knot', 'runs', String(run));
    await mkdir(runPath, { mode: 0o700 });
    await this.fillRun(runPath, record);
    await prepare(draft);
    await this.put(draft, this.path);
  }

  /** Writes the intent of a run. Throws when another one has taken the number. */
  async addRun(run: number, record: RunRecord): Promise<void> {
    const draft = await this.newDraft(run);
    await this.fillRun(draft, record);
    // Not with its parents: where the folder was just taken away, a half one must not come up.
    await mkdir(join(this.path, '.knot', 'runs'), { mode: 0o700 }).catch(() => undefined);
    await this.put(draft, this.runPath(run));
  }

  /** Takes the claim of a run that nothing has started yet, so that nothing ever will. False when it has started. */
  async voidRun(run: number): Promise<boolean> {
    const draft = join(this.runPath(run), `claim.void-${process.pid}`);
    try {
      await writeFile(draft, VOID_CLAIM, { mode: 0o600 });
      await link(draft, join(this.runPath(run), 'claim'));
      return true;
    } catch (error) {
      if (isSystemError(error, 'EEXIST')) return false;
      throw error;
    }
  }

  async forgetOldRuns(): Promise<void> {
    const old = (await this.runs()).slice(0, -KEPT_RUNS);
    for (const run of old) await rm(this.runPath(run), { recursive: true, force: true });
  }

  /** Takes the folder away at one stroke, then throws away what was in it. */
  async retire(run: number): Promise<void> {
    await mkdir(this.trash, { recursive: true, mode: 0o700 });
    const thrown = join(this.trash, `${this.mark.space}.${run}.${process.pid}.${(madeCount += 1)}`);
    try {
      await rename(this.path, thrown);
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw error;
    }
    // What cannot be deleted now is deleted when the next driver starts.
    await rm(thrown, { recursive: true, force: true }).catch(() => undefined);
  }

  private async newDraft(run: number): Promise<string> {
    const draft = join(this.drafts, `${this.mark.space}.${run}.${process.pid}.${(madeCount += 1)}`);
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true, mode: 0o700 });
    return draft;
  }

  private async fillRun(path: string, record: RunRecord): Promise<void> {
    await writeFile(join(path, 'launch.sh'), LAUNCH_SCRIPT, { mode: 0o600 });
    await writeFileWhole(join(path, 'run.json'), runText(record));
  }

  private async put(draft: string, path: string): Promise<void> {
    try {
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { recursive: true, force: true });
      if (!isSystemError(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'ENOENT')) throw error;
      throw new KnotError(
        'backend.conflict',
        'Another one started or ended this space at the same moment.',
        '',
        {},
        { cause: error },
      );
    }
    await syncFolder(join(path, '..'));
  }
}

let madeCount = 0;

export function isSpaceId(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}

/** Stands for all that makes a difference to what runs. */
export function contentHash({ job, volumes }: Pick<WorkloadSpec, 'job' | 'volumes'>): string {
  return createHash('sha256')
    .update(JSON.stringify([job, volumes]))
    .digest('hex');
}
