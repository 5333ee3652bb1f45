import type { Clock, ClockTimer, Logger } from '@knot/shared';
import { KnotError, toKnotError } from '@knot/shared/errors';
import { retrying, type OriginRow, type Store } from '@knot/shared/store';

export const HEARTBEAT_MS = 10_000;
/** An origin that has not been seen for so long is gone. */
export const GONE_AFTER_MS = 35_000;
/** One that died is forgotten after a day. */
const FORGOTTEN_AFTER_MS = 86_400_000;

/** What one origin tells the others of itself. */
export type OriginSelf = Pick<OriginRow, 'id' | 'internalUrl' | 'location' | 'ownKey' | 'programVersion'>;

/** The origins that serve one store. Each says every 10 s that it is there; the store's clock tells who still is. */
export class OriginRegistry {
  private timer: ClockTimer | null = null;
  private closed = false;
  private beating: Promise<void> = Promise.resolve();
  private startedAt = 0;
  private certificate = '';

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly self: OriginSelf,
  ) {}

  /** Throws `config.invalid` where this origin cannot serve beside those that do. */
  async join(): Promise<void> {
    const others = await this.others();
    const { location, ownKey } = this.self;
    const [other] = others;
    if (other !== undefined && (ownKey || other.ownKey)) {
      throw new KnotError(
        'config.invalid',
        `another origin (${other.internalUrl}) serves this store, and secrets are sealed by a key that only one of them has`,
        'Give all of them the same server.encrypt: one origin without it keeps a key of its own. `knot genkey` makes one.',
      );
    }
    const elsewhere = others.find((one) => one.location !== location);
    if (elsewhere !== undefined) {
      throw new KnotError(
        'config.invalid',
        `another origin (${elsewhere.internalUrl}) serves this store with server.location ${elsewhere.location}, this one has ${location}`,
        'Name the same server.location at all of them: the host name, its default, is for a single server.',
      );
    }
    this.startedAt = await this.store.now();
    await this.beat();
    this.schedule();
  }

  /** Those that serve now, without this one. */
  async others(): Promise<readonly OriginRow[]> {
    const [now, { rows }] = await Promise.all([this.store.now(), this.store.page('origin', { limit: 500 })]);
    return rows.filter(({ id, seenAt }) => id !== this.self.id && seenAt > now - GONE_AFTER_MS);
  }

  /** Tells the others by which certificate (sha256, hex pairs with colons) they know this one. */
  showsCertificate(fingerprint: string): void {
    this.certificate = fingerprint;
    this.beatNow();
  }

  /** Tells the others that this one is gone. */
  async close(): Promise<void> {
    this.closed = true;
    this.timer?.clear();
    await this.beating;
    await this.write(0).catch((error: unknown) =>
      this.logger.info({ err: toKnotError(error) }, 'no farewell was stored'),
    );
  }

  private schedule(): void {
    if (this.closed) return;
    this.timer = this.clock.setTimeout(() => {
      this.beatNow();
      void this.beating.finally(() => this.schedule());
    }, HEARTBEAT_MS);
  }

  private beatNow(): void {
    this.beating = this.beating
      .then(() => this.beat())
      .catch((error: unknown) => this.logger.warn({ err: toKnotError(error) }, 'the other origins were not told'));
  }

  private async beat(): Promise<void> {
    const now = await this.store.now();
    await this.write(now);
    await this.forgetDead(now);
  }

  private async write(seenAt: number): Promise<void> {
    const { startedAt, certificate } = this;
    const row = { ...this.self, certificate, startedAt, seenAt };
    await this.store.commit({ expect: [], writes: [{ put: 'origin', row }] });
  }

  private async forgetDead(now: number): Promise<void> {
    await retrying(this.store, async () => {
      const { rows } = await this.store.page('origin', { limit: 500 });
      const dead = rows.filter(
        (row) =>
          row.id !== this.self.id && row.startedAt < now - FORGOTTEN_AFTER_MS && row.seenAt < now - FORGOTTEN_AFTER_MS,
      );
      if (dead.length === 0) return { commit: null, result: null };
      const expect = dead.map(({ id, version }) => ({ kind: 'origin' as const, id, version }));
      const writes = dead.map(({ id }) => ({ delete: 'origin' as const, id }));
      return { commit: { expect, writes }, result: null };
    });
  }
}
