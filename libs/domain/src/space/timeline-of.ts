import { START_PHASES, type Observation, type StartPhase, type TimelineEvent } from './observed.js';
import type { Sight } from './sight.js';

const MOST_EVENTS = 50;

/** What knot did and what the backend told, each once, oldest first, the last 50. */
export function eventsOf({ observation, deeds, previous }: Sight): readonly TimelineEvent[] {
  const events = new Map<string, TimelineEvent>();
  for (const event of [...(previous?.events ?? []), ...(observation?.events ?? []), ...deeds]) {
    events.set(event.id, event);
  }
  return [...events.values()].sort((a, b) => a.at - b.at).slice(-MOST_EVENTS);
}

/** How far the present start has come, with the time each step was first reached. Of a stopped space: its last start. */
export function phasesOf(sight: Sight, isReady: boolean): readonly StartPhase[] {
  const { desired, previous, now } = sight;
  if (desired.want !== 'running') return previous?.phases ?? [];
  const before = previous?.observedGeneration === desired.generation ? previous.phases : [];
  const reached = reachedPhases(sight, isReady);
  return START_PHASES.flatMap((name): StartPhase[] => {
    const known = before.find((phase) => phase.name === name);
    if (known) return [known];
    const at = reached[name];
    return at === undefined ? [] : [{ name, at: Math.min(at, now) }];
  });
}

type Reached = Partial<Record<StartPhase['name'], number>>;

function reachedPhases({ desired, record, observation, wanted, now }: Sight, isReady: boolean): Reached {
  const reached: Reached = { Accepted: desired.wishedAt, Received: record.wish.since };
  const workload = observation?.workload;
  if (!observation || !workload) return reached;
  const isReadyVolume = (id: string) => observation.volumes.some((v) => v.backendId === id && v.state === 'ready');
  const handedOver = workload.state === 'present' && record.appliedHash === desired.snapshot?.hash;
  if (handedOver || wanted?.every(({ backendId }) => isReadyVolume(backendId))) reached.Volumes = now;
  if (!handedOver) return reached;
  reached.Submitted = Math.max(record.appliedAt, record.wish.since);
  if (workload.instance === '') return reached;
  reached.Placed = now;
  const started = startedAt(observation, reached.Submitted);
  if (started !== null) reached.Started = started;
  if (workload.health !== 'healthy') return reached;
  reached.Started ??= now;
  if (isReady) reached.Ready = now;
  return reached;
}

/** When the backend says that what was handed over at `since` began to run: some time before it calls that healthy. */
function startedAt({ events }: Observation, since: number): number | null {
  return events.find(({ reason, at }) => reason === 'Started' && at >= since)?.at ?? null;
}
