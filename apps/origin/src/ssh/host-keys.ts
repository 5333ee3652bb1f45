import { createPrivateKey, createPublicKey, hkdfSync } from 'node:crypto';
import type { KeyRing, RandomSource } from '@knot/shared';
import type { SpaceRow, Store } from '@knot/shared/store';
import { keptSecret } from '../agents/kept-secret.js';

const SECRET = 'ssh-host-keys';
const TYPE = 'ssh-ed25519';
/** What stands before the 32 bytes of a secret Ed25519 key in PKCS #8. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

type Host = Pick<SpaceRow, 'id' | 'ownerId'>;

/**
 * The host key of each space, out of one sealed secret of the installation: the same at every start and after a restored
 * backup, another one under another owner, who could not have learnt it before.
 */
export class HostKeys {
  private secret: Promise<string> | null = null;

  constructor(
    private readonly store: Store,
    private readonly keys: KeyRing,
    private readonly random: RandomSource,
  ) {}

  /** The secret half: 32 bytes, base64. */
  async secretOf(space: Host): Promise<string> {
    return (await this.seed(space)).toString('base64');
  }

  /** As a line of known_hosts has it: `ssh-ed25519 base64`. */
  async publicKeyOf(space: Host): Promise<string> {
    const der = Buffer.concat([PKCS8, await this.seed(space)]);
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const bytes = Buffer.from(createPublicKey(privateKey).export({ format: 'jwk' }).x ?? '', 'base64url');
    return `${TYPE} ${Buffer.concat([field(Buffer.from(TYPE)), field(bytes)]).toString('base64')}`;
  }

  private async seed({ id, ownerId }: Host): Promise<Buffer> {
    const secret = Buffer.from(await this.kept(), 'base64');
    return Buffer.from(hkdfSync('sha256', secret, id, `${SECRET}:${ownerId}`, 32));
  }

  private kept(): Promise<string> {
    const make = () => Buffer.from(this.random(32)).toString('base64');
    this.secret ??= keptSecret(this.store, this.keys, SECRET, make).catch((error: unknown) => {
      this.secret = null;
      throw error;
    });
    return this.secret;
  }
}

function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
