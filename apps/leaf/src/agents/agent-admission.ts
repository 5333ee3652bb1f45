import { createHmac, timingSafeEqual } from 'node:crypto';
import { AGENT_PROTOCOL, type AgentAccess, type JoinRefusal, type JoinRequest } from '@knot/contract';
import type { DesiredSpace } from '@knot/domain';
import type { RandomSource } from '@knot/shared';
import type { LeafStore } from '@knot/shared/store';
import { OwnKey } from '../own-key.js';
import { desiredSpace } from '../wire/desired-space.js';

export type Admission =
  | {
      readonly admitted: true;
      /** The start that the agent belongs to: its snapshot's hash. */
      readonly start: string;
      readonly credential: string;
      /** It showed a credential of this leaf for the same instance. */
      readonly returning: boolean;
    }
  | { readonly admitted: false; readonly reason: JoinRefusal; readonly message: string };

/** Decides which agents may join: those of a space that should run here, by the secret of its present start. */
export class AgentAdmission {
  private readonly key: OwnKey;

  constructor(
    private readonly store: LeafStore,
    random: RandomSource,
  ) {
    this.key = new OwnKey(store, random, 'agent-credential-key');
  }

  async judge({ protocol, space, instance, secret, credential }: JoinRequest): Promise<Admission> {
    if (protocol !== AGENT_PROTOCOL) {
      const message = `This leaf speaks version ${AGENT_PROTOCOL} with agents. Install the agent of the same release.`;
      return { admitted: false, reason: 'version', message };
    }
    const start = await this.startOf(space);
    // One answer for all that does not fit: whoever guesses learns nothing about which spaces there are.
    if (start === null || !isSame(secret, start.secret)) {
      const message = 'No space of this id should run here with this secret.';
      return { admitted: false, reason: 'unknown', message };
    }
    const due = await this.credential(space, instance, start.hash);
    return { admitted: true, start: start.hash, credential: due, returning: isSame(credential, due) };
  }

  /** Who may enter by an agent that joined for this start; null where it may no longer be here. */
  async access(space: string, start: string): Promise<AgentAccess | null> {
    const present = await this.startOf(space);
    return present?.hash === start ? present.access : null;
  }

  private async startOf(id: string): Promise<Start | null> {
    const stored = await this.store.object('space', id);
    return stored?.listed ? startOf(desiredSpace(stored.bytes)) : null;
  }

  /** Bound to space, instance and start; made by a key of this leaf's own disk. */
  private async credential(space: string, instance: string, start: string): Promise<string> {
    return createHmac('sha256', await this.key.bytes())
      .update(JSON.stringify([space, instance, start]))
      .digest('base64url');
  }
}

interface Start {
  readonly hash: string;
  readonly secret: string;
  readonly access: AgentAccess;
}

function startOf({ want, snapshot, members = [], sshKeys = [], shell = '', ...space }: DesiredSpace): Start | null {
  if (want !== 'running' || !snapshot?.joinSecret) return null;
  const keysOf = new Map(sshKeys.map(({ userId, keys }) => [userId, keys]));
  const people = members.map((user) => ({ user, keys: keysOf.get(user) ?? [] }));
  const { hash, joinSecret: secret, sshHostKey: hostKey = '' } = snapshot;
  const ports = (space.templatePorts ?? []).map(({ port, label, protocol }) => ({ port, label, protocol }));
  return { hash, secret, access: { hostKey, people, shell, ports } };
}

function isSame(given: string, due: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(due)];
  return a.length === b.length && timingSafeEqual(a, b);
}
