import { createUuidV7 } from '@knot/shared';
import type { Secret } from '@knot/shared/config';
import { KnotError } from '@knot/shared/errors';
import { Deeds, SYSTEM } from '../deeds/deeds.js';
import { userName } from '../deeds/unique-name.js';
import { endProofs, proofsLog } from '../identity/end-proofs.js';
import { Passwords } from '../identity/passwords.js';
import { openStore } from '../open-store.js';
import type { AdminPorts } from './admin.js';

/** Gives a user a new password, for whoever is locked out: sessions and tokens of before end with the old one. */
export async function setPassword({ config, ...ports }: AdminPorts, username: string, password: Secret): Promise<void> {
  const { store } = await openStore(config, ports);
  try {
    const { scope, value } = userName({ username });
    const id = await store.holder(scope, value);
    const passwordHash = await new Passwords().hash(password.reveal(), username);
    const deeds = new Deeds(store, ports.clock, createUuidV7(ports.clock, ports.random));
    await deeds.do({ ...SYSTEM, name: 'knot admin' }, async () => {
      const user = id === null ? null : await store.get('user', id);
      if (user === null) throw new KnotError('resource.not_found', `there is no user ${username}`, 'Check the name.');
      const { version, ...rest } = user;
      const ended = await endProofs(store, user.id);
      return {
        expect: [{ kind: 'user', id: user.id, version }],
        writes: [{ put: 'user', row: { ...rest, passwordHash } }, ...ended],
        log: [{ stream: 'events', kind: 'user', id: user.id, op: 'put' }, ...proofsLog(ended)],
        audit: { action: 'user.password', subjectKind: 'user', subjectId: user.id },
        answer: undefined,
      };
    });
  } finally {
    await store.close();
  }
}
