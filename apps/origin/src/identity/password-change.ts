import { KnotError } from '@knot/shared/errors';
import type { Store } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import { endProofs, proofsLog } from './end-proofs.js';
import type { PasswordChangeDto } from './identity.dto.js';
import type { Passwords } from './passwords.js';
import { signInLimits, type Throttle } from './throttle.js';

/** A user's own new password: every other session and all tokens end with the old one. */
export class PasswordChange {
  constructor(
    private readonly store: Store,
    private readonly deeds: Deeds,
    private readonly passwords: Passwords,
    private readonly throttle: Throttle,
  ) {}

  async change(call: Call, { present, password }: PasswordChangeDto): Promise<void> {
    const user = found(await this.store.get('user', call.actor.id), 'user');
    const limits = signInLimits(user.username, call.address);
    await this.throttle.begin(limits);
    if (!(await this.passwords.matches(present, user.passwordHash))) {
      throw new KnotError('auth.failed', 'The present password is not right.', 'Send the password you signed in with.');
    }
    await this.throttle.succeed(limits);
    const passwordHash = await this.passwords.hash(password, user.username);
    await this.deeds.do(doerOf(call), async () => {
      const { version, ...rest } = found(await this.store.get('user', user.id), 'user');
      const ended = await endProofs(this.store, user.id, call.proofId);
      return {
        expect: [{ kind: 'user', id: user.id, version }],
        writes: [{ put: 'user', row: { ...rest, passwordHash } }, ...ended],
        log: [{ stream: 'events', kind: 'user', id: user.id, op: 'put' }, ...proofsLog(ended)],
        audit: { action: 'me.password', subjectKind: 'user', subjectId: user.id },
        answer: undefined,
      };
    });
  }
}
