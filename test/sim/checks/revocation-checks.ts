import type { OriginDisk } from '../store/disk.js';
import type { History } from '../world/history.js';
import type { SimProcess } from '../world/sim-process.js';
import type { OpenStream } from '../world/witness.js';

/** An origin that nobody tells of a revocation looks for one each second, and reads what it finds. ms */
const CUT_MS = 3_000;
/** A report that was on its way when its leaf was revoked may be stored so much later, ms. */
const LATE_MS = 20_000;

/** A leaf that was revoked is cut at every origin, and what it tells is not stored. */
export class RevocationChecks {
  /** Since when, by location and instance. */
  private readonly revoked = new Map<string, number>();
  private readonly open = new Set<OpenStream>();
  /** Since when the database is as quick as usual, ms. */
  private quickSince = 0;

  constructor(
    private readonly history: History,
    private readonly clock: { monotonic(): number },
    private readonly disk: () => OriginDisk,
  ) {}

  /** A location's row was written, or is another one since an older database was put back. */
  noteLocation(id: string): void {
    for (const { id: instance, state } of this.disk().row('location', id)?.instances ?? []) {
      const key = `${id}/${instance}`;
      if (state !== 'revoked') this.revoked.delete(key);
      else if (!this.revoked.has(key)) this.revoked.set(key, this.clock.monotonic());
    }
  }

  restored(): void {
    this.revoked.clear();
    for (const { id } of this.disk().rows('location')) this.noteLocation(id);
  }

  opened(origin: SimProcess, credential: string): OpenStream {
    const stream = { origin, credential, freeSince: this.clock.monotonic() };
    this.open.add(stream);
    return stream;
  }

  closed(stream: OpenStream): void {
    this.open.delete(stream);
  }

  /** Called after each turn. An origin that was asleep meanwhile learns of it as it wakes. */
  look(isStoreSlow: boolean): void {
    const now = this.clock.monotonic();
    if (isStoreSlow) this.quickSince = now;
    if (this.revoked.size === 0) return;
    for (const stream of this.open) {
      const { origin, credential, freeSince } = stream;
      if (!origin.alive) this.open.delete(stream);
      const row = this.disk().row('leafCredential', credential.split('_')[1] ?? '');
      const since = row ? this.revoked.get(`${row.location}/${row.instance}`) : undefined;
      if (!row || since === undefined || origin.frozen) continue;
      if (now - Math.max(since, freeSince, origin.awakeSince, this.quickSince) < CUT_MS) continue;
      this.history.break('revocation', `${origin.name} still follows a leaf of ${row.location} that was revoked`);
    }
  }

  /** What a leaf has seen is stored. */
  reported(location: string): void {
    const instance = this.disk().row('lease', location)?.instance ?? '';
    const since = this.revoked.get(`${location}/${instance}`);
    if (since === undefined || this.clock.monotonic() - since < LATE_MS) return;
    this.history.break('revocation', `a report of a leaf of ${location} was stored that was revoked`);
  }
}
