import type { TimelineEvent, Trouble } from '@knot/domain';
import { numberAt, objectAt, textAt, timeAt, type JsonObject } from './json.js';
import { creationTrouble } from './health.js';
import { plainWords } from './refusal.js';

const MAX_EVENTS = 50;
/** Said of every pod, and of no use to whoever waits for it. */
const NOISE = new Set(['MissingClusterDNS', 'Preempting', 'DNSConfigForming']);

/** Kubernetes' events of a space's objects as its timeline, oldest first. */
export function timelineOf(events: readonly JsonObject[]): readonly TimelineEvent[] {
  return events
    .filter((event) => !NOISE.has(textAt(event, 'reason')))
    .map(lineOf)
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .slice(-MAX_EVENTS);
}

function lineOf(event: JsonObject): TimelineEvent {
  const metadata = objectAt(event, 'metadata');
  const at = timeOf(event);
  const count = Math.max(numberAt(event, 'count'), numberAt(objectAt(event, 'series'), 'count'));
  const times = count > 1 ? ` (${count} times)` : '';
  const kind = textAt(objectAt(event, 'involvedObject'), 'kind');
  const message = `${kind}: ${wordsFor(textAt(event, 'reason'), plainWords(textAt(event, 'message')))}${times}`;
  return { id: textAt(metadata, 'uid'), at, source: 'kubernetes', reason: textAt(event, 'reason') || 'Event', message };
}

function timeOf(event: JsonObject): number {
  const made = timeAt(objectAt(event, 'metadata'), 'creationTimestamp');
  return timeAt(event, 'lastTimestamp') || timeAt(event, 'eventTime') || made;
}

/** What was told last for one of the reasons: the API server lists events in no order that says anything. */
function lastOf(events: readonly JsonObject[], ...reasons: readonly string[]): JsonObject | undefined {
  return events
    .filter((event) => reasons.includes(textAt(event, 'reason')))
    .toSorted((a, b) => timeOf(a) - timeOf(b))
    .at(-1);
}

function wordsFor(reason: string, said: string): string {
  switch (reason) {
    case 'Scheduled':
      return `a node has taken it: ${said.replace(/^.* to /, '')}.`;
    case 'Pulling':
      return `its image is fetched: ${said}.`;
    case 'Started':
      return 'a container started.';
    case 'Killing':
      return `is being ended: ${said}.`;
    case 'FailedCreate':
      return creationTrouble(said.replace(/^Error creating: /, '')).message;
    default:
      return `${said}.`;
  }
}

/** What waits in the events while a pod's own status only says that it is being made. */
export function mountTrouble(events: readonly JsonObject[]): Trouble | null {
  const told = lastOf(events, 'FailedMount', 'FailedAttachVolume', 'ProvisioningFailed');
  if (!told) return null;
  const said = plainWords(textAt(told, 'message'));
  return { reason: 'VolumeFailed', message: `A volume of it cannot be used: ${said}.` };
}

/** The same for pods that a controller cannot make, where its status does not say so. */
export function createTrouble(events: readonly JsonObject[]): Trouble | null {
  const told = lastOf(events, 'FailedCreate');
  return told
    ? creationTrouble(
        textAt(told, 'message')
          .replace(/^.*?: pods /, 'pods ')
          .replace(/^Error creating: /, ''),
      )
    : null;
}
