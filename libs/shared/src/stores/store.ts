import type { Kind, Rows } from './rows.js';

export type NewRow<K extends Kind> = Omit<Rows[K], 'version'>;

/**
 * Streams of the revision log: `location:<name>` carries what a leaf acts on, `events` what a screen shows, `proofs` the
 * sessions and tokens that have ended.
 */
export type StreamName = `location:${string}` | 'events' | 'proofs';

export interface LogEntry {
  readonly rev: number;
  /** Random per revision: tells a re-used revision (fail-over, restore) from the one that was read. */
  readonly nonce: string;
  readonly kind: Kind;
  readonly id: string;
  readonly op: 'put' | 'delete';
}

export interface Position {
  readonly epoch: string;
  readonly rev: number;
  readonly nonce: string;
}

export interface Expectation {
  readonly kind: Kind;
  readonly id: string;
  /** 0 = the row must not exist. */
  readonly version: number;
}

export type Write =
  | { readonly [K in Kind]: { readonly put: K; readonly row: NewRow<K> } }[Kind]
  | { readonly delete: Kind; readonly id: string };

/** A name that only one id may hold, e.g. scope `space.name`, value `<owner id>/<name>`. */
export type Unique =
  | { readonly claim: string; readonly value: string; readonly id: string }
  | { readonly release: string; readonly value: string; readonly id: string };

export interface Commit {
  readonly expect: readonly Expectation[];
  readonly unique?: readonly Unique[];
  readonly writes: readonly Write[];
  readonly log?: readonly {
    readonly stream: StreamName;
    readonly kind: Kind;
    readonly id: string;
    readonly op: 'put' | 'delete';
  }[];
}

export interface Committed {
  /** Head of each stream that the commit wrote to. */
  readonly heads: Readonly<Partial<Record<StreamName, Position>>>;
}

export interface PageRequest<K extends Kind> {
  /** Equality over the fields that `INDEXES` names for the kind, the one that leaves the fewest rows first. */
  readonly where?: Readonly<Partial<Record<IndexedField<K>, string | number | boolean>>>;
  /** Case-insensitive part of the kind's `search` field. */
  readonly search?: string;
  /** A sort field of the kind; ties are broken by id. Default: id ascending. */
  readonly sort?: { readonly field: IndexedField<K>; readonly descending?: boolean };
  /** `next` of the page before. */
  readonly after?: string;
  /** 1 to 500 */
  readonly limit: number;
}

export interface Page<T> {
  readonly rows: readonly T[];
  /** Null on the last page. */
  readonly next: string | null;
}

/** The fields by which each kind may be filtered and sorted: each store indexes these and no others. */
export const INDEXES = {
  installation: [],
  user: ['username', 'createdAt'],
  group: ['name'],
  role: ['name'],
  session: ['userId', 'expiresAt'],
  secondFactor: [],
  throttle: ['since'],
  token: ['userId', 'createdAt'],
  template: ['name', 'platform', 'createdAt'],
  templateVersion: ['templateId', 'number'],
  variable: ['name', 'location'],
  volume: ['name', 'location'],
  space: ['name', 'ownerId', 'location', 'templateId', 'want', 'createdAt'],
  offer: ['spaceId', 'userId', 'fromId'],
  labels: ['kind'],
  rollOut: ['templateId', 'state', 'createdAt'],
  rollOutSpace: ['rollOutId', 'state', 'stage'],
  snapshot: ['spaceId'],
  spaceObserved: ['location'],
  volumeObserved: ['location'],
  location: [],
  locationStatus: [],
  lease: [],
  leafCredential: ['location'],
  orphan: ['location'],
  operation: ['subjectId', 'createdAt'],
  idempotency: ['createdAt'],
  audit: ['at', 'actor', 'action', 'subjectId', 'seal'],
  auditSeal: [],
  origin: [],
  guard: [],
  usage: ['keptUntil'],
  secret: [],
} as const satisfies { [K in Kind]: readonly (keyof Rows[K] & string)[] };

