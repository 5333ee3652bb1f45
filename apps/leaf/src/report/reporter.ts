import { create } from '@bufbuild/protobuf';
import { sync, type SyncClient } from '@knot/contract';
import { failpoint, type Clock } from '@knot/shared';
import type { LeafStore, OutboxEntry } from '@knot/shared/store';
import type { RightToAct } from '../authority/right-to-act.js';
import { Bell } from '../bell.js';
import { volumeStatus } from '../volumes/volume-report.js';
import { parseObserved, parseVolumeReport } from '../wire/parse-json.js';
import { spaceStatus } from '../wire/space-status.js';
import { pause, within } from '../within.js';
import type { LocationReport } from './location-report.js';

const MOST = 500;
/** Payload characters of one message: the receiver takes 4 MB. */
const MOST_CHARACTERS = 1_000_000;
/** At most seven messages a second: each costs both ends more than what it tells, and the first one does not wait. */
const GAP_MS = 150;
const CALL_MS = 10_000;
/** Without the lease no report is taken; how often it is looked whether that has changed, ms. */
const UNHEARD_MS = 1_000;

/** Sends what was observed, the latest of each object, one message at a time; forgets what the origin has stored. */
export class Reporter {
  readonly counts = { reportsTaken: 0, reportsFailed: 0 };
  private readonly bell = new Bell();
  private readonly answers: sync.Answer[] = [];

  constructor(
    private readonly parts: {
      readonly sync: SyncClient;
      readonly store: LeafStore;
      readonly right: RightToAct;
      readonly location: LocationReport;
      readonly clock: Clock;
    },
  ) {}

  /** Something may stand in the outbox, or the leaf has something to say of itself. */
  poke(): void {
    this.bell.ring();
  }

  /** To a question of the origin; lost with a report that is not taken. */
  answer(answer: sync.Answer): void {
    this.answers.push(answer);
    this.poke();
  }

  /** Until the signal; throws when the origin does not take a report. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, location, right } = this.parts;
    location.begin();
    this.poke();
    while (!signal.aborted) {
      const dueMs = right.mayReport ? location.dueInMs() : UNHEARD_MS;
      await within(clock, dueMs, signal, (due) => this.bell.wait(due));
      while (!signal.aborted && (await this.send(signal))) await pause(clock, GAP_MS, signal);
    }
  }

  /** Answers whether there may be more to send. */
  private async send(signal: AbortSignal): Promise<boolean> {
    const { sync: client, store, right, location, clock } = this.parts;
    if (!right.mayReport) return false;
    const entries = bounded(await store.outbox(MOST));
    const own = location.isDue() ? await location.message() : undefined;
    const answers = this.answers.splice(0);
    if (entries.length === 0 && own === undefined && answers.length === 0) return false;
    const request = create(sync.ReportStatusRequestSchema, {
      term: BigInt(right.term),
      spaces: entries.flatMap(spaceEntry),
      volumes: entries.flatMap(volumeEntry),
      location: own,
      answers,
    });
    await failpoint('leaf.report.before-send');
    const answer = await within(clock, CALL_MS, signal, (limited) =>
      client.reportStatus(request, { signal: limited, deadlineMs: CALL_MS }),
    ).catch((error: unknown) => {
      this.counts.reportsFailed++;
      throw error;
    });
    this.counts.reportsTaken++;
    await failpoint('leaf.report.after-send');
    if (own) location.noteSent(own);
    if (entries.length > 0) await store.acknowledge(Number(answer.persistedSequence));
    return true;
  }
}

function bounded(entries: readonly OutboxEntry[]): readonly OutboxEntry[] {
  let characters = 0;
  const end = entries.findIndex(({ payload }, index) => {
    characters += payload.length;
    return index > 0 && characters > MOST_CHARACTERS;
  });
  return end === -1 ? entries : entries.slice(0, end);
}

function spaceEntry({ kind, payload, sequence }: OutboxEntry): sync.SpaceStatus[] {
  return kind === 'space' ? [spaceStatus(parseObserved(payload), sequence)] : [];
}

function volumeEntry({ kind, id, payload, sequence }: OutboxEntry): sync.VolumeStatus[] {
  return kind === 'volume' ? [volumeStatus(id, parseVolumeReport(payload), sequence)] : [];
}
