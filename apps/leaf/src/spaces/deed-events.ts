import {
  sentence,
  type ApplyCause,
  type DesiredSpace,
  type RemoveCause,
  type TimelineEvent,
  type Workload,
} from '@knot/domain';

/** What knot did, in a sentence a person understands, with the reason. */
export function appliedEvent(
  cause: ApplyCause,
  desired: DesiredSpace,
  workload: Workload,
  backend: string,
  now: number,
): TimelineEvent {
  const [reason, message] = applied(cause, workload, backend);
  return event(desired, reason, message, now);
}

function applied(cause: ApplyCause, workload: Workload, backend: string): readonly [string, string] {
  switch (cause) {
    case 'create':
      return ['Submitted', `Handed to ${backend}.`];
    case 'update':
      return ['Updating', sentence(`${backend} was given the version that this start froze.`)];
    case 'missing':
      return ['Missing', `It was gone from ${backend} though nobody had asked knot to stop it, so it was put back.`];
    case 'drift': {
      const what = workload.state === 'present' && workload.drift !== null ? ` (${workload.drift})` : '';
      return ['Changed', `It was changed at ${backend} behind knot's back${what}, so it was put back as it should be.`];
    }
    case 'ended': {
      const code = workload.state === 'present' && workload.exitCode !== null ? ` with code ${workload.exitCode}` : '';
      return ['Exited', `It ended by itself${code}, so it was started again.`];
    }
    case 'restart':
      return ['Restarting', 'Started again, as was asked.'];
  }
}

export function removedEvent(cause: RemoveCause, desired: DesiredSpace, backend: string, now: number): TimelineEvent {
  switch (cause) {
    case 'stop':
      return event(
        desired,
        'Stopping',
        sentence(`${backend} was asked to end it, because its stop was asked for.`),
        now,
      );
    case 'delete':
      return event(desired, 'Deleting', sentence(`${backend} was asked to end it, because the space is deleted.`), now);
    case 'restart':
      return event(desired, 'Restarting', sentence(`${backend} was asked to end it for the restart.`), now);
  }
}

export function volumesEvent(made: number, desired: DesiredSpace, now: number): TimelineEvent {
  return event(
    desired,
    'CreatingVolumes',
    made === 1 ? 'A volume was asked for.' : `${made} volumes were asked for.`,
    now,
  );
}

export function destroyedEvent(count: number, desired: DesiredSpace, now: number): TimelineEvent {
  const what = count === 1 ? 'Its volume was' : `Its ${count} volumes were`;
  return event(desired, 'Deleting', `${what} destroyed with the space.`, now);
}

function event({ generation }: DesiredSpace, reason: string, message: string, now: number): TimelineEvent {
  return { id: `knot:${generation}:${reason}:${Math.round(now)}`, at: now, source: 'knot', reason, message };
}
