import type { IncomingMessage } from 'node:http';
import type { Scope } from '@knot/domain';
import { isKnotError, KnotError } from '@knot/shared/errors';
import { pause, type DriverClock } from '../clock.js';
import { bearsScope, META } from './job-mark.js';
import { newsOf } from './event-news.js';
import { asObject, isObject, objectAt, objectsAt, textAt, type JsonObject } from './json.js';
import type { NomadClient } from './nomad-client.js';
import { OwnRegistrations } from './own-registrations.js';

type Hint = (space: string | null) => void;

const JOB_TOPICS = 'topic=Job&topic=Allocation&topic=Evaluation&topic=Deployment';
const ALL_TOPICS = `${JOB_TOPICS}&topic=HostVolume&topic=CSIVolume`;
/** The jobs of spaces are named after them; so little is looked for because every event of the namespace is. */
const JOB_NAMES = /knot-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/g;
/** Names of volumes hold the space's, where the template's author put it. */
const UUIDS = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const BACK_OFF = { firstMs: 200, mostMs: 15_000 };
/** Nomad sends a heartbeat every 30 s; of two that do not come, neither is late by chance. */
const SILENCE_MS = 75_000;
/** One event holds a whole job; a line longer than this is not read, but counts as a gap. */
const MAX_LINE = 32 * 1024 * 1024;

/**
 * Nomad's event stream, read as hints only: it keeps some hundred events and drops the rest without a word. So after
 * each connection all is to be listed, and its lines are searched for names of spaces. Of those it is understood only
 * whether they are worth a look: a start is told in some eight lines, of which one or two are (ADR 0032).
 */
export class EventWatch {
  /** Spaces that are this location's: asked about by the leaf, or told by the mark of a job in the stream. */
  private readonly ours = new Set<string>();
  readonly registrations = new OwnRegistrations();

  constructor(
    private readonly client: NomadClient,
    private readonly scope: Scope,
    private readonly clock: DriverClock,
    private readonly silenceMs = SILENCE_MS,
  ) {}

  follow(space: string): void {
    this.ours.add(space);
  }

  unfollow(space: string): void {
    this.ours.delete(space);
    this.registrations.forget(space);
  }

  async run(hint: Hint, signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const connection = new AbortController();
      const end = () => connection.abort();
      signal.addEventListener('abort', end, { once: true });
      try {
        await this.connect(hint, connection, () => (failures = 0));
      } catch (error) {
        // Every failure of the connection has one answer: connect again. What is wrong is told by health().
        if (!isKnotError(error) && !isSocketError(error)) throw error;
      } finally {
        signal.removeEventListener('abort', end);
        connection.abort();
      }
      failures += 1;
      const most = Math.min(BACK_OFF.mostMs, BACK_OFF.firstMs * 2 ** (failures - 1));
      await pause(this.clock, most / 2 + (Math.random() * most) / 2, signal);
    }
  }

  private async connect(hint: Hint, connection: AbortController, connected: () => void): Promise<void> {
    const { signal } = connection;
    const response = await this.open(signal);
    let watchdog: unknown = null;
    const heard = () => {
      if (watchdog !== null) this.clock.clearTimeout(watchdog);
      watchdog = this.clock.setTimeout(() => connection.abort(), this.silenceMs);
    };
    heard();
    hint(null);
    connected();
    try {
      let rest = '';
      response.setEncoding('utf8');
      for await (const piece of response) {
        if (signal.aborted) return;
        heard();
        const lines = (rest + String(piece)).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) this.read(line, hint);
        if (rest.length > MAX_LINE) throw new KnotError('backend.unavailable', 'Nomad sent an event without an end.');
      }
    } finally {
      if (watchdog !== null) this.clock.clearTimeout(watchdog);
      response.destroy();
    }
  }

  /** A token that may not look at volumes may still look at jobs. */
  private async open(signal: AbortSignal): Promise<IncomingMessage> {
    try {
      return await this.client.open('event/stream', 'follow its events', signal, ALL_TOPICS);
    } catch (error) {
      if (!isKnotError(error, 'backend.forbidden')) throw error;
      return this.client.open('event/stream', 'follow its events', signal, JOB_TOPICS);
    }
  }

  private read(line: string, hint: Hint): void {
    if (line.length < 3) return;
    const ofVolume = line.includes('"Topic":"HostVolume"') || line.includes('"Topic":"CSIVolume"');
    const names = ofVolume ? line.matchAll(UUIDS) : line.matchAll(JOB_NAMES);
    const spaces = new Set([...names].map(([whole, space = whole]) => space));
    if (spaces.size === 0) return;
    // what a client tells of an allocation, and of volumes, is always worth a look
    const told = ofVolume || line.includes('"AllocationUpdated"') ? null : asObject(parsed(line));
    const isNew = [...spaces].some((space) => !this.ours.has(space));
    if (isNew && line.includes('"Topic":"Job"')) this.learn(told ?? asObject(parsed(line)));
    const ours = [...spaces].filter((space) => this.ours.has(space));
    if (ours.length === 0) return;
    const news = told ? newsOf(told) : null;
    if (news?.of === 'nothing') return;
    for (const space of ours) {
      if (news?.of === 'registration') this.registrations.seen(space, news.index, () => hint(space));
      else hint(space);
    }
  }

  /** Jobs come with their meta; of all else only the name is told. */
  private learn(line: JsonObject): void {
    for (const event of objectsAt(line, 'Events')) {
      const job = objectAt(objectAt(event, 'Payload'), 'Job');
      if (textAt(event, 'Topic') === 'Job' && isObject(job) && bearsScope(job, this.scope)) {
        this.ours.add(textAt(objectAt(job, 'Meta'), META.space));
      }
    }
  }
}

/** Node gives each error of a connection a code. */
function isSocketError(error: unknown): boolean {
  return error instanceof Error && 'code' in error;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
