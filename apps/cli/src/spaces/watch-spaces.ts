import { KnotError } from '@knot/shared/errors';
import type { Space } from '../api/schemas.js';
import type { Client } from '../client/open-client.js';
import { plain } from '../output.js';
import { timeOfDay } from '../times.js';
import { findSpace } from './find-space.js';
import { followSpaces, withinTime, type SpaceSight } from './follow-spaces.js';
import { SpaceNews, hasReached, type SpaceLine } from './space-news.js';

export interface WatchInput {
  /** Name or id of one space; all of them when undefined. */
  readonly name: string | undefined;
  /** A phase, a step of a start, or `Deleted`. */
  readonly until: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly json: boolean;
}

/** Prints one line per change until what is waited for has come, or for ever. */
export async function watchSpaces(client: Client, { name, until, timeoutMs, json }: WatchInput): Promise<void> {
  const space = name === undefined ? undefined : await findSpace(client, name);
  const watcher = new SpaceWatcher(client, { whole: space !== undefined, json });
  const notYet = (): string =>
    `${name ?? 'no space'} is ${space ? `${watcher.lastPhase}, not ` : ''}${until ?? 'over'}`;
  await withinTime(client, timeoutMs, notYet, async (signal) => {
    for await (const sight of followSpaces(client, space?.id, signal)) {
      watcher.see(sight);
      if (until !== undefined && reached(sight, until)) return true;
      if (space !== undefined && isGone(sight)) return ended(name, until);
    }
    return until === undefined ? true : undefined;
  });
}

/** A watch of a space that is gone has nothing more to tell. */
function ended(name: string | undefined, until: string | undefined): true {
  if (until === undefined || until === 'Deleted') return true;
  throw new KnotError('state.refused', `${name} was deleted, so it will never be ${until}`);
}

function reached(sight: SpaceSight, until: string): boolean {
  switch (sight.kind) {
    case 'all':
      return sight.spaces.some((space) => hasReached(space, until));
    case 'space':
      return hasReached(sight.space, until);
    case 'gone':
      return until === 'Deleted';
  }
}

function isGone(sight: SpaceSight): boolean {
  return sight.kind === 'gone' || (sight.kind === 'all' && sight.spaces.length === 0);
}

/** Prints what is new in each sight. */
class SpaceWatcher {
  lastPhase = 'not seen';
  private readonly news = new SpaceNews();
  private width = 0;

  constructor(
    private readonly client: Client,
    /** `whole`: the steps that a start has already taken are told too. */
    private readonly form: { readonly whole: boolean; readonly json: boolean },
  ) {}

  see(sight: SpaceSight): void {
    const now = this.client.context.clock.now();
    switch (sight.kind) {
      case 'all':
        this.print(this.news.missing(sight.spaces, now));
        for (const space of sight.spaces) this.seeOne(space, now);
        break;
      case 'space':
        this.seeOne(sight.space, now);
        break;
      case 'gone':
        this.print(this.news.gone(sight.id, now));
    }
  }

  private seeOne(space: Space, now: number): void {
    this.lastPhase = space.phase;
    this.print(this.news.next(space, now, { wholeStart: this.form.whole }));
  }

  private print(lines: readonly SpaceLine[]): void {
    const { stdout, timeZone } = this.client.context;
    for (const line of lines) {
      this.width = Math.max(this.width, line.space.length);
      const { at, space, phase, message } = line;
      const text = this.form.json
        ? JSON.stringify(line)
        : plain(`${timeOfDay(at, timeZone)}  ${space.padEnd(this.width)}  ${phase.padEnd(12)}  ${message}`.trimEnd());
      stdout.write(`${text}\n`);
    }
  }
}
