import type { SpaceSnapshot } from '@knot/domain';
import type { Clock, Logger, RandomSource } from '@knot/shared';
import type { LeafStore } from '@knot/shared/store';
import { AgentAdmission } from './agent-admission.js';
import { agentEnvironment } from './agent-environment.js';
import { AgentListener } from './agent-listener.js';
import { AgentSessions } from './agent-sessions.js';
import { ListenerKeys } from './listener-keys.js';
import { Refusals } from './refusals.js';

export interface AgentsParts {
  readonly store: LeafStore;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly logger: Logger;
  /** Where agents dial; null where this leaf meets none. */
  readonly listen: { readonly host: string; readonly port: number } | null;
  /** Whom to ask where a name is; none: the system's. */
  readonly nameservers: (name: string) => readonly string[];
  /** An agent of this space has come or gone. */
  readonly onChange: (space: string) => void;
  /** There is something for the origin's audit. */
  readonly onRefusal: () => void;
}

/** The agents of a location: who may join, who is there, and what spaces get to join with. */
export class Agents {
  readonly keys: ListenerKeys;
  readonly sessions: AgentSessions;
  readonly refusals: Refusals;
  private readonly listener: AgentListener;

  constructor(private readonly parts: AgentsParts) {
    const { store, clock, random, logger, onChange, onRefusal } = parts;
    const admission = new AgentAdmission(store, random);
    this.refusals = new Refusals(onRefusal);
    const onNoise = (space: string) => {
      const message = 'The agent of this space sent too much unasked. It may come again in a minute.';
      this.refusals.note({ actor: `agent:${space}`, action: 'agent.join', address: '', message });
    };
    this.sessions = new AgentSessions(admission, clock, onChange, onNoise, () => this.keys.met.originTime);
    this.listener = new AgentListener({ admission, sessions: this.sessions, refusals: this.refusals, clock, logger });
    this.keys = new ListenerKeys(store, clock, () => {
      if (this.keys.listener) this.listener.use(this.keys.listener);
    });
  }

  /** Opens the port, with or without an origin. Throws `config.invalid` when it cannot be had. */
  async start(): Promise<void> {
    const { listen, logger } = this.parts;
    await this.keys.recall();
    if (!listen) return;
    const port = await this.listener.listen(listen.host, listen.port);
    logger.info({ host: listen.host, port }, 'agents of spaces are met');
  }

  async stop(): Promise<void> {
    if (this.parts.listen) await this.listener.close();
  }

  /** The request for this leaf's listener certificate; empty where none is due. */
  async certificateRequest(): Promise<Uint8Array> {
    return this.parts.listen ? this.keys.request() : new Uint8Array();
  }

  get isCertificateDue(): boolean {
    return this.parts.listen !== null && (this.keys.isDue || Object.keys(this.keys.ticketKeys).length === 0);
  }

  environmentOf(snapshot: SpaceSnapshot): Readonly<Record<string, string>> | undefined {
    const { listen, nameservers } = this.parts;
    return listen ? agentEnvironment(snapshot, this.keys.agentCa, nameservers) : undefined;
  }
}
