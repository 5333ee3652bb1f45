import { createPublicKey, sign, verify } from 'node:crypto';
import type { Clock } from '@knot/shared';
import type { LocationKeys } from '../agents/location-keys.js';

const LONGEST = 1_024;
export const APP_TICKET_MS = 60_000;
export const APP_COOKIE_MS = 12 * 60 * 60_000;
/** Nothing else that the same key signs begins like this. */
const CONTEXT = 'knot app pass\n';

/** What lets a browser in at the host of one app: a ticket, once, which is traded for a cookie. */
export interface AppPass {
  readonly kind: 'ticket' | 'cookie';
  readonly id: string;
  /** Host name of the app, without a port: it is good there and nowhere else. */
  readonly host: string;
  /** Id of the space: one that takes the name over is another one. */
  readonly space: string;
  /** Id of the session at the dashboard that it came from, and ends with. */
  readonly session: string;
  readonly until: number;
}

/** Signs and reads passes by the ticket key of the space's location, so that every origin reads those of the others. */
export class AppPasses {
  constructor(
    private readonly locationKeys: LocationKeys,
    private readonly clock: Clock,
    private readonly newId: () => string,
  ) {}

  async make(location: string, pass: Pick<AppPass, 'kind' | 'host' | 'space' | 'session'>): Promise<string> {
    const { privateKey } = await this.locationKeys.ticketKey(location);
    const life = pass.kind === 'ticket' ? APP_TICKET_MS : APP_COOKIE_MS;
    const claims: AppPass = { ...pass, id: this.newId(), until: this.clock.now() + life };
    const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return `${body}.${sign(null, Buffer.from(CONTEXT + body), privateKey).toString('base64url')}`;
  }

  /** Null for whatever is not good here and now. */
  async read(text: string, location: string, due: Pick<AppPass, 'kind' | 'host' | 'space'>): Promise<AppPass | null> {
    const [, body = '', signature = ''] = /^([\w-]+)\.([\w-]+)$/.exec(text) ?? [];
    if (body === '' || text.length > LONGEST) return null;
    const { privateKey } = await this.locationKeys.ticketKey(location);
    const key = createPublicKey(privateKey);
    if (!verify(null, Buffer.from(CONTEXT + body), key, Buffer.from(signature, 'base64url'))) return null;
    const pass = parsePass(Buffer.from(body, 'base64url').toString());
    if (!pass || pass.kind !== due.kind || pass.host !== due.host || pass.space !== due.space) return null;
    return pass.until > this.clock.now() ? pass : null;
  }
}

function parsePass(text: string): AppPass | null {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return null;
  const fields: Readonly<Record<string, unknown>> = { ...value };
  const [id, host, space, session] = ['id', 'host', 'space', 'session'].map((name) => fields[name]);
  const kind = (['ticket', 'cookie'] as const).find((one) => one === fields['kind']);
  const { until } = fields;
  if (!isText(id) || !isText(host) || !isText(space) || !isText(session)) return null;
  return kind && typeof until === 'number' ? { kind, id, host, space, session, until } : null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
