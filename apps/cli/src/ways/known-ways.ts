import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import type { Client } from '../client/open-client.js';
import { parseKnown, type KnownLeaf, type KnownSpace, type KnownWay } from './parse-known.js';

type KnownServers = Readonly<Record<string, KnownWay>>;

const MOST_SPACES = 200;

/** A file that only its user reads. What cannot be kept is got again from the server. */
export class KnownWays {
  constructor(private readonly client: Client) {}

  /** The key that grants of this server are bound to, made where there is none. */
  get key(): KeyObject {
    const known = this.known.key;
    if (known !== '') return createPrivateKey(known);
    const { privateKey } = generateKeyPairSync('ed25519');
    this.keep({ key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() });
    return privateKey;
  }

  leaf(location: string): KnownLeaf | undefined {
    return this.known.leaves[location];
  }

  space(wanted: string): KnownSpace | undefined {
    const name = wanted.toLowerCase();
    const called = this.known.spaces.filter(
      (one) => one.name.toLowerCase() === name || `${one.owner}/${one.name}`.toLowerCase() === name,
    );
    // one that several have is not guessed
    return this.known.spaces.find(({ id }) => id === name) ?? (called.length === 1 ? called[0] : undefined);
  }

  /** The leaf of a space, where what is known of it lets one in at the moment. */
  leafOf(space: KnownSpace | undefined): KnownLeaf | undefined {
    const leaf = space && this.leaf(space.location);
    return leaf && leaf.expiresAt > Date.now() ? leaf : undefined;
  }

  keepLeaf(location: string, leaf: KnownLeaf): void {
    this.keep({ leaves: { ...this.known.leaves, [location]: leaf } });
  }

  keepSpace(space: KnownSpace): void {
    if (JSON.stringify(this.space(space.id)) === JSON.stringify(space)) return;
    const others = this.known.spaces.filter(({ id }) => id !== space.id);
    this.keep({ spaces: [space, ...others].slice(0, MOST_SPACES) });
  }

  private get file(): string {
    return join(this.client.context.home, '.config', 'knot', 'ways.json');
  }

  private get known(): KnownWay {
    return { key: '', leaves: {}, spaces: [], ...this.all[this.client.server] };
  }

  private get all(): KnownServers {
    try {
      return parseKnown(this.client.context.readFile(this.file));
    } catch {
      return {};
    }
  }

  private keep(change: Partial<KnownWay>): void {
    const all = { ...this.all, [this.client.server]: { ...this.known, ...change } };
    try {
      this.client.context.writePrivateFile(this.file, `${JSON.stringify(all, null, 2)}\n`);
    } catch {
      // a home that cannot be written to: it goes without
    }
  }
}
