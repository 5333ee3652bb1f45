import type { RandomSource } from '@knot/shared';
import type { LeafStore } from '@knot/shared/store';

/** A key that never leaves this leaf's own disk, made when it is first needed. */
export class OwnKey {
  private key: Promise<Buffer> | null = null;

  constructor(
    private readonly store: Pick<LeafStore, 'secret' | 'putSecret'>,
    private readonly random: RandomSource,
    private readonly keptAs: 'agent-credential-key' | 'app-cookie-key',
  ) {}

  /** The same for all who ask at once; a disk that could not be read is asked again. */
  bytes(): Promise<Buffer> {
    this.key ??= this.kept().catch((error: unknown) => {
      this.key = null;
      throw error;
    });
    return this.key;
  }

  private async kept(): Promise<Buffer> {
    const kept = await this.store.secret(this.keptAs);
    if (kept) return Buffer.from(kept, 'base64');
    const fresh = Buffer.from(this.random(32));
    await this.store.putSecret(this.keptAs, fresh.toString('base64'));
    return fresh;
  }
}
