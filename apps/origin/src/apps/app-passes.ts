import { createPublicKey, verify } from 'node:crypto';
import { APP_COOKIE_MS, APP_PASS_CONTEXT, APP_TICKET_MS, parseAppPass, type AppPass } from '@knot/contract';
import type { LocationKeys } from '../agents/location-keys.js';
import { signClaims } from '../bytes/sign-claims.js';
import type { StoreTime } from '../sync/store-time.js';

const LONGEST = 1_024;

/** Signs and reads passes by the ticket key of the space's location, so that every origin reads those of the others. */
export class AppPasses {
  constructor(
    private readonly locationKeys: Pick<LocationKeys, 'ticketKey'>,
    /** One clock for all origins, and the one that leaves know. */
    private readonly time: Pick<StoreTime, 'now'>,
    private readonly newId: () => string,
  ) {}

  async make(location: string, pass: Omit<AppPass, 'id' | 'until'>): Promise<string> {
    const { privateKey } = await this.locationKeys.ticketKey(location);
    const life = pass.kind === 'ticket' ? APP_TICKET_MS : APP_COOKIE_MS;
    const claims: AppPass = { ...pass, id: this.newId(), until: (await this.time.now()) + life };
    return signClaims(claims, privateKey, APP_PASS_CONTEXT);
  }

  /** Null for whatever is not good here and now. */
  async read(text: string, location: string, due: Pick<AppPass, 'kind' | 'host' | 'space'>): Promise<AppPass | null> {
    const [, body = '', signature = ''] = /^([\w-]+)\.([\w-]+)$/.exec(text) ?? [];
    if (body === '' || text.length > LONGEST) return null;
    const { privateKey } = await this.locationKeys.ticketKey(location);
    const key = createPublicKey(privateKey);
    if (!verify(null, Buffer.from(APP_PASS_CONTEXT + body), key, Buffer.from(signature, 'base64url'))) return null;
    const pass = parseAppPass(Buffer.from(body, 'base64url').toString());
    if (!pass || pass.kind !== due.kind || pass.host !== due.host || pass.space !== due.space) return null;
    return pass.until > (await this.time.now()) ? pass : null;
  }
}
