import { hash, verify } from '@node-rs/argon2';
import { passwordProblem } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';

/** OWASP's second choice for argon2id: 19 MiB, 2 passes. */
const ARGON2ID = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Password hashing: argon2id, PHC strings. */
export class Passwords {
  private dummy: Promise<string> | null = null;

  /** Throws `input.invalid` for a weak one. */
  hash(password: string, username: string): Promise<string> {
    const problem = passwordProblem(password, username);
    if (problem)
      throw new KnotError('input.invalid', problem, 'Four random words do well.', { fields: { password: problem } });
    return hash(password, ARGON2ID);
  }

  /** Takes as long for no hash at all (an unknown user, or one without a password) as for a wrong password. */
  async matches(password: string, stored: string | null): Promise<boolean> {
    if (stored !== null && stored !== '') return verify(stored, password);
    this.dummy ??= hash('nobody has this password', ARGON2ID);
    await verify(await this.dummy, password);
    return false;
  }
}
