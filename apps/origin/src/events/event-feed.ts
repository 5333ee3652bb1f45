import type { ServerResponse } from 'node:http';
import type { Clock } from '@knot/shared';
import { isKnotError } from '@knot/shared/errors';
import type { LogEntry, Position, Store } from '@knot/shared/store';
import type { Call } from '../http/call.js';
import type { Proofs } from '../identity/proofs.js';
import type { ChangedObjects } from './changed-objects.js';
import { eventId, parseEventId } from './event-position.js';
import type { Liveness } from './liveness.js';
import { SseWriter } from './sse-writer.js';
import { Wakeup } from './wakeup.js';

const BATCH = 500;
/** Changes of this long are sent together, each object once. */
const GATHER_MS = 100;
const POLL_MS = 1_000;
const HEARTBEAT_MS = 15_000;
const PROOF_CHECK_MS = 5_000;

export interface EventFeedPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly objects: ChangedObjects;
  readonly proofs: Proofs;
  readonly liveness: Liveness;
}

/** The live events of one browser or program each: read from the log, filtered by what its user may see. */
export class EventFeed {
  private readonly open = new Set<Wakeup>();
  private readonly unsubscribe: () => void;
  private closed = false;

  constructor(private readonly ports: EventFeedPorts) {
    const offCommit = ports.store.onCommit((streams) => {
      if (streams.includes('events')) for (const wakeup of this.open) wakeup.wake();
    });
    const offLiveness = ports.liveness.onChange(() => {
      for (const wakeup of this.open) wakeup.wake();
    });
    this.unsubscribe = () => {
      offCommit();
      offLiveness();
    };
  }

  get count(): number {
    return this.open.size;
  }

  /** Ends when the reader goes, its session or token ends, or the server closes. */
  async follow(call: Call, lastEventId: string, response: ServerResponse): Promise<void> {
    const wakeup = new Wakeup();
    const writer = new SseWriter(response);
    response.on('close', () => wakeup.stop());
    this.open.add(wakeup);
    const forget = this.ports.liveness.onChange((location) => writer.note(location));
    try {
      if (!this.closed) await this.send(call, parseEventId(lastEventId), lastEventId !== '', writer, wakeup);
    } finally {
      forget();
      this.open.delete(wakeup);
      response.end();
    }
  }

  close(): void {
    this.closed = true;
    this.unsubscribe();
    for (const wakeup of this.open) wakeup.stop();
  }

  private async send(
    call: Call,
    from: Position | null,
    resumes: boolean,
    writer: SseWriter,
    wakeup: Wakeup,
  ): Promise<void> {
    const { store, clock, proofs } = this.ports;
    let position = from ?? (await store.head('events'));
    // an id of ours that does not parse is one of another history
    if (resumes && !from) await writer.event('relist', {}, eventId(position));
    else await writer.event('hello', {}, eventId(position));
    let who: Call = call;
    let provedAt = clock.monotonic();
    let spokeAt = clock.monotonic();
    while (!wakeup.stopped && !writer.ended) {
      const silent = writer.takeNotes();
      const entries = await this.entries(position);
      // who reads may be changed by what is read next: a role that was taken away sees nothing of it
      if (clock.monotonic() - provedAt >= PROOF_CHECK_MS || entries?.some((entry) => concerns(entry, who))) {
        const again = await proofs.again(who.proofId);
        if (!again) return;
        const same = JSON.stringify(again.actor) === JSON.stringify(who.actor);
        who = { ...call, ...again };
        provedAt = clock.monotonic();
        if (!same) await writer.event('refresh', { kind: 'me' }, '');
      }
      if (entries === null) {
        position = await store.head('events');
        await writer.event('relist', {}, eventId(position));
        spokeAt = clock.monotonic();
        continue;
      }
      const last = entries.at(-1);
      if (last) position = { epoch: position.epoch, rev: last.rev, nonce: last.nonce };
      const news = await this.tell(who, [...entries, ...silent.map(livenessEntry)], position, writer);
      if (news) spokeAt = clock.monotonic();
      else if (clock.monotonic() - spokeAt >= HEARTBEAT_MS) {
        // an event, not a comment: a browser's page hears of events only
        await writer.event('heartbeat', {}, '');
        spokeAt = clock.monotonic();
      }
      if (entries.length === BATCH) continue;
      await wakeup.next(POLL_MS);
      if (wakeup.woken && !wakeup.stopped) await clock.sleep(GATHER_MS);
    }
  }

  /** Null when the position is of another history or behind what the log still holds. */
  private async entries(position: Position): Promise<readonly LogEntry[] | null> {
    try {
      return await this.ports.store.log('events', position, BATCH);
    } catch (error) {
      if (isKnotError(error, 'sync.relist')) return null;
      throw error;
    }
  }

  private async tell(
    call: Call,
    entries: readonly LogEntry[],
    position: Position,
    writer: SseWriter,
  ): Promise<boolean> {
    if (entries.length === 0) return false;
    const shown = await this.ports.objects.read(call, entries);
    for (const change of shown) await writer.event('change', change, '');
    // what every space shows may differ now, without a row of it having changed
    const wide = entries.some(({ kind }) => kind === 'template' || kind === 'variable' || kind === 'lease');
    if (wide) await writer.event('refresh', { kind: 'space' }, '');
    await writer.position(eventId(position));
    // what this reader does not see is no word to it
    return shown.length > 0 || wide;
  }
}

/** Whether an entry may change what its reader may do. */
function concerns({ kind, id }: LogEntry, { actor, proofId }: Call): boolean {
  if (kind === 'session' || kind === 'token') return id === proofId;
  return kind === 'role' || (kind === 'user' && id === actor.id);
}

/** A location that fell silent writes nothing: its entry is made up. */
function livenessEntry(location: string): LogEntry {
  return { rev: 0, nonce: '', kind: 'lease', id: location, op: 'put' };
}
