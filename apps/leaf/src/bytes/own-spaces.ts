import type { Platform, SharedPort, TemplatePort } from '@knot/domain';
import type { LeafStore } from '@knot/shared/store';
import { desiredSpace } from '../wire/desired-space.js';

/** Who may enter a space that should run here, as this leaf was last told. */
export interface OwnSpace {
  readonly id: string;
  readonly name: string;
  /** User name. */
  readonly owner: string;
  readonly ownerId: string;
  readonly location: string;
  readonly platform: Platform;
  /** Ids of users. */
  readonly members: readonly string[];
  readonly portShares: readonly SharedPort[];
  readonly templatePorts: readonly TemplatePort[];
  /** A secret: what its desktop asks for. */
  readonly servicePassword: string;
}

/** The spaces that should run at this location, from the leaf's own disk. */
export class OwnSpaces {
  /** `owner/name` to id; null before it was needed. */
  private names: Promise<Map<string, string>> | null = null;

  constructor(
    private readonly store: Pick<LeafStore, 'object' | 'objects'>,
    private readonly location: string,
  ) {}

  /** Null for one that should not run here now. */
  async get(id: string): Promise<OwnSpace | null> {
    const stored = await this.store.object('space', id);
    if (!stored?.listed) return null;
    const space = desiredSpace(stored.bytes);
    const { want, snapshot, members = [], name, owner, portShares = [], templatePorts = [] } = space;
    if (want !== 'running' || !snapshot) return null;
    const servicePassword = snapshot.data.user.service_password;
    const { platform } = snapshot;
    const who = { id, name, owner: owner.username, ownerId: owner.id, location: this.location, platform, members };
    return { ...who, portShares, templatePorts, servicePassword };
  }

  async named(owner: string, name: string): Promise<OwnSpace | null> {
    // one that could not be read is read again
    this.names ??= this.read().catch((error: unknown) => {
      this.names = null;
      throw error;
    });
    const key = `${owner}/${name}`.toLowerCase();
    const id = (await this.names).get(key);
    const space = id === undefined ? null : await this.get(id);
    return space && `${space.owner}/${space.name}`.toLowerCase() === key ? space : null;
  }

  /** What a space is called may be another name now. */
  changed(): void {
    this.names = null;
  }

  private async read(): Promise<Map<string, string>> {
    const names = new Map<string, string>();
    for (const { id, listed, bytes } of await this.store.objects('space')) {
      if (!listed) continue;
      const { name, owner } = desiredSpace(bytes);
      names.set(`${owner.username}/${name}`.toLowerCase(), id);
    }
    return names;
  }
}
