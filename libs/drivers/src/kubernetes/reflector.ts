import type { IncomingMessage } from 'node:http';
import { isKnotError, KnotError } from '@knot/shared/errors';
import { pause, type DriverClock } from '../clock.js';
import type { KubeApi } from './api.js';
import { asObject, numberAt, objectAt, textAt, type JsonObject } from './json.js';
import type { KindCache, News } from './kind-cache.js';
import type { Resource } from './kinds.js';

export interface ReflectorOptions {
  readonly api: KubeApi;
  readonly kind: Resource;
  readonly labelSelector: string;
  /** Kept as far as it is followed. */
  readonly cache: KindCache;
  readonly clock: DriverClock;
  /** The API server sends a bookmark about every minute; of two that do not come, neither is late by chance. ms */
  readonly silenceMs: number;
  readonly onChange: (space: string, change: Change) => void;
  /** Connected; `gap` where changes may have been missed since the last time. */
  readonly onConnected: (gap: boolean) => void;
}

/** An object of a space that came, changed in what is kept of it, or went. */
export interface Change {
  readonly kind: Resource;
  readonly name: string;
  /** '' for what went. */
  readonly version: string;
  readonly news: Exclude<News, 'none'> | 'gone';
}

const BACK_OFF = { firstMs: 200, mostMs: 15_000 };
/** What an account may not watch may be granted later. */
const FORBIDDEN_MS = 30_000;
/** The API server ends each watch after this; the next goes on where it ended. */
const WATCH_SECONDS = 300;
/** One that ends before, and has told nothing, is no watch: something on the way to the API server ends it. ms */
const SHORT_MS = 1_000;
const MAX_LINE = 16 * 1024 * 1024;

/** The revision is too old for the server to go on from: all is listed again. */
class Expired extends Error {}

/**
 * Follows one kind: a paged list, then watches that each go on from the last bookmark or object. A relist tells only
 * what differs from what was known, by revision, so it makes no burst of work.
 */
export class Reflector {
  private revision = '';
  private listed = false;
  /** In a row, without a watch between them that held or told something. */
  private failures = 0;
  private broken = false;

