import { asObject, numberAt, objectAt, objectsAt, textAt, type JsonObject } from './json.js';

/**
 * What one line of the event stream tells that a look does not know already. `nothing`: Nomad is on its way, and tells
 * of its next step by itself. `registration`: a job was registered at this index, and that alone.
 */
export type News =
  { readonly of: 'nothing' } | { readonly of: 'registration'; readonly index: number } | { readonly of: 'something' };

const SOMETHING: News = { of: 'something' };

/** Evaluations whose end says nothing where they placed all they were to place. */
const PLACING = ['job-register', 'deployment-watcher'];

/** Whatever is not known to be a mere step is news. */
export function newsOf(line: JsonObject): News {
  const index = numberAt(line, 'Index');
  const events = objectsAt(line, 'Events');
  const others = events.filter((event) => !isStep(event, index));
  if (events.length === 0) return SOMETHING;
  if (others.length === 0) return { of: 'nothing' };
  return others.every(isRegistration) ? { of: 'registration', index } : SOMETHING;
}

function isStep(event: JsonObject, index: number): boolean {
  const payload = objectAt(event, 'Payload');
  switch (textAt(event, 'Topic')) {
    case 'Evaluation':
      return isStepOfEvaluation(objectAt(payload, 'Evaluation'));
    case 'Deployment':
      // an allocation's health, which a deployment succeeds by, is told by its client before
      return ['running', 'successful'].includes(textAt(objectAt(payload, 'Deployment'), 'Status'));
    case 'Allocation':
      return isFirstPlacement(objectAt(payload, 'Allocation'), index);
    case 'Job':
      return textAt(event, 'Type') === 'PlanResult';
    default:
      return false;
  }
}

function isStepOfEvaluation(evaluation: JsonObject): boolean {
  const status = textAt(evaluation, 'Status');
  if (status === 'pending') return true;
  const failed = Object.keys(asObject(evaluation['FailedTGAllocs'] ?? {}));
  return status === 'complete' && failed.length === 0 && PLACING.includes(textAt(evaluation, 'TriggeredBy'));
}

/** Its client is going to tell what becomes of it. */
function isFirstPlacement(allocation: JsonObject, index: number): boolean {
  return (
    numberAt(allocation, 'CreateIndex') === index &&
    textAt(allocation, 'PreviousAllocation') === '' &&
    textAt(allocation, 'DesiredStatus') === 'run' &&
    textAt(allocation, 'ClientStatus') === 'pending'
  );
}

function isRegistration(event: JsonObject): boolean {
  return textAt(event, 'Topic') === 'Job' && textAt(event, 'Type') === 'JobRegistered';
}
