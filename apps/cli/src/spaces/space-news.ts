import type { Space } from '../api/schemas.js';

/** One line of `spaces watch`. */
export interface SpaceLine {
  /** ms since the epoch */
  readonly at: number;
  readonly id: string;
  readonly space: string;
  readonly owner: string;
  /** A phase that the space is in, a step that its start has reached, or `Deleted`. */
  readonly phase: string;
  readonly message: string;
}

type StepName = Space['phases'][number]['name'];

const STEP_SENTENCES: Record<StepName, (space: Space) => string> = {
  Accepted: () => 'the start was accepted',
  Received: ({ location }) => `${location} has got it`,
  Volumes: () => 'its volumes are there',
  Submitted: ({ template }) => `handed to ${template.platform}`,
  Placed: ({ template }) => `${template.platform} has found a place for it`,
  Started: () => 'it runs',
  Ready: () => 'it can be used',
};

interface Known {
  readonly name: string;
  readonly owner: string;
  readonly phase: string;
  readonly message: string;
  readonly steps: ReadonlySet<string>;
}

/** Turns states of spaces, as they come, into what is new about each. */
export class SpaceNews {
  private readonly known = new Map<string, Known>();

  /**
   * What is new: steps with the time they were reached, then the phase or its reason. Of a space seen for the first time,
   * its phase, and with `wholeStart` the steps of the start that it is in.
   */
  next(space: Space, now: number, { wholeStart = false } = {}): SpaceLine[] {
    const before = this.known.get(space.id);
    const isNew = before === undefined;
    // phases of an earlier start stay until the location speaks of the present one
    const present = space.want === 'running' && space.observedGeneration === space.generation ? space.phases : [];
    const told = new Set([...(before?.steps ?? []), ...(isNew && !wholeStart ? present.map(keyOf) : [])]);
    const steps = present.filter((step) => !told.has(keyOf(step)));
    for (const step of present) told.add(keyOf(step));
    const { name, owner, phase, message } = space;
    this.known.set(space.id, { name, owner: owner.username, phase, message, steps: told });
    const line = { id: space.id, space: name, owner: owner.username };
    const lines = steps.map(({ name: step, at }) => ({
      ...line,
      at,
      phase: step,
      message: STEP_SENTENCES[step](space),
    }));
    if (before?.phase === phase && before.message === message) return lines;
    return [...lines, { ...line, at: now, phase, message: sentenceOf(space) }];
  }

  /** The space is gone. Nothing where it was not known. */
  gone(id: string, now: number): SpaceLine[] {
    const last = this.known.get(id);
    this.known.delete(id);
    return last === undefined
      ? []
      : [{ at: now, id, space: last.name, owner: last.owner, phase: 'Deleted', message: 'it is gone' }];
  }

  /** Those that were known and are not among these are gone. */
  missing(present: readonly Space[], now: number): SpaceLine[] {
    const ids = new Set(present.map(({ id }) => id));
    return [...this.known.keys()].filter((id) => !ids.has(id)).flatMap((id) => this.gone(id, now));
  }
}

/** Whether the space is in this phase, or its present start has reached this step. */
export function hasReached(space: Space, wanted: string): boolean {
  if (space.phase === wanted) return true;
  if (space.want !== 'running' || space.observedGeneration !== space.generation) return false;
  return space.phases.some(({ name }) => name === wanted);
}

function keyOf({ name, at }: Space['phases'][number]): string {
  return `${name}@${at}`;
}

/** Why it is in its phase. */
export function sentenceOf({ message, live, location, phase }: Space): string {
  if (message !== '') return message;
  return !live && phase === 'Unknown' ? `${location} is not heard of` : '';
}
