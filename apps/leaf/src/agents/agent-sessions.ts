import type { Clock, ClockTimer } from '@knot/shared';
import type { AgentAdmission } from './agent-admission.js';
import type { AgentSession } from './agent-session.js';

/** How long an agent that is there has to show it when another one comes for the same space, ms. */
const DUPLICATE_PING_MS = 5_000;
/** How often it is looked how much agents send unasked. */
const LOOK_S = 1;
/** How long the agent of a space is not let in that has sent too much. */
const SHUT_OUT_MS = 60_000;

/** The agents that have joined, one for a space at most. */
export class AgentSessions {
  private readonly sessions = new Map<string, AgentSession>();
  private readonly turns = new Map<string, Promise<unknown>>();
  /** Spaces whose agent is not let in for a while, and until when. */
  private readonly shutOut = new Map<string, number>();
  private timer: ClockTimer | null = null;

  constructor(
    private readonly admission: Pick<AgentAdmission, 'access'>,
    private readonly clock: Clock,
    /** An agent of this space has come, gone, or offers something else. */
    private readonly onChange: (space: string) => void,
    /** The agent of this space was cut, for what it sent unasked. */
    private readonly onNoise: (space: string) => void,
    /** By the origin's clock, ms since the epoch. */
    private readonly originTime: () => number,
  ) {}

  get(space: string): AgentSession | null {
    return this.sessions.get(space) ?? null;
  }

  get count(): number {
    return this.sessions.size;
  }

  /** Whether its agent has just sent more than any does that is well. */
  isShutOut(space: string): boolean {
    return (this.shutOut.get(space) ?? 0) > this.clock.monotonic();
  }

  /** Whether a newcomer may take the place: there is none, it is the same agent again, or the old one is silent. */
  makeRoom(space: string, instance: string, returning: boolean): Promise<boolean> {
    return this.inTurn(space, async () => {
      const before = this.sessions.get(space);
      if (!before) return true;
      if (!(returning && before.instance === instance) && (await before.answers(DUPLICATE_PING_MS))) return false;
      before.close();
      return true;
    });
  }

  add(session: AgentSession): void {
    this.sessions.get(session.space)?.close();
    this.sessions.set(session.space, session);
    this.onChange(session.space);
    this.timer ??= this.clock.setTimeout(() => this.look(), LOOK_S * 1_000);
    // it comes back: a disk that cannot be read must not end this leaf
    this.review(session.space).catch(() => session.close());
  }

  /** As the end of a session tells. */
  drop(session: AgentSession): void {
    if (this.sessions.get(session.space) !== session) return;
    this.sessions.delete(session.space);
    this.onChange(session.space);
  }

  /** What a session offers has changed. */
  changed(session: AgentSession): void {
    if (this.sessions.get(session.space) === session) this.onChange(session.space);
  }

  /**
   * Something of the space has changed: an agent of a start that is over is cut, with all that goes through it, and
   * whoever has lost the space loses what they have open; the agent hears who may enter now.
   */
  async review(space: string): Promise<void> {
    const session = this.sessions.get(space);
    if (!session) return;
    const access = await this.admission.access(space, session.start);
    if (!access) return session.close();
    session.tellAccess(access);
    session.keepTo(
      access.people.map(({ user }) => user),
      this.originTime(),
    );
  }

  /** Cuts every agent. */
  close(): void {
    if (this.timer) this.clock.clearTimeout(this.timer);
    for (const session of [...this.sessions.values()]) session.close();
  }

  private look(): void {
    const now = this.clock.monotonic();
    for (const [space, until] of this.shutOut) if (until <= now) this.shutOut.delete(space);
    for (const session of [...this.sessions.values()]) {
      if (!session.isNoisy(LOOK_S)) continue;
      this.shutOut.set(session.space, now + SHUT_OUT_MS);
      session.close();
      this.onNoise(session.space);
    }
    const more = this.sessions.size + this.shutOut.size > 0;
    this.timer = more ? this.clock.setTimeout(() => this.look(), LOOK_S * 1_000) : null;
  }

  private inTurn<T>(space: string, deed: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(space) ?? Promise.resolve()).then(deed, deed);
    const settled = turn.then(
      () => undefined,
      () => undefined,
    );
    this.turns.set(space, settled);
    void settled.then(() => this.turns.get(space) === settled && this.turns.delete(space));
    return turn;
  }
}
