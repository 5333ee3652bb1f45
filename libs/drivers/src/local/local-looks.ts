import { readdir } from 'node:fs/promises';
import type { Mark, Scope, Trouble, Workload } from '@knot/domain';
import type { MarkedObject, WorkloadSpec } from '../driver.js';
import type { LocalSpaces } from './local-spaces.js';
import { tailLog } from './log-file.js';
import { runningMarks } from './members.js';
import type { ProcessTable } from './processes.js';
import { lookIfReady } from './ready-check.js';
import { driftOf, endOf, instanceOf, revisionOf, type OwnSight, type Sight } from './sight.js';
import { isSpaceId } from './space-folder.js';

type Present = Extract<Workload, { state: 'present' }>;
type Condition = Pick<Present, 'health' | 'exitCode' | 'trouble'>;

/** What looks at a space mean in the words of every driver. */
export class LocalLooks {
  /** The instance of a space that was seen ready. */
  private readonly seenReady = new Map<string, string>();

  constructor(
    private readonly root: string,
    private readonly scope: Scope,
    private readonly spaces: LocalSpaces,
    private readonly table: ProcessTable,
    /** How long a run without a check of its own must live to be called healthy, ms. */
    private readonly settleMs: number,
  ) {}

  async workloadOf(mark: Mark, spec: WorkloadSpec | null, signal: AbortSignal): Promise<Workload> {
    const sight = await this.spaces.look(mark);
    switch (sight.kind) {
      case 'absent':
        this.seenReady.delete(mark.space);
        return { state: 'absent' };
      case 'foreign': {
        const { path } = this.spaces.folderOf(mark);
        return { state: 'foreign', message: `The folder ${path} is there and was not made by this location.` };
      }
      case 'stray':
        return this.present(mark, sight, 'its folder was taken away while it ran', spec, {
          health: 'unhealthy',
          exitCode: null,
          trouble: null,
        });
      case 'own':
        return this.present(
          mark,
          sight,
          spec && driftOf(sight, spec),
          spec,
          await this.conditionOf(mark, sight, signal),
        );
    }
  }

  /** Every space with a folder of ours, or with processes of ours and none. */
  async list(): Promise<readonly MarkedObject[]> {
    const spaces = new Set(await this.spacesOnDisk());
    const prefix = `${this.scope.installation}/${this.scope.location}/`;
    for (const mark of runningMarks(this.table)) {
      if (mark.startsWith(prefix) && isSpaceId(mark.slice(prefix.length))) spaces.add(mark.slice(prefix.length));
    }
    const found = await Promise.all([...spaces].map((space) => this.markedObject({ ...this.scope, space })));
    return found.flat();
  }

  async spacesOnDisk(): Promise<readonly string[]> {
    return (await readdir(this.root).catch(() => [])).filter(isSpaceId);
  }

  async logs(mark: Mark, lines: number): Promise<readonly string[]> {
    const folder = this.spaces.folderOf(mark);
    if ((await folder.look()).state !== 'own') return [];
    // The run before, when the present one has not said a word yet.
    for (const run of (await folder.runs()).slice(-2).toReversed()) {
      const said = await tailLog(`${folder.runPath(run)}/log`, lines);
      if (said.length > 0) return said;
    }
    return [];
  }

  private present(
    mark: Mark,
    sight: Sight,
    drift: string | null,
    spec: WorkloadSpec | null,
    condition: Condition,
  ): Present {
    return {
      state: 'present',
      ...(this.spaces.isEnding(mark) ? { health: 'stopping', exitCode: null, trouble: null } : condition),
      instance: sight.kind === 'own' ? instanceOf(sight.files) : '',
      revision: revisionOf(sight),
      drift: spec === null ? null : drift,
    };
  }

  private async conditionOf(mark: Mark, { files, life }: OwnSight, signal: AbortSignal): Promise<Condition> {
    const as = (health: Present['health'], trouble: Trouble | null = this.spaces.whyStuck(mark)): Condition => {
      return { health, exitCode: null, trouble };
    };
    switch (life) {
      case 'unclaimed':
        return as('pending');
      case 'unwatched':
        return as('unhealthy');
      case 'ended': {
        const { code, trouble } = endOf(files, this.table);
        return { health: 'ended', exitCode: code, trouble };
      }
      case 'alive':
        break;
    }
    if (files?.claim.kind !== 'made' || !files.record) return as('starting');
    const { ready } = files.record;
    if (!ready) return as(this.table.ageMs(files.claim.process) >= this.settleMs ? 'healthy' : 'starting');
    const lacking = await lookIfReady(ready, this.spaces.folderOf(mark).path, signal);
    const instance = instanceOf(files);
    if (lacking === null) {
      this.seenReady.set(mark.space, instance);
      return as('healthy');
    }
    const wasReady = this.seenReady.get(mark.space) === instance;
    const trouble: Trouble = { reason: wasReady ? 'Unhealthy' : 'Starting', message: lacking };
    return as(wasReady ? 'unhealthy' : 'starting', trouble);
  }

  private async markedObject(mark: Mark): Promise<readonly MarkedObject[]> {
    const sight = await this.spaces.look(mark);
    const { path } = this.spaces.folderOf(mark);
    const object = { space: mark.space, kind: 'workload', backendId: path } as const;
    switch (sight.kind) {
      case 'absent':
      case 'foreign':
        return [];
      case 'stray':
        return [{ ...object, owner: '', name: '', createdAt: 0 }];
      case 'own': {
        const { owner, name, createdAt } = sight.head;
        return [{ ...object, owner, name, createdAt }];
      }
    }
  }
}
