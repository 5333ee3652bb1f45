import type { Duplex } from 'node:stream';
import { LONGEST_USE_LINE, parseUseNews, USE_WATCH_UPGRADE, type UseLine, type WatchedUse } from '@knot/contract';
import { LineReader } from '@knot/link';
import type { Clock, ClockTimer, Logger } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { ProofEnds } from './proof-ends.js';

/** How long the origin has to say whether somebody still may; after that this leaf goes by what it knows. */
const VERDICT_MS = 2_000;
/** How long the answer is kept up to date once nothing is open any more, ms: pages come in many requests. */
const LINGER_MS = 30_000;

type Wanted = Omit<WatchedUse, 'key'>;

interface Watch extends Wanted {
  readonly key: string;
  readonly cuts: Set<() => void>;
  /** Null before the origin has said anything. */
  still: boolean | null;
  heard: PromiseWithResolvers<void>;
  /** While nothing is open. */
  linger: ClockTimer | null;
}

/** Something that is held open. */
export interface Held {
  readonly release: () => void;
  /** The origin has said yes; else this leaf goes by what it was told. */
  readonly sure: boolean;
}

/** What people have open here who came to this leaf themselves: the origin, while it is there, says who no longer may. */
export class Uses {
  private readonly watches = new Map<string, Watch>();
  private origin: Duplex | null = null;

  constructor(
    private readonly ends: ProofEnds,
    private readonly clock: Clock,
    private readonly logger: Logger,
  ) {}

  /** The origin's connection: all that is open is asked about anew. */
  serve(socket: Duplex): void {
    this.origin?.destroy();
    this.origin = socket;
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${USE_WATCH_UPGRADE}\r\n\r\n`);
    socket.once('close', () => {
      // what is asked of the next one is that one's to answer
      if (this.origin !== socket) return;
      this.origin = null;
      for (const watch of this.watches.values()) watch.heard.resolve();
    });
    const lines = new LineReader(LONGEST_USE_LINE);
    const hear = (line: string) =>
      void this.take(line).catch((error: unknown) => this.logger.warn({ err: error }, 'what has ended is not kept'));
    socket.on('data', (chunk: Buffer) => {
      try {
        lines.take(chunk).forEach(hear);
      } catch {
        socket.destroy();
      }
    });
    this.say({ say: 'since', position: this.ends.since });
    for (const watch of this.watches.values()) {
      watch.still = null;
      watch.heard = Promise.withResolvers();
      this.ask(watch);
    }
  }

  /**
   * Holds it open until it is released; `cut` comes once it no longer may be. With `wait` the
   * origin's word is waited for first. Throws `access.denied` where that is no.
   */
  async admit(wanted: Wanted, { cut, wait }: { readonly cut: () => void; readonly wait: boolean }): Promise<Held> {
    const watch = this.watchOf(wanted);
    watch.cuts.add(cut);
    this.stay(watch);
    const release = () => this.release(watch, cut);
    if (wait && this.origin && watch.still === null) await this.soon(watch.heard.promise);
    if (watch.still !== false) return { release, sure: watch.still === true };
    release();
    throw new KnotError('access.denied', 'You may not enter it any more.', 'Ask its owner.');
  }

  /** Nothing is open any more, and nothing holds the process up. */
  close(): void {
    for (const watch of this.watches.values()) this.stay(watch);
    this.watches.clear();
  }

  private watchOf(wanted: Wanted): Watch {
    const key = [wanted.proof, wanted.space, wanted.port].join(' ');
    const known = this.watches.get(key);
    if (known) return known;
    const watch: Watch = { ...wanted, key, cuts: new Set(), still: null, heard: Promise.withResolvers(), linger: null };
    this.watches.set(key, watch);
    this.ask(watch);
    return watch;
  }

  private release(watch: Watch, cut: () => void): void {
    watch.cuts.delete(cut);
    if (watch.cuts.size > 0 || this.watches.get(watch.key) !== watch) return;
    this.stay(watch);
    watch.linger = this.clock.setTimeout(() => {
      this.watches.delete(watch.key);
      this.say({ say: 'drop', key: watch.key });
    }, LINGER_MS);
  }

  private stay(watch: Watch): void {
    if (watch.linger) this.clock.clearTimeout(watch.linger);
    watch.linger = null;
  }

  private ask({ key, proof, space, port }: Watch): void {
    this.say({ say: 'watch', key, proof, space, port });
  }

  private say(line: UseLine): void {
    if (this.origin?.writable) this.origin.write(`${JSON.stringify(line)}\n`);
  }

  private async take(line: string): Promise<void> {
    const news = parseUseNews(line);
    if (!news) return;
    if (news.say !== 'verdict') {
      const kept = this.ends.take(news);
      // what was voided is asked about one by one
      const ended = new Set(news.say === 'ended' ? news.proofs : []);
      for (const watch of this.watches.values()) if (ended.has(watch.proof)) this.judge(watch, false);
      // nobody stays in because the disk is full
      return kept;
    }
    const watch = this.watches.get(news.key);
    if (watch) this.judge(watch, news.still);
  }

  private judge(watch: Watch, still: boolean): void {
    watch.still = still;
    watch.heard.resolve();
    if (still) return;
    this.stay(watch);
    this.watches.delete(watch.key);
    this.say({ say: 'drop', key: watch.key });
    for (const cut of [...watch.cuts]) cut();
  }

  private async soon(word: Promise<void>): Promise<void> {
    const late = Promise.withResolvers<void>();
    const timer = this.clock.setTimeout(() => late.resolve(), VERDICT_MS);
    await Promise.race([word, late.promise]);
    this.clock.clearTimeout(timer);
  }
}
