import type { OriginDisk } from '../store/disk.js';
import type { History } from '../world/history.js';
import type { SimProcess } from '../world/sim-process.js';

/** What was on its way when a leaf was revoked may arrive so much later; it is cut in one second else. ms */
const GRACE_MS = 10_000;

/** A leaf that was revoked is told nothing, and what it tells is not stored. */
export class RevocationChecks {
  /** Since when, by location and instance. */
  private readonly revoked = new Map<string, number>();

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

  /** An origin that was asleep meanwhile learns of it as it wakes. */
  streamed(origin: SimProcess, credential: string): void {
    const id = credential.split('_')[1] ?? '';
    const row = this.disk().row('leafCredential', id);
    if (!row) return;
    const since = this.revoked.get(`${row.location}/${row.instance}`);
    if (since === undefined || this.clock.monotonic() - Math.max(since, origin.awakeSince) < GRACE_MS) return;
    this.history.break('revocation', `${origin.name} goes on telling a leaf of ${row.location} that was revoked`);
  }

  /** What a leaf has seen is stored. */
  reported(location: string): void {
    const instance = this.disk().row('lease', location)?.instance ?? '';
    const since = this.revoked.get(`${location}/${instance}`);
    if (since === undefined || this.clock.monotonic() - since < 2 * GRACE_MS) return;
    this.history.break('revocation', `a report of a leaf of ${location} was stored that was revoked`);
  }
}
