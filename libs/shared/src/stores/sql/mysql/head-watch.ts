import type { Position, StreamName } from '../../store.js';
import type { SqlRecord } from '../node-sqlite.js';

const LOOK_MS = 1_000;

type Head = Pick<Position, 'rev' | 'nonce'>;

/** Looks once a second for what other processes have written: who waits for a stream here is woken by that too. */
export class HeadWatch {
  readonly #seen = new Map<string, string>();
  readonly #own = new Map<string, string>();
  #timer: NodeJS.Timeout | null = null;
  #first = true;
  #closed = false;

  constructor(
    private readonly read: () => Promise<readonly SqlRecord[]>,
    private readonly wake: (streams: readonly StreamName[]) => void,
  ) {}

  start(): void {
    if (this.#timer === null) this.#schedule();
  }

  /** What this process wrote itself is no news. */
  noteOwn(stream: StreamName, head: Head): void {
    this.#own.set(stream, textOf(head));
  }

  close(): void {
    this.#closed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#look().finally(() => this.#schedule()), LOOK_MS).unref();
  }

  async #look(): Promise<void> {
    const rows = await this.read().catch(() => null);
    // A database that does not answer is the readers' own trouble: they look by themselves now and then.
    if (rows === null || this.#closed) return;
    const news = rows.flatMap((row) => this.#isNews(row));
    this.#first = false;
    if (news.length > 0) this.wake(news);
  }

  #isNews(row: SqlRecord): StreamName[] {
    const stream = streamOf(row['stream']);
    const head = textOf({ rev: Number(row['rev']), nonce: String(row['nonce']) });
    const known = this.#seen.get(stream);
    this.#seen.set(stream, head);
    return this.#first || head === known || head === this.#own.get(stream) ? [] : [stream];
  }
}

function textOf({ rev, nonce }: Head): string {
  return `${rev} ${nonce}`;
}

function streamOf(value: SqlRecord[string] | undefined): StreamName {
  const text = String(value);
  if (text.startsWith('location:')) return `location:${text.slice('location:'.length)}`;
  return text === 'proofs' ? 'proofs' : 'events';
}
