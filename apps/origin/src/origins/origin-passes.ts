import type { KeyRing } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { Store } from '@knot/shared/store';

const LIFE_MS = 60_000;
const CONTEXT = 'origin-pass';

/** What origins of one store show one another: sealed by the keys that they share, for one of them, once and for a minute. */
export class OriginPasses {
  /** Ids of those that were used, until they would have run out. */
  private readonly used = new Map<string, number>();

  constructor(
    private readonly store: Store,
    private readonly keys: KeyRing,
    /** Of this origin. */
    private readonly id: string,
    private readonly newId: () => string,
  ) {}

  async issue(to: string): Promise<string> {
    const until = (await this.store.now()) + LIFE_MS;
    return this.keys.sealText(`${to} ${this.newId()} ${until}`, CONTEXT);
  }

  /** Throws `auth.failed` for anything but a pass that is good here and now, and takes it. */
  async use(pass: string): Promise<void> {
    const now = await this.store.now();
    const [to = '', id = '', limit = ''] = this.opened(pass).split(' ');
    const until = Number(limit);
    for (const [known, ended] of this.used) if (ended <= now) this.used.delete(known);
    if (to !== this.id || until <= now || this.used.has(id)) throw refused();
    this.used.set(id, until);
  }

  private opened(pass: string): string {
    try {
      return this.keys.openText(pass, CONTEXT);
    } catch {
      throw refused();
    }
  }
}

function refused(): KnotError {
  return new KnotError('auth.failed', 'This is no pass of an origin on this store.');
}
