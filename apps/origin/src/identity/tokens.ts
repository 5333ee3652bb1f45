import { TOKEN_SCOPES } from '@knot/domain';
import type { RandomSource } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { NewRow, Store, TokenRow } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import type { TokenCreateDto, TokenDto, TokenMadeDto, TokenPageDto } from './identity.dto.js';
import { newApiToken } from './proofs.js';

const DAY_MS = 24 * 60 * 60_000;
const DEFAULT_DAYS = 90;
const MOST = 100;

/** A user's own API tokens. */
export class Tokens {
  constructor(
    private readonly store: Store,
    private readonly deeds: Deeds,
    private readonly clock: { now(): number },
    private readonly random: RandomSource,
    private readonly newId: () => string,
  ) {}

  async list({ actor }: Call): Promise<TokenPageDto> {
    const sort = { field: 'createdAt', descending: true } as const;
    const { rows } = await this.store.page('token', { where: { userId: actor.id }, sort, limit: 500 });
    return { items: rows.map(tokenDto), next: null };
  }

  async create(call: Call, { name, scopes, days = DEFAULT_DAYS }: TokenCreateDto): Promise<TokenMadeDto> {
    const { actor } = call;
    return this.deeds.do(doerOf(call), async () => {
      if ((await this.store.count('token', { userId: actor.id })) >= MOST) {
        throw new KnotError(
          'quota.exceeded',
          `You have ${MOST} tokens, which is the most.`,
          'Delete those you do not use.',
        );
      }
      // a password changed meanwhile ends the proof that this token stands on
      const user = found(await this.store.get('user', actor.id), 'user');
      const id = this.newId();
      const createdAt = this.clock.now();
      const { token, secretHash } = newApiToken(this.random, id);
      const expiresAt = createdAt + days * DAY_MS;
      const row: NewRow<'token'> = {
        id,
        userId: actor.id,
        name,
        secretHash,
        scopes,
        createdAt,
        expiresAt,
        lastUsedAt: 0,
      };
      const made = tokenDto({ ...row, version: 1 });
      return {
        expect: [
          { kind: 'user', id: user.id, version: user.version },
          { kind: 'token', id, version: 0 },
        ],
        writes: [{ put: 'token', row }],
        audit: { action: 'token.create', subjectKind: 'token', subjectId: id, details: { name, scopes } },
        answer: { ...made, token },
        replay: { ...made, token: '' },
      };
    });
  }

  async delete(call: Call, id: string): Promise<void> {
    await this.deeds.do(doerOf(call), async () => {
      const row = await this.store.get('token', id);
      const { version, name } = found(row?.userId === call.actor.id ? row : null, 'token');
      return {
        expect: [{ kind: 'token', id, version }],
        writes: [{ delete: 'token', id }],
        log: [
          { stream: 'events', kind: 'token', id, op: 'delete' },
          { stream: 'proofs', kind: 'token', id, op: 'delete' },
        ],
        audit: { action: 'token.delete', subjectKind: 'token', subjectId: id, details: { name } },
        answer: undefined,
      };
    });
  }
}

function tokenDto({ id, name, scopes, createdAt, expiresAt, lastUsedAt }: TokenRow): TokenDto {
  const known = TOKEN_SCOPES.filter((scope) => scopes.includes(scope));
  return { id, name, scopes: known, createdAt, expiresAt, lastUsedAt };
}