export type IndexedField<K extends Kind> = (typeof INDEXES)[K][number];

/** The field that `search` looks into. */
export const SEARCHED = {
  space: 'name',
  template: 'name',
  user: 'username',
  group: 'name',
  role: 'name',
  volume: 'name',
  variable: 'name',
} as const;

/** How the pauses between the attempts of `retrying` are drawn and waited for. */
export interface RetryPacing {
  /** From 0 up to but not 1. */
  readonly chance: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

export interface QuickLimit {
  readonly id: string;
  readonly most: number;
}

/** Counts of the last minutes, kept where counting is cheap and where they may be lost: Redis beside the store. */
export interface QuickCounts {
  /**
   * Adds to each count, or to none where one has reached its most: then `fullForMs` says for how long yet. A count begins
   * with its first addition and is gone `windowMs` later. Undefined where nobody answers: then count elsewhere.
   */
  add(
    limits: readonly QuickLimit[],
    by: 1 | -1,
    windowMs: number,
  ): Promise<{ readonly fullForMs: number | null } | undefined>;
}

/** Entries of the log; `rows` has at hand what they name and asks the store for any other. */
export interface LoggedRows {
  readonly entries: readonly LogEntry[];
  readonly rows: Pick<Store, 'getMany'>;
}

/**
 * Where the origin keeps everything. Read, decide in pure code, commit optimistically, and on `store.conflict`
 * read and decide again (see `retrying`). No transaction is ever open across an await of anything else.
 * Errors: `store.conflict` (an expectation failed, deadlock, serialization), `resource.exists` (a unique claim is
 * held by another id; details {scope, value}), `store.unavailable`.
 */
export interface Store {
  /** How `retrying` waits between its attempts; by the machine's own time and chance when left out. */
  readonly pacing?: RetryPacing;
  /** Only with something beside the store that counts. */
  readonly counts?: QuickCounts;
  get<K extends Kind>(kind: K, id: string): Promise<Rows[K] | null>;
  /** Rows that exist, in no promised order. */
  getMany<K extends Kind>(kind: K, ids: readonly string[]): Promise<readonly Rows[K][]>;
  page<K extends Kind>(kind: K, request: PageRequest<K>): Promise<Page<Rows[K]>>;
  count<K extends Kind>(kind: K, where: PageRequest<K>['where']): Promise<number>;
  /** The id that holds a unique value. */
  holder(scope: string, value: string): Promise<string | null>;
  /** All or nothing, durable before it answers. Its revisions are in commit order. */
  commit(commit: Commit): Promise<Committed>;

  head(stream: StreamName): Promise<Position>;
  /**
   * Entries after a position, in order, at most `limit`. `sync.relist` when the position is of another epoch, of
   * another history (nonce), behind compaction, or ahead of the head.
   */
  log(stream: StreamName, after: Position, limit: number): Promise<readonly LogEntry[]>;
  /**
   * The log together with the rows that it names, where one question costs less than three; nothing else than `log` and
   * `getMany` give, of one moment.
   */
  logWithRows?(stream: StreamName, after: Position, limit: number): Promise<LoggedRows>;
  /** Forgets entries up to and including `rev`. */
  compact(stream: StreamName, rev: number): Promise<void>;
  /**
   * Changes the epoch: after a restore or import every reader must list again. A store that sees by itself that it was
   * put back does so while it opens; whoever must act once per epoch keeps a `guard` row named after it.
   */
  newEpoch(): Promise<string>;
  /** Called after each commit of this process with the streams it wrote to. A wake-up, never truth. */
  onCommit(listener: (streams: readonly StreamName[]) => void): () => void;
  /** The store's own clock, ms since the epoch: the only clock for leases. */
  now(): Promise<number>;
  /** A consistent copy into one file, while running. */
  backup(file: string): Promise<void>;
  close(): Promise<void>;
}
