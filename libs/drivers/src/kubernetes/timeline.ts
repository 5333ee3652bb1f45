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
  const at = timeAt(event, 'lastTimestamp') || timeAt(event, 'eventTime') || timeAt(metadata, 'creationTimestamp');
  const count = Math.max(numberAt(event, 'count'), numberAt(objectAt(event, 'series'), 'count'));
  const times = count > 1 ? ` (${count} times)` : '';
  const kind = textAt(objectAt(event, 'involvedObject'), 'kind');
  const message = `${kind}: ${wordsFor(textAt(event, 'reason'), plainWords(textAt(event, 'message')))}${times}`;
  return { id: textAt(metadata, 'uid'), at, source: 'kubernetes', reason: textAt(event, 'reason') || 'Event', message };
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
  const told = events
    .toSorted((a, b) => timeAt(b, 'lastTimestamp') - timeAt(a, 'lastTimestamp'))
    .find((event) => ['FailedMount', 'FailedAttachVolume', 'ProvisioningFailed'].includes(textAt(event, 'reason')));
  if (!told) return null;
  const said = plainWords(textAt(told, 'message'));
  return { reason: 'VolumeFailed', message: `A volume of it cannot be used: ${said}.` };
}

/** The same for pods that a controller cannot make, where its status does not say so. */
export function createTrouble(events: readonly JsonObject[]): Trouble | null {
  const told = events.findLast((event) => textAt(event, 'reason') === 'FailedCreate');
  return told
    ? creationTrouble(
        textAt(told, 'message')
          .replace(/^.*?: pods /, 'pods ')
          .replace(/^Error creating: /, ''),
      )
    : null;
}
