import { createHmac, timingSafeEqual } from 'node:crypto';
import { APP_COOKIE_MS, APP_PASS_CONTEXT, APP_TICKET_MS, parseAppPass, type AppPass } from '@knot/contract';
import type { Clock, RandomSource } from '@knot/shared';
import type { LeafStore } from '@knot/shared/store';
import { SKEW_MS, type MetSince } from '../bytes/met-since.js';
import { signedText, UsedOnce } from '../bytes/signed-text.js';
import { OwnKey } from '../own-key.js';

export interface LeafAppPassesParts {
  readonly keys: () => Readonly<Record<string, string>>;
  readonly store: Pick<LeafStore, 'secret' | 'putSecret'>;
  readonly met: MetSince;
  readonly random: RandomSource;
  readonly clock: Clock;
}

/** Reads the tickets that the origin signs for hosts of apps, and makes cookies of them by a key of this leaf's own disk. */
export class LeafAppPasses {
  private readonly used = new UsedOnce();
  private readonly key: OwnKey;

  constructor(private readonly parts: LeafAppPassesParts) {
    this.key = new OwnKey(parts.store, parts.random, 'app-cookie-key');
  }

  /** Null for one that is not good here and now, or was used before. */
  ticket(text: string, due: { readonly host: string; readonly space: string }): AppPass | null {
    const signed = signedText(text, APP_PASS_CONTEXT);
    if (!signed || !Object.values(this.parts.keys()).some((key) => signed.isBy(key))) return null;
    const pass = parseAppPass(signed.claims);
    const now = this.parts.clock.now();
    if (pass?.kind !== 'ticket' || pass.host !== due.host || pass.space !== due.space) return null;
    const end = pass.until + SKEW_MS;
    if (end <= now || !this.parts.met.covers(pass.until - APP_TICKET_MS)) return null;
    return this.used.use(pass.id, end, now) ? pass : null;
  }

  async cookie(pass: AppPass): Promise<string> {
    const claims: AppPass = { ...pass, kind: 'cookie', until: this.parts.clock.now() + APP_COOKIE_MS };
    const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return `${body}.${(await this.mac(body)).toString('base64url')}`;
  }

  async ofCookie(text: string, due: { readonly host: string; readonly space: string }): Promise<AppPass | null> {
    const [, body = '', mac = ''] = /^([\w-]{1,1024})\.([\w-]{43})$/.exec(text) ?? [];
    if (body === '' || !timingSafeEqual(await this.mac(body), Buffer.from(mac, 'base64url'))) return null;
    const pass = parseAppPass(Buffer.from(body, 'base64url').toString());
    if (pass?.kind !== 'cookie' || pass.host !== due.host || pass.space !== due.space) return null;
    return pass.until > this.parts.clock.now() ? pass : null;
  }

  private async mac(body: string): Promise<Buffer> {
    return createHmac('sha256', await this.key.bytes())
      .update(APP_PASS_CONTEXT + body)
      .digest();
  }
}
