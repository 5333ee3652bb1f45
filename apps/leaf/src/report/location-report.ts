import { create } from '@bufbuild/protobuf';
import { sync } from '@knot/contract';
import type { Clock } from '@knot/shared';
import type { KnotError } from '@knot/shared/errors';
import type { LeafStore } from '@knot/shared/store';
import type { RightToAct } from '../authority/right-to-act.js';
import type { LeafFacts } from '../leaf-ports.js';
import type { Entries } from '../bytes/entries.js';
import type { Refusals } from '../agents/refusals.js';
import type { Platforms } from '../platforms/platforms.js';
import type { Orphans } from './orphans.js';

/** How often the leaf says that it is there, ms. */
const EVERY_MS = 10_000;
/** How soon it is looked again whether every backend was looked at, ms. */
const UNSEEN_MS = 500;

/** What the leaf says of itself: every 10 s, and at once when something of it has changed. */
export class LocationReport {
  private due = true;
  private sentAt: number | null = null;
  private orphansSent: number | null = null;
  private orphansInSend: number | null = null;
  /** A process never has a term again that it lost, so that it may count from its own start. */
  private sequence = 0n;
  private hindrance = '';

  constructor(
    private readonly parts: {
      readonly store: LeafStore;
      readonly platforms: Platforms;
      readonly right: RightToAct;
      readonly orphans: Orphans;
      readonly refusals: Refusals;
      readonly entries: Entries;
      readonly facts: LeafFacts;
      readonly programVersion: string;
      readonly queueDepth: () => number;
      readonly spaces: () => number;
      readonly clock: Clock;
    },
  ) {}

  /** A new session: the origin is told everything once. */
  begin(): void {
    this.due = true;
    this.orphansSent = null;
  }

  /** Something has changed. */
  touch(): void {
    this.due = true;
  }

  /** Why nothing of what the origin says can be stored here; null where it can. Whether that is news. */
  hinder(trouble: Pick<KnotError, 'message' | 'hint'> | null): boolean {
    const sentence = trouble ? `The leaf takes up nothing new: ${trouble.message}. ${trouble.hint}` : '';
    if (sentence === this.hindrance) return false;
    this.hindrance = sentence;
    this.due = true;
    return true;
  }

  /**
   * Not before every backend was looked at once: a leaf that has just been started would call them all not ready, and
   * the origin would refuse starts until the next report.
   */
  isDue(): boolean {
    return this.parts.platforms.allSeen && (this.due || this.dueInMs() <= 0);
  }

  dueInMs(): number {
    if (!this.parts.platforms.allSeen) return UNSEEN_MS;
    return this.sentAt === null ? 0 : Math.max(0, this.sentAt + EVERY_MS - this.parts.clock.monotonic());
  }

  async message(): Promise<sync.LocationStatus> {
    const { store, orphans, refusals, entries, programVersion, queueDepth, spaces } = this.parts;
    this.due = false;
    const position = await store.position();
    this.orphansInSend = orphans.version;
    const listed = orphans.version !== null && orphans.version !== this.orphansSent;
    return create(sync.LocationStatusSchema, {
      platforms: this.platforms(),
      facts: this.facts(),
      queueDepth: queueDepth(),
      spaces: spaces(),
      ...(position && { applied: { ...position, rev: BigInt(position.rev) } }),
      orphans: listed ? [...orphans.list()] : [],
      orphansListed: listed,
      orphansOf: listed ? [...orphans.platforms] : [],
      programVersion,
      refusals: [...refusals.list()],
      entries: [...entries.list()],
      sequence: ++this.sequence,
    });
  }

  noteSent(sent: sync.LocationStatus): void {
    this.sentAt = this.parts.clock.monotonic();
    this.parts.refusals.sent(sent.refusals);
    this.parts.entries.sent(sent.entries);
    if (sent.orphansListed) this.orphansSent = this.orphansInSend;
  }

  private platforms() {
    const { platforms, right } = this.parts;
    return platforms.all.map(({ platform }) => {
      const { ready, version, trouble, capacity = '' } = platforms.health(platform);
      const message = trouble?.message ?? (this.hindrance || capacity);
      // what cannot be taken up cannot be started, however well its backend is
      return { platform, ready: ready && this.hindrance === '', version, message, lockHeld: right.lockHeld(platform) };
    });
  }

  private facts(): Record<string, string> {
    const { facts, platforms } = this.parts;
    const nomad = platforms.health('nomad').facts;
    return {
      url: facts.url,
      agent_endpoint: facts.agentEndpoint,
      wildcard_domain: facts.wildcardDomain,
      timezone: facts.timezone,
      nomad_dc: nomad['nomad.dc'] ?? '',
      nomad_region: nomad['nomad.region'] ?? '',
      direct_url: facts.directUrl ?? '',
      direct_fingerprint: facts.directFingerprint ?? '',
      apps_url: facts.appsUrl ?? '',
    };
  }
}