  constructor(private readonly options: ReflectorOptions) {}

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.options;
    while (!signal.aborted) {
      try {
        if (this.revision === '') await this.list(signal);
        await this.follow(signal);
      } catch (error) {
        if (error instanceof Expired) {
          this.options.cache.following = false;
          this.revision = '';
          // one that calls too old what it has just listed is not asked without end
          if (this.failures > 0) await pause(clock, this.pauseMs(error), signal);
          else this.failures = 1;
          continue;
        }
        if (!isKnotError(error) && !isSocketError(error)) throw error;
        this.broken = true;
        this.options.cache.following = false;
        await pause(clock, this.pauseMs(error), signal);
      }
    }
  }

  private pauseMs(error: unknown): number {
    this.failures += 1;
    if (isKnotError(error, 'backend.forbidden')) return FORBIDDEN_MS * (0.75 + Math.random() / 2);
    const asked = isKnotError(error) ? Number(error.details['retryAfterMs']) || 0 : 0;
    const most = Math.min(BACK_OFF.mostMs, BACK_OFF.firstMs * 2 ** (this.failures - 1));
    return Math.max(asked, most / 2 + (Math.random() * most) / 2);
  }

  private async list(signal: AbortSignal): Promise<void> {
    const { api, kind, labelSelector, cache } = this.options;
    const { items, revision } = await api.list(kind, { labelSelector }, signal);
    const gone = new Set(cache.names());
    for (const object of items) {
      const { name, version } = idOf(object);
      gone.delete(name);
      if (cache.versionOf(name) === version) continue;
      // of the first list all is told at once, by its connection
      if (this.listed) this.note(object);
      else cache.put(object);
    }
    for (const name of gone) this.forget(name);
    this.listed = true;
    this.reached(revision);
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const { api, kind, labelSelector, cache, clock, silenceMs, onConnected } = this.options;
    const connection = new AbortController();
    const end = () => connection.abort();
    signal.addEventListener('abort', end, { once: true });
    const query = {
      labelSelector,
      watch: 'true',
      allowWatchBookmarks: 'true',
      resourceVersion: this.revision,
      timeoutSeconds: String(WATCH_SECONDS),
    };
    let [watchdog, since]: [unknown, number | null] = [null, null];
    let heardAt = 0;
    const heard = () => (heardAt = clock.monotonic());
    const watch = () => {
      const leftMs = heardAt + silenceMs - clock.monotonic();
      if (leftMs <= 0) end();
      else watchdog = clock.setTimeout(watch, leftMs);
    };
    try {
      const response = await this.open(api, api.path(kind, '', query), connection.signal);
      heard();
      watch();
      since = clock.monotonic();
      cache.following = true;
      onConnected(this.broken);
      this.broken = false;
      const told = await this.read(response, connection.signal, heard);
      if (connection.signal.aborted && !signal.aborted) this.broken = true;
      if (!told && !signal.aborted && clock.monotonic() - since < SHORT_MS) throw tooShort();
    } finally {
      if (since !== null && clock.monotonic() - since >= SHORT_MS) this.failures = 0;
      if (this.broken || signal.aborted) cache.following = false;
      if (watchdog !== null) clock.clearTimeout(watchdog);
      signal.removeEventListener('abort', end);
      connection.abort();
    }
  }

  private async open(api: KubeApi, path: string, signal: AbortSignal): Promise<IncomingMessage> {
    try {
      return await api.open(path, `follow the ${this.options.kind.plural}`, signal);
    } catch (error) {
      if (isKnotError(error) && error.details['status'] === 410) throw new Expired();
      throw error;
    }
  }

  /** Answers whether it told anything. */
  private read(response: IncomingMessage, signal: AbortSignal, heard: () => void): Promise<boolean> {
    let [rest, told] = ['', false];
    const take = (piece: string) => {
      heard();
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        this.take(line);
        told = true;
      }
      if (rest.length > MAX_LINE) throw new KnotError('backend.unavailable', 'An event came without an end.');
    };
    const reading = new Promise<boolean>((resolve, reject) => {
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        if (signal.aborted) return;
        try {
          take(piece);
        } catch (error) {
          reject(error);
        }
      });
      response.on('end', () => resolve(told));
      response.on('error', reject);
      response.on('close', () => reject(new KnotError('backend.unavailable', 'The watch was cut off.')));
    });
    return reading.finally(() => response.destroy());
  }

  private take(line: string): void {
    const event = asObject(parsed(line));
    const object = objectAt(event, 'object');
    if (textAt(event, 'type') !== 'ERROR') this.failures = 0;
    switch (textAt(event, 'type')) {
      case 'ADDED':
      case 'MODIFIED':
        this.note(object);
        break;
      case 'DELETED':
        this.forget(idOf(object).name);
        break;
      case 'BOOKMARK':
        this.reached(idOf(object).version);
        return;
      case 'ERROR':
        if (numberAt(object, 'code') === 410) throw new Expired();
        throw new KnotError('backend.unavailable', `The watch was ended: ${textAt(object, 'message')}`);
      default:
        return;
    }
    this.reached(idOf(object).version);
  }

  private note(object: JsonObject): void {
    const { cache } = this.options;
    const { name, version } = idOf(object);
    const before = cache.spaceOf(name);
    const news = cache.put(object);
    const now = cache.spaceOf(name);
    // an object whose label was changed is news to both
    if (before !== now) this.tell(before, { name, version: '', news: 'gone' });
    if (news !== 'none') this.tell(now, { name, version, news });
  }

  private forget(name: string): void {
    const { cache } = this.options;
    const space = cache.spaceOf(name);
    cache.drop(name);
    this.tell(space, { name, version: '', news: 'gone' });
  }

  private tell(space: string, change: Omit<Change, 'kind'>): void {
    const { kind, onChange } = this.options;
    if (space !== '') onChange(space, { kind, ...change });
  }

  private reached(revision: string): void {
    this.revision = revision;
    this.options.cache.revision = revision;
  }
}

function tooShort(): KnotError {
  return new KnotError('backend.unavailable', 'The watch ended at once, and told nothing.');
}

function idOf(object: JsonObject): { readonly name: string; readonly version: string } {
  const metadata = objectAt(object, 'metadata');
  return { name: textAt(metadata, 'name'), version: textAt(metadata, 'resourceVersion') };
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
