import type { Duplex } from 'node:stream';
import { askingSession, type AskingSession } from '@knot/link';
import type { LeafIdentity } from '../sync/caller.js';

interface Link {
  readonly identity: LeafIdentity;
  /** A connection to the leaf's door for bytes. */
  open(): Duplex;
  close(): void;
  /** False for a leaf that another one stands before. */
  acts(): boolean;
}

/** What is asked for leaves that have no way open here. */
export interface Elsewhere {
  open(location: string): Promise<Duplex | null>;
}

/** The ways for bytes to leaves, by location: along the links that they dialled, and to the one in this process. */
export class LeafLinks {
  private readonly links = new Map<string, Link>();

  /** `onLink`: a leaf has dialled. */
  constructor(
    private readonly elsewhere: Elsewhere | null,
    private readonly onLink: (identity: LeafIdentity, session: AskingSession) => void = () => undefined,
  ) {}

  /** A new connection to the leaf of this location, wherever its link hangs; null where none has a way open. */
  async open(location: string): Promise<Duplex | null> {
    const here = this.openHere(location);
    if (here) return here;
    return (await this.elsewhere?.open(location)) ?? this.links.get(location)?.open() ?? null;
  }

  /** The same along a link of this very origin alone. */
  openHere(location: string): Duplex | null {
    const link = this.links.get(location);
    return link?.acts() ? link.open() : null;
  }

  /** The leaf in this process. */
  addOwn(location: string, own: { connect(): Duplex; acts(): boolean }): void {
    const identity = { location, instance: '' };
    const [open, acts] = [() => own.connect(), () => own.acts()];
    this.links.set(location, { identity, open, close: () => undefined, acts });
  }

  /** A leaf whose credential was checked has dialled: HTTP/2 along its connection, this origin being the client. */
  async add(identity: LeafIdentity, carrier: Duplex): Promise<void> {
    const session = await askingSession(carrier);
    const link: Link = { identity, open: () => session.open(), close: () => session.close(), acts: () => true };
    void session.over.then(() => {
      carrier.destroy();
      if (this.links.get(identity.location) === link) this.links.delete(identity.location);
    });
    // The newest is the one that is dialled now; what goes through the other one ends with it.
    this.links.get(identity.location)?.close();
    this.links.set(identity.location, link);
    this.onLink(identity, session);
  }

  /** Cuts what goes to an instance that was revoked. */
  revoke({ location, instance }: LeafIdentity): void {
    const link = this.links.get(location);
    if (link && link.identity.instance === instance) link.close();
  }

  close(): void {
    for (const link of this.links.values()) link.close();
  }
}
