import { createHash } from 'node:crypto';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis, type Cluster } from 'ioredis';
import { KnotError } from '../../errors/index.js';
import { tlsTrouble } from '../tls-trouble.js';
import { connectRedis } from './client.js';
import type { RedisPlace } from './place.js';

export type Argument = string | number;

/** One command; a script of a commit takes well under 10 ms. */
const COMMAND_MS = 10_000;
/** How long a command is tried again while Redis is away, restarts or changes its master. */
const PATIENCE_MS = 15_000;
const LONGEST_PAUSE_MS = 250;

/** Answers of a server that is not the one to ask at the moment: another one, or the same a little later, will do. */
const PASSING = /^(READONLY|LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|BUSY|UNBLOCKED)\b/;

export interface Patience {
  /** How long a command is tried again, ms. */
  readonly patienceMs: number;
  /** How long one command may take, ms. */
  readonly commandMs: number;
}

const PATIENT: Patience = { patienceMs: PATIENCE_MS, commandMs: COMMAND_MS };

/** One connection to Redis that answers or throws `store.unavailable`; nothing waits for it without end. */
export class RedisConnection {
  readonly #client: Redis | Cluster;
  readonly #hashes = new Map<string, string>();
  #closed = false;
  #lastError = '';

  constructor(
    private readonly place: RedisPlace,
    private readonly patience: Patience = PATIENT,
  ) {
    this.#client = connectRedis(place, patience.commandMs);
    // Without a listener ioredis prints each failed attempt; the last one is told with the command that failed for it.
    this.#client.on('error', (error: Error) => (this.#lastError = reasonOf(error)));
    this.#client.on('ready', () => (this.#lastError = ''));
  }

  get client(): Redis | Cluster {
    return this.#client;
  }

  /** Runs a script on `base`. It may run twice when the connection breaks: a script that writes must know itself again. */
  script(text: string, base: string, ...args: readonly Argument[]): Promise<unknown> {
    return this.ask((client) => this.#evaluate(client, text, base, args));
  }

  /** Tries again while Redis is away. Throws `store.unavailable`, or `internal` for an answer that no patience mends. */
  async ask<T>(command: (client: Redis | Cluster) => Promise<T>): Promise<T> {
    const end = performance.now() + this.patience.patienceMs;
    for (let pause = 5; ; pause = Math.min(LONGEST_PAUSE_MS, pause * 2)) {
      if (this.#closed) throw new KnotError('store.unavailable', 'the store is closed (Redis)');
      try {
        this.#gather();
        return await command(this.#client);
      } catch (error) {
        const hopeless = performance.now() > end || isForGood(this.#lastError);
        if (this.#closed || hopeless || !passes(error)) throw this.#toStoreError(error);
        await sleep(pause);
      }
    }
  }

  /** What is asked in one turn of the event loop leaves in one write: by a profile that is what a command costs most. */
  #gather(): void {
    if (!(this.#client instanceof Redis)) return;
    const stream: Writable | undefined = this.#client.stream;
    if (stream === undefined || stream.writableCorked > 0) return;
    stream.cork();
    process.nextTick(() => stream.uncork());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#client.quit().catch(() => this.#client.disconnect());
  }

  /** Every server that holds data: the master, or all masters of a Cluster. */
  async masters(): Promise<readonly Redis[]> {
    if (this.#client instanceof Redis) return [this.#client];
    await this.ask((client) => client.ping());
    return this.#client.nodes('master');
  }

  async #evaluate(client: Redis | Cluster, text: string, base: string, args: readonly Argument[]): Promise<unknown> {
    try {
      return await client.evalsha(this.#hashOf(text), 1, base, ...args);
    } catch (error) {
      if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
      return client.eval(text, 1, base, ...args);
    }
  }

  #hashOf(text: string): string {
    const known = this.#hashes.get(text);
    if (known !== undefined) return known;
    const hash = createHash('sha1').update(text).digest('hex');
    this.#hashes.set(text, hash);
    return hash;
  }

  #toStoreError(error: unknown): KnotError {
    if (error instanceof KnotError) return error;
    if (this.#closed)
      return new KnotError('store.unavailable', 'the store is closed (Redis)', '', {}, { cause: error });
    const text = error instanceof Error ? error.message : String(error);
    const hosts = this.place.hosts.join(', ');
    const sentence = refusalOf(text, this.#lastError);
    if (sentence !== undefined) {
      return new KnotError(
        'store.unavailable',
        `${sentence.message} (Redis at ${hosts})`,
        sentence.hint,
        {},
        { cause: error },
      );
    }
    if (!isAway(text)) return new KnotError('internal', `the store failed: ${text}`, '', {}, { cause: error });
    const why = this.#lastError === '' ? text : this.#lastError;
    const hint = 'Check that Redis runs and can be reached; nothing of what was told done is lost.';
    return new KnotError('store.unavailable', `Redis at ${hosts} does not answer: ${why}`, hint, {}, { cause: error });
  }
}

interface Refusal {
  readonly message: string;
  readonly hint: string;
}

function refusalOf(text: string, lastError: string): Refusal | undefined {
  if (text.startsWith('OOM')) {
    return {
      message: 'the memory of the store is full',
      hint: 'Raise maxmemory of Redis; nothing of what was told done is lost.',
    };
  }
  if (text.startsWith('MISCONF') || text.startsWith('NOREPLICAS')) {
    return { message: `the store takes no writes: ${text}`, hint: 'See to its disk and its replicas.' };
  }
  if (/^(WRONGPASS|NOAUTH|NOPERM)/.test(text) || NO_PASSWORD.test(lastError)) {
    return { message: 'Redis refused the password', hint: 'Check server.redis.password.' };
  }
  return trust(lastError);
}

const NO_PASSWORD = /WRONGPASS|NOAUTH/;

/** A server that is not trusted, or wants another password, will not be had by asking it again. */
function isForGood(lastError: string): boolean {
  return NO_PASSWORD.test(lastError) || trust(lastError) !== undefined;
}

function trust(lastError: string): Refusal | undefined {
  return tlsTrouble(lastError, 'server.redis');
}

/** A Cluster says that no node helped; why is what its last node said. */
function reasonOf(error: Error): string {
  return 'lastNodeError' in error && error.lastNodeError instanceof Error ? error.lastNodeError.message : error.message;
}

function passes(error: unknown): boolean {
  if (error instanceof KnotError) return false;
  const text = error instanceof Error ? error.message : String(error);
  return PASSING.test(text) || isAway(text);
}

/** What ioredis says of a connection that is not there, or that was lost while it waited for an answer. */
function isAway(text: string): boolean {
  return /(Connection is closed|isn't writeable|Command timed out|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|sentinels are unreachable|Failed to refresh slots|None of startup nodes|Stream connection ended|Cluster isn't ready|Cluster is ended|max retries)/i.test(
    text,
  );
}
