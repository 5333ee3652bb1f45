import { KnotError } from '@knot/shared/errors';
import type { Commit, NewRow, SpaceRow, Store, UserRow } from '@knot/shared/store';
import { found } from '../deeds/check.js';
import { doerOf, type Deeds } from '../deeds/deeds.js';
import type { Call } from '../http/call.js';
import { sharedWithUser } from '../offers/shared-spaces.js';
import { spaceLog } from '../spaces/wish-writes.js';
import type { HostKeys } from './host-keys.js';
import { bareKey, fingerprintOf, parsePublicKey } from './public-key.js';
import type { SshHostDto, SshHostListDto, SshKeyDto, SshKeyListDto } from './ssh.dto.js';

const MOST = 50;
/** Spaces that one commit tells their leaves of. */
const AT_ONCE = 200;
const PAGE = 500;

/** The keys by which people get into their spaces by SSH, and those by which they know them. */
export class SshKeys {
  constructor(
    private readonly store: Store,
    private readonly deeds: Deeds,
    private readonly hostKeys: HostKeys,
  ) {}

  async list(call: Call): Promise<SshKeyListDto> {
    return { items: (await this.user(call)).sshKeys.map(dtoOf) };
  }

  /** Adds a key; one that is there already is left as it is. Throws `input.invalid`. */
  async add(call: Call, line: string): Promise<SshKeyDto> {
    const key = parsePublicKey(line);
    const isSame = (one: string) => bareKey(one) === bareKey(key);
    return this.change(call, 'ssh-key.add', key, (keys) => {
      if (keys.some(isSame)) return keys;
      if (keys.length < MOST) return [...keys, key];
      throw new KnotError('state.refused', `${MOST} keys are the most.`, 'Remove one that is no longer used.');
    });
  }

  /** Removes a key: its open connections are cut at every location that is connected. */
  async remove(call: Call, fingerprint: string): Promise<void> {
    const key = (await this.user(call)).sshKeys.find((one) => fingerprintOf(one) === fingerprint);
    if (!key) throw new KnotError('resource.not_found', 'There is no such key.');
    await this.change(call, 'ssh-key.remove', key, (keys) => keys.filter((one) => one !== key));
  }

  /** One's own spaces and those that others share with one, as a client of SSH knows them. */
  async hosts(call: Call): Promise<SshHostListDto> {
    const { id: ownerId, username } = call.actor;
    const items = await this.sharedHosts(ownerId);
    for (let after: string | undefined; ;) {
      const { rows, next } = await this.store.page('space', { where: { ownerId }, limit: PAGE, after });
      items.push(...(await Promise.all(rows.map((row) => this.hostOf(row, row.name, username)))));
      if (next === null) return { items };
      after = next;
    }
  }

  /** Each under its owner's name: one may have a space of the same name oneself. */
  private async sharedHosts(userId: string): Promise<SshHostDto[]> {
    const rows = await this.sharedWith(userId);
    const owners = await this.store.getMany('user', [...new Set(rows.map(({ ownerId }) => ownerId))]);
    const nameOf = new Map(owners.map(({ id, username }) => [id, username]));
    return Promise.all(
      rows.map((row) => {
        const owner = nameOf.get(row.ownerId) ?? row.ownerId;
        return this.hostOf(row, `${owner}.${row.name}`, owner);
      }),
    );
  }

  private async hostOf(row: SpaceRow, name: string, owner: string): Promise<SshHostDto> {
    return { space: row.id, name, owner, hostKey: await this.hostKeys.publicKeyOf(row) };
  }

  private async change(
    call: Call,
    action: string,
    key: string,
    edit: (keys: readonly string[]) => readonly string[],
  ): Promise<SshKeyDto> {
    let rest: string | undefined;
    const answer = await this.deeds.do(doerOf(call), async () => {
      const { version, ...user } = await this.user(call);
      const row: NewRow<'user'> = { ...user, sshKeys: edit(user.sshKeys) };
      const told = await this.told(user.id);
      rest = told.next;
      return {
        expect: [{ kind: 'user', id: user.id, version }],
        writes: [{ put: 'user', row }],
        log: [{ stream: 'events', kind: 'user', id: user.id, op: 'put' }, ...told.log],
        audit: { action, subjectKind: 'user', subjectId: user.id, details: { key } },
        answer: dtoOf(key),
      };
    });
    while (rest !== undefined) rest = await this.tellRest(call, rest);
    return answer;
  }

  /** What tells the leaves of those of a user's spaces that run: their objects hold the keys. */
  private async told(
    ownerId: string,
    after?: string,
  ): Promise<{ readonly log: NonNullable<Commit['log']>; readonly next: string | undefined }> {
    const { rows, next } = await this.store.page('space', {
      where: { ownerId, want: 'running' },
      limit: AT_ONCE,
      ...(after !== undefined && { after }),
    });
    const shared = after === undefined ? await this.sharedWith(ownerId) : [];
    const log = [...rows, ...shared].flatMap(({ location, id }) => spaceLog(location, id, 'put'));
    return { log, next: next ?? undefined };
  }

  private async tellRest(call: Call, after: string): Promise<string | undefined> {
    let rest: string | undefined;
    await this.deeds.do({ ...doerOf(call), idempotency: null }, async () => {
      const told = await this.told(call.actor.id, after);
      rest = told.next;
      const audit = { action: 'ssh-key.tell', subjectKind: 'user', subjectId: call.actor.id };
      return { expect: [], writes: [], log: told.log, audit, answer: null };
    });
    return rest;
  }

  private async sharedWith(userId: string): Promise<readonly SpaceRow[]> {
    return this.store.getMany('space', await sharedWithUser(this.store, userId));
  }

  private async user(call: Call): Promise<UserRow> {
    return found(await this.store.get('user', call.actor.id), 'user');
  }
}

function dtoOf(key: string): SshKeyDto {
  const [type = '', , ...comment] = key.split(' ');
  return { fingerprint: fingerprintOf(key), type, comment: comment.join(' '), key: bareKey(key) };
}
