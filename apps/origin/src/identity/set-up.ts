import { randomText, type Clock, type KeyRing, type RandomSource } from '@knot/shared';
import { KnotError } from '@knot/shared/errors';
import type { NewRow, Store } from '@knot/shared/store';
import type { Deeds } from '../deeds/deeds.js';
import { claim, userEmail, userName } from '../deeds/unique-name.js';
import { NEW_USER } from '../users/new-user.js';
import type { Visitor } from '../http/call.js';
import type { SetupDoneDto, SetupDto, SetupStateDto } from './identity.dto.js';
import type { Passwords } from './passwords.js';
import { sameText } from './proofs.js';
import type { SecondFactor } from './second-factor.js';
import type { Throttle } from './throttle.js';

export interface SetUpPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly newId: () => string;
  readonly keys: KeyRing;
  readonly deeds: Deeds;
  readonly passwords: Passwords;
  readonly throttle: Throttle;
  readonly factor: SecondFactor;
  readonly timezone: string;
}

/** Makes the first administrator, for whoever can read the server's log. */
export class SetUp {
  /** In the log while it is needed; the same at each of several origins, since nobody knows which one answers. */
  readonly code: string;

  constructor(private readonly ports: SetUpPorts) {
    let calls = 0;
    const derived: RandomSource = (length) => ports.keys.bytesFor(`set-up code ${calls++}`, length);
    this.code = randomText(16, derived).replace(/(.{4})(?=.)/g, '$1-');
  }

  async state(): Promise<SetupStateDto> {
    const installation = await this.ports.store.get('installation', 'installation');
    return { needed: installation?.firstAdminId === '' };
  }

  async finish(visitor: Visitor, { code, username, email, password }: SetupDto): Promise<SetupDoneDto> {
    const { store, deeds, throttle, factor, newId, clock, timezone } = this.ports;
    if (!(await this.state()).needed) throw finished();
    const limits = [
      { key: `setup/${visitor.address}`, failures: 10 },
      { key: 'setup', failures: 100 },
    ];
    await throttle.begin(limits);
    if (!sameText(code.trim(), this.code)) {
      throw new KnotError(
        'auth.failed',
        'This is not the set-up code.',
        'The log of the server shows it at its start.',
      );
    }
    await throttle.succeed(limits);
    const passwordHash = await this.ports.passwords.hash(password, username);
    const id = newId();
    const row: NewRow<'user'> = {
      id,
      username,
      email,
      passwordHash,
      role: 'administrator',
      ...NEW_USER,
      timezone,
      createdAt: clock.now(),
    };
    return deeds.do({ name: username, address: visitor.address, idempotency: null }, async () => {
      const installation = await store.get('installation', 'installation');
      if (!installation || installation.firstAdminId !== '') throw finished();
      const { version, ...rest } = installation;
      const link = factor.compulsory ? await factor.link(id) : null;
      return {
        expect: [
          { kind: 'installation', id: installation.id, version },
          { kind: 'user', id, version: 0 },
          ...(link?.expect ?? []),
        ],
        unique: [claim(userName(row), id), claim(userEmail(row), id)],
        writes: [
          { put: 'user', row },
          { put: 'installation', row: { ...rest, firstAdminId: id } },
          ...(link?.writes ?? []),
        ],
        log: [{ stream: 'events', kind: 'user', id, op: 'put' }],
        audit: { action: 'setup.finish', subjectKind: 'user', subjectId: id },
        answer: { needed: false, totpUrl: link?.answer.url ?? '' },
      };
    });
  }
}

function finished(): KnotError {
  return new KnotError('state.refused', 'The first administrator has been made already.', 'Sign in.');
}
