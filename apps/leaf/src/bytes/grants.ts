import {
  GRANT_CONTEXT,
  GRANT_LIFE_MS,
  GRANT_USE_CONTEXT,
  parseGrant,
  parseGrantUse,
  type Grant,
  type GrantUse,
  type StreamAction,
} from '@knot/contract';
import type { Clock } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { KeptUses } from './kept-uses.js';
import { SKEW_MS } from './met-since.js';
import type { OwnSpaces } from './own-spaces.js';
import type { ProofEnds } from './proof-ends.js';
import { signedText } from './signed-text.js';

export interface GrantsParts {
  readonly location: string;
  readonly keys: () => Readonly<Record<string, string>>;
  /** Of this leaf's own address, `host:port`. */
  readonly host: string;
  readonly spaces: Pick<OwnSpaces, 'get'>;
  readonly ends: ProofEnds;
  readonly uses: KeptUses;
  readonly clock: Clock;
}

/** Lets people in by what the origin gave them earlier, as far as this leaf knows whose spaces are whose. */
export class Grants {
  constructor(private readonly parts: GrantsParts) {}

  /** `shown` is `<grant>~<use>`. Throws `auth.failed`, or `access.denied` for a space that is not theirs. */
  async use(shown: string, space: string, action: StreamAction): Promise<Grant> {
    const { spaces, ends, uses, clock } = this.parts;
    const [first = '', second = ''] = shown.split('~');
    const grant = this.signed(first);
    if (!grant) throw refused('It is not for this location.');
    const now = clock.now();
    if (grant.until <= now) throw refused('It has run out.');
    if (ends.has(grant.proof, grant.until - GRANT_LIFE_MS)) throw refused('It was revoked.');
    const use = this.assertUsedBy(grant, second, { space, action, now });
    const own = await spaces.get(space);
    if (!own?.members.includes(grant.user)) throw notTheirs('It is not a space of yours at this location.');
    if (own.platform === 'local' && !grant.local) throw notTheirs('It is on the machine of the leaf itself.');
    if (!(await uses.use(use.id, use.until + SKEW_MS))) throw refused('It was used before.');
    return grant;
  }

  private signed(text: string): Grant | null {
    const signed = signedText(text, GRANT_CONTEXT);
    const grant = signed && parseGrant(signed.claims);
    const keys = this.parts.keys();
    const key = grant && Object.hasOwn(keys, grant.key) ? keys[grant.key] : undefined;
    return key !== undefined && grant?.location === this.parts.location && signed?.isBy(key) ? grant : null;
  }

  /** By the holder of its key, for this space at this leaf. */
  private assertUsedBy(
    { holder }: Grant,
    text: string,
    due: { readonly space: string; readonly action: StreamAction; readonly now: number },
  ): GrantUse {
    const signed = signedText(text, GRANT_USE_CONTEXT);
    const use = signed && parseGrantUse(signed.claims);
    if (!use || !signed.isBy(holder)) throw refused('Its holder has not signed what is asked for.');
    if (use.space !== due.space || use.action !== due.action || use.host !== this.parts.host) {
      throw refused('It is signed for something else.');
    }
    if (use.until + SKEW_MS <= due.now || use.until > due.now + 2 * SKEW_MS)
      throw refused('The clocks differ too much.');
    return use;
  }
}

function refused(why: string): KnotError {
  return new KnotError('auth.failed', `The grant is not good. ${why}`, 'Ask the origin for a new one.');
}

function notTheirs(message: string): KnotError {
  return new KnotError('access.denied', message, 'Go by the origin once it is there.');
}
