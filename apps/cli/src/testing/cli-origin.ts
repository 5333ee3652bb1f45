import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Condition, ObservedSpace } from '@knot/domain';
import { PASSWORD, TestOrigin } from '../../../origin/src/testing/test-origin.js';
import type { CommandContext } from '../command-context.js';
import { writePrivateFile } from '../private-file.js';
import { pipedInput } from './piped-input.js';
import { runInProcess, type CommandOutcome } from './run-in-process.js';

export { PASSWORD };

export interface CliRun {
  /** What is piped in. */
  readonly input?: string;
  /** Typed by a person instead. */
  readonly interactive?: boolean;
  readonly files?: Readonly<Record<string, string>>;
  readonly change?: Partial<CommandContext>;
}

export type RunCli = (args: readonly string[], options?: CliRun) => Promise<CommandOutcome>;

/** A real origin, and people with a home folder each who call `knot`. */
export class CliOrigin {
  private constructor(readonly test: TestOrigin) {}

  static async open(env: Readonly<Record<string, string>> = {}): Promise<CliOrigin> {
    return new CliOrigin(await TestOrigin.open(env));
  }

  get url(): string {
    return this.test.url;
  }

  close(): Promise<void> {
    return this.test.close();
  }

  homeOf(person: string): string {
    const home = join(this.test.folder, 'homes', person);
    mkdirSync(home, { recursive: true });
    return home;
  }

  /** `knot` in the home folder of this person, on real files. */
  as(person: string): RunCli {
    const home = this.homeOf(person);
    return (args, { input = '', interactive = false, files = {}, change = {} } = {}) =>
      runInProcess(args, files, {
        home,
        cwd: home,
        readFile: (path) => files[path] ?? readFileSync(path, 'utf8'),
        writePrivateFile,
        input: pipedInput(input, { interactive }),
        ...change,
      });
  }

  /** The first administrator `ann`, connected for all that she may. */
  async administrator(): Promise<RunCli> {
    const knot = this.as('ann');
    const setUp = ['--setup-code', this.test.origin.setupCode ?? '', '--username', 'ann', '--email', 'ann@example.com'];
    const { code, stderr } = await knot(['connect', this.url, '--scope', 'all', ...setUp], { input: `${PASSWORD}\n` });
    if (code !== 0) throw new Error(stderr);
    return knot;
  }

  /** Somebody else, made by the administrator and connected for all that they may. */
  async user(username: string): Promise<RunCli> {
    const made = ['users', 'create', username, '--email', `${username}@example.com`];
    const knot = this.as(username);
    for (const [run, args] of [
      [this.as('ann'), made],
      [knot, ['connect', this.url, '--scope', 'all', '--username', username]],
    ] as const) {
      const { code, stderr } = await run(args, { input: `${PASSWORD}\n` });
      if (code !== 0) throw new Error(stderr);
    }
    return knot;
  }

  /** What a leaf would report of the space, at its present generation. */
  async report(spaceName: string, seen: Partial<ObservedSpace>): Promise<void> {
    const { store } = this.test.origin;
    const { rows } = await store.page('space', { where: { name: spaceName }, limit: 1 });
    const space = rows[0];
    if (space === undefined) throw new Error(`there is no space ${spaceName}`);
    const { id, location, generation } = space;
    const known = await store.get('spaceObserved', id);
    const now = await store.now();
    const observed: ObservedSpace = {
      ...(known?.observed ?? NOTHING_SEEN),
      id,
      observedGeneration: generation,
      observedAt: now,
      ...seen,
    };
    await store.commit({
      expect: [],
      writes: [
        {
          put: 'spaceObserved',
          row: { id, location, term: 1, observedGeneration: generation, observed, reportedAt: now, sequence: 1 },
        },
      ],
      log: [{ stream: 'events', kind: 'spaceObserved', id, op: 'put' }],
    });
  }

  /** The row of a deleted space goes, as after the leaf's last word. */
  async vanish(spaceName: string): Promise<void> {
    const { store } = this.test.origin;
    const { rows } = await store.page('space', { where: { name: spaceName }, limit: 1 });
    const id = rows[0]?.id ?? '';
    await store.commit({
      expect: [],
      writes: [
        { delete: 'space', id },
        { delete: 'spaceObserved', id },
      ],
      log: [{ stream: 'events', kind: 'space', id, op: 'delete' }],
    });
  }
}

const NOTHING_SEEN = {
  conditions: [],
  workload: 'absent',
  instance: '',
  exitCode: null,
  volumes: [],
  phases: [],
  events: [],
  appliedHash: '',
  restartsSatisfied: 0,
  finalized: false,
} as const;

export function condition(type: Condition['type'], reason: Condition['reason'], message: string): Condition {
  return { type, status: 'True', reason, message, since: Date.now() };
}
