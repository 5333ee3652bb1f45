import type { ConditionStatus, Reason, Trouble } from './condition.js';
import type { Step } from './next-step.js';
import type { Workload } from './observed.js';
import { sentence } from './sentence.js';
import type { Sight } from './sight.js';

interface Readiness {
  readonly status: ConditionStatus;
  readonly reason: Reason;
  readonly message: string;
}

/** Whether the space can be used, and if not, what it waits for or what is wrong: the reason a person reads first. */
export function readinessOf(sight: Sight): Readiness {
  const { desired, observation, failure } = sight;
  if (failure) return { status: observation ? 'False' : 'Unknown', ...failure.trouble };
  switch (desired.want) {
    case 'deleted':
      return leaving(sight, 'Deleting', 'It is being deleted.', 'Deleted', 'Everything of it is gone.');
    case 'stopped':
      return desired.closed
        ? leaving(sight, 'Stopping', 'Its schedule stops it.', 'StoppedBySchedule', desired.closed.message)
        : leaving(sight, 'Stopping', 'It is being stopped.', 'StoppedByUser', 'It is stopped.');
    case 'running':
      return running(sight);
  }
}

function leaving(
  { desired, observation, step, stopOverdue, backend }: Sight,
  reason: Reason,
  message: string,
  goneReason: Reason,
  goneMessage: string,
): Readiness {
  if (step?.do === 'hold') return held();
  const present = observation?.workload.state === 'present';
  const gone = desired.want === 'deleted' ? step?.do === 'finalize' : !present;
  if (gone) return no(goneReason, goneMessage);
  return present && stopOverdue
    ? no('StopTimeout', sentence(`${backend} has not ended it in time.`))
    : no(reason, message);
}

function running(sight: Sight): Readiness {
  const { observation, step } = sight;
  if (step?.do === 'stall') return no(step.trouble.reason, step.trouble.message);
  if (step?.do === 'hold') return held();
  if (!observation) return { status: 'Unknown', reason: 'Unknown', message: 'It could not be looked at.' };
  const { workload } = observation;
  switch (workload.state) {
    case 'foreign':
      return no('NameTaken', workload.message);
    case 'absent':
      return whileAbsent(sight, step);
    case 'present':
      return whilePresent(sight, workload);
  }
}

function whileAbsent({ record, backend }: Sight, step: Step | null): Readiness {
  if (record.ended)
    return no('Ended', 'It ended by itself, and its template says to leave it so. Restart to run it again.');
  if (step?.do === 'create-volumes' || step?.do === 'wait') return no('CreatingVolumes', 'Its volumes are being made.');
  return no('Submitting', `It is being handed to ${backend}.`);
}

function whilePresent(sight: Sight, workload: Extract<Workload, { state: 'present' }>): Readiness {
  const { desired, record, step, backend } = sight;
  if (record.restartsSatisfied < desired.restarts && record.appliedHash !== '') {
    return no('Restarting', 'It is being restarted, as was asked.');
  }
  if (record.appliedHash !== desired.snapshot?.hash)
    return no('Updating', sentence(`${backend} is being given the new version.`));
  if (workload.drift !== null) return no('Changed', `${workload.drift}. It is put back.`);
  const trouble = step?.do === 'wait' ? (step.trouble ?? workload.trouble) : workload.trouble;
  switch (workload.health) {
    case 'healthy':
      return { status: 'True', reason: 'Healthy', message: 'It runs and is well.' };
    case 'stopping':
      return no('Stopping', 'It is being ended; it starts again once that is over.');
    case 'ended':
      return step?.do === 'settle' ? ended(workload.exitCode) : told(trouble, 'Exited', 'It ended by itself.');
    case 'pending':
      return told(trouble, 'Placing', sentence(`${backend} has it and looks for a place.`));
    case 'starting':
      return told(trouble, 'Starting', 'It is starting.');
    case 'unhealthy':
      return told(trouble, 'Unhealthy', 'It runs but is not well.');
  }
}

function ended(exitCode: number | null): Readiness {
  const code = exitCode === null ? '' : ` with code ${exitCode}`;
  return no('Ended', `It ended by itself${code}, and its template says to leave it so. Restart to run it again.`);
}

function told(trouble: Trouble | null, reason: Reason, message: string): Readiness {
  return trouble ? no(trouble.reason, trouble.message) : no(reason, message);
}

function held(): Readiness {
  const message =
    'This leaf has no right to do what is due: it reaches neither its origin nor the lock of the backend.';
  return no('NotAllowedToAct', message);
}

function no(reason: Reason, message: string): Readiness {
  return { status: 'False', reason, message };
}
