import { create } from '@bufbuild/protobuf';
import { PROTOCOL, sync, type SyncClient } from '@knot/contract';
import type { Clock, Logger } from '@knot/shared';
import { isKnotError, KnotError } from '@knot/shared/errors';
import type { LeafStore } from '@knot/shared/store';
import type { Agents } from '../agents/agents.js';
import type { LeafIdentity } from '../leaf-identity.js';
import { parseCredential, type StoredCredential } from '../wire/parse-json.js';
import { within } from '../within.js';

const CALL_MS = 5_000;
/** Scrypt, a busy store: enrolling may take longer than other calls. */
const ENROLL_MS = 15_000;

export interface Greeting {
  readonly installation: string;
  readonly epoch: string;
}

/** Gets this leaf known to its origin: agrees on a version, and has a credential that is good. */
export class Enrolment {
  private current: StoredCredential | null = null;

  constructor(
    private readonly parts: {
      readonly sync: SyncClient;
      readonly store: LeafStore;
      readonly clock: Clock;
      /** From 0 up to but not including 1. */
      readonly chance: () => number;
      readonly logger: Logger;
      readonly identity: LeafIdentity;
      readonly location: string;
      readonly token: string;
      readonly programVersion: string;
      readonly agents: Agents;
    },
  ) {}

  /** What this leaf shows with each call; '' before it is enrolled. */
  get credential(): string {
    return this.current?.credential ?? '';
  }

  /** Throws `protocol.version` when the two speak no common version. */
  async hello(signal: AbortSignal): Promise<Greeting> {
    const { sync: client, clock, agents, programVersion } = this.parts;
    const request = create(sync.HelloRequestSchema, { protocol: PROTOCOL, programVersion });
    const answer = await within(clock, CALL_MS, signal, (limited) =>
      client.hello(request, { signal: limited, deadlineMs: CALL_MS }),
    );
    agents.keys.met.tell(Number(answer.serverTime));
    if (answer.protocol === 0) {
      throw new KnotError('protocol.version', answer.message, 'Spaces here go on running meanwhile.');
    }
    if (answer.url !== '') await this.parts.store.putMeta('origin-url', answer.url);
    return { installation: answer.installation, epoch: answer.epoch };
  }

  /** Makes sure of a credential: the stored one while it is good, else a new one. */
  async ensure(signal: AbortSignal): Promise<void> {
    const { sync: client, clock } = this.parts;
    this.current ??= parseCredential(await this.parts.store.secret('credential'));
    if (!this.current || clock.now() >= this.current.expiresAt) return this.enroll(this.parts.token, signal);
    client.useCredential(this.current.credential);
    if (this.parts.agents.isCertificateDue) await this.renewNow(signal);
  }

  /** The origin did not take the credential: the next `ensure` enrols anew. */
  async drop(): Promise<void> {
    this.current = null;
    this.parts.sync.useCredential('');
    await this.parts.store.putSecret('credential', '');
  }

  /** Trades the credential for a fresh one when a quarter to a fifth of its life is left. Until the signal. */
  async renew(signal: AbortSignal): Promise<void> {
    const { clock } = this.parts;
    while (!signal.aborted) {
      const renewAt = this.current?.renewAt ?? clock.now();
      await clock.sleep(Math.max(1_000, Math.min(renewAt - clock.now(), 3_600_000)), signal);
      if (clock.now() < renewAt) continue;
      await this.renewNow(signal);
    }
  }

  /** By the credential, else by the token. */
  private async renewNow(signal: AbortSignal): Promise<void> {
    await this.enroll('', signal).catch(async (error: unknown) => {
      if (!isKnotError(error, 'auth.failed')) throw error;
      await this.enroll(this.parts.token, signal);
    });
  }

  private async enroll(token: string, signal: AbortSignal): Promise<void> {
    const { sync: client, store, clock, logger, identity, location, programVersion, agents } = this.parts;
    const request = create(sync.EnrollRequestSchema, {
      location,
      instance: identity.instance,
      instanceSecret: identity.secret,
      token,
      programVersion,
      listenerCsr: await agents.certificateRequest(),
    });
    const answer = await within(clock, ENROLL_MS, signal, (limited) =>
      client.enroll(request, { signal: limited, deadlineMs: ENROLL_MS }),
    );
    const now = clock.now();
    // its end is told by the origin's clock, which may be another than this machine's
    const lifeMs = Math.max(0, Number(answer.credentialExpiresAt) - agents.keys.met.originTime);
    const { credential } = answer;
    this.current = { credential, expiresAt: now + lifeMs, renewAt: now + lifeMs * (0.75 + 0.05 * this.parts.chance()) };
    client.useCredential(credential);
    await store.putSecret('credential', JSON.stringify(this.current));
    await agents.keys.take(answer);
    const ends = new Date(this.current.expiresAt);
    // An origin's own leaf has a credential that does not end.
    logger.info(Number.isNaN(ends.getTime()) ? {} : { until: ends.toISOString() }, 'enrolled at the origin');
  }
}
