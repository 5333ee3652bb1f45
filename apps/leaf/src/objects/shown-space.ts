import { phaseOf, type DesiredSpace, type ObservedSpace } from '@knot/domain';
import type { ShownSpace, SpaceObject } from '@knot/drivers';

/** How a space is shown to people of the backend, where its leaf is. */
export function shownSpace(
  desired: DesiredSpace,
  observed: ObservedSpace | null,
  answer: string,
): Omit<ShownSpace, 'asked'> {
  const { id, generation, want, name, owner, snapshot } = desired;
  const { reason, message } = tellingOf(observed);
  return {
    ...{ id, generation, name, reason, message, answer },
    running: want === 'running',
    owner: owner.username,
    template: snapshot?.template.name ?? '',
    phase: phaseOf({ desired, started: desired.snapshot !== null, observed, live: true }),
    createdAt: madeAt(id),
  };
}

/**
 * What somebody asks for by the object: it says another thing than was shown, and nothing else was wished since. Null
 * where nobody asks for anything.
 */
export function wishIn(object: SpaceObject | null, desired: DesiredSpace): boolean | null {
  if (!object?.shown || desired.want === 'deleted') return null;
  const { running, shown } = object;
  if (shown.generation !== desired.generation || running === shown.running) return null;
  return running === (desired.want === 'running') ? null : running;
}

/** The condition that says most: what stalls it, else whether it is ready. */
function tellingOf(observed: ObservedSpace | null): { readonly reason: string; readonly message: string } {
  const conditions = observed?.conditions ?? [];
  const stalled = conditions.find(({ type, status }) => type === 'Stalled' && status === 'True');
  return stalled ?? conditions.find(({ type }) => type === 'Ready') ?? { reason: '', message: '' };
}

/** Ids of version 7 begin with the ms since the epoch at which they were made; 0 for others. */
function madeAt(id: string): number {
  return id[14] === '7' ? Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) : 0;
}
