import type { Claim, StoreSnapshot } from '@knot/shared/archive';
import type { Kind, Rows } from '@knot/shared/store';
import * as names from '../deeds/unique-name.js';
import type { UniqueName } from '../deeds/unique-name.js';
import { rollOutName } from '../roll-outs/roll-out-writes.js';

/** A rule of the rows that does not hold. */
export interface BrokenRule {
  readonly kind: Kind;
  readonly id: string;
  readonly message: string;
}

/** The names that a row of a kind holds. */
const NAMES_OF: { readonly [K in Kind]?: (row: Rows[K]) => readonly UniqueName[] } = {
  user: (row) => [names.userName(row), names.userEmail(row), ...names.userSubject(row)],
  group: (row) => [names.groupName(row)],
  role: (row) => [names.roleName(row)],
  template: (row) => [names.templateName(row)],
  variable: (row) => [names.variableName(row)],
  volume: (row) => [names.volumeName(row)],
  space: (row) => [names.spaceName(row)],
  offer: (row) => [names.offerName(row)],
  rollOut: (row) => (row.state === 'going' || row.state === 'held' ? [rollOutName(row)] : []),
};

/** The kind of row that holds the names of a scope. */
const KIND_OF_SCOPE: Readonly<Record<string, Kind>> = {
  'user.name': 'user',
  'user.email': 'user',
  'user.subject': 'user',
  'group.name': 'group',
  'role.name': 'role',
  'template.name': 'template',
  'variable.name': 'variable',
  'volume.name': 'volume',
  'space.name': 'space',
  offer: 'offer',
  'roll-out': 'rollOut',
};

/** Looks whether what the rows say of one another holds; an empty list is a whole store. */
export async function checkRows(snapshot: StoreSnapshot): Promise<readonly BrokenRule[]> {
  const look = new RowCheck(snapshot);
  await look.references();
  await look.claims();
  await look.observed();
  await look.positions();
  return look.broken;
}

class RowCheck {
  readonly broken: BrokenRule[] = [];
  readonly #ids = new Map<Kind, ReadonlyMap<string, number>>();

  constructor(private readonly snapshot: StoreSnapshot) {}

  async references(): Promise<void> {
    for await (const space of this.#all('space')) {
      await this.#refer('space', space.id, 'user', space.ownerId, 'its owner');
      await this.#refer('space', space.id, 'template', space.templateId, 'its template');
      await this.#refer('space', space.id, 'location', space.location, 'its location');
      if (space.snapshotHash !== '')
        await this.#refer('space', space.id, 'snapshot', space.snapshotHash, 'its snapshot');
      if (space.want === 'running' && space.snapshotHash === '')
        this.#tell('space', space.id, 'should run, without a snapshot');
    }
    for await (const template of this.#all('template')) {
      const version = `${template.id}:${template.present}`;
      await this.#refer('template', template.id, 'templateVersion', version, 'its present version');
    }
    for await (const { id, userId } of this.#all('session'))
      await this.#refer('session', id, 'user', userId, 'its user');
    for await (const { id, userId } of this.#all('token')) await this.#refer('token', id, 'user', userId, 'its user');
  }

  /** Every name of a row is claimed by it, and every claim is the name of the row that holds it. */
  async claims(): Promise<void> {
    const claimed = new Map<string, Claim>();
    for await (const part of this.snapshot.claims()) {
      for (const claim of part) claimed.set(keyOf(claim), claim);
    }
    const kinds = new Set(Object.values(KIND_OF_SCOPE));
    for (const kind of kinds) await this.#namesOf(kind, claimed);
    for (const { scope, value, holder } of claimed.values()) {
      const kind = KIND_OF_SCOPE[scope];
      if (kind !== undefined) this.#tell(kind, holder, `holds the ${scope} "${value}", which is no name of it`);
    }
  }

  async observed(): Promise<void> {
    const generations = new Map<string, number>();
    for await (const { id, generation } of this.#all('space')) generations.set(id, generation);
    for await (const { id, observedGeneration } of this.#all('spaceObserved')) {
      const generation = generations.get(id);
      if (generation === undefined) this.#tell('spaceObserved', id, 'tells of a space that is not there');
      else if (observedGeneration > generation) {
        this.#tell('spaceObserved', id, `has observed generation ${observedGeneration} of a space at ${generation}`);
      }
    }
  }

  async positions(): Promise<void> {
    const heads = new Map(this.snapshot.heads.map(({ stream, rev }) => [stream, rev]));
    for await (const { id, appliedRev } of this.#all('locationStatus')) {
      const head = heads.get(`location:${id}`) ?? 0;
      if (appliedRev > head)
        this.#tell('locationStatus', id, `has applied revision ${appliedRev} of a log that ends at ${head}`);
    }
  }

  async #namesOf<K extends Kind>(kind: K, claimed: Map<string, Claim>): Promise<void> {
    const namesOf: ((row: Rows[K]) => readonly UniqueName[]) | undefined = NAMES_OF[kind];
    if (namesOf === undefined) return;
    for await (const row of this.#all(kind)) {
      for (const { scope, value } of namesOf(row)) {
        const key = keyOf({ scope, value });
        const holder = claimed.get(key)?.holder;
        claimed.delete(key);
        if (holder === undefined) this.#tell(kind, row.id, `has the ${scope} "${value}" without a claim`);
        else if (holder !== row.id) this.#tell(kind, row.id, `has the ${scope} "${value}", which ${holder} holds`);
      }
    }
  }

  async *#all<K extends Kind>(kind: K): AsyncIterable<Rows[K]> {
    for await (const part of this.snapshot.rows(kind)) yield* part;
  }

  async #refer(kind: Kind, id: string, other: Kind, otherId: string, what: string): Promise<void> {
    const known = this.#ids.get(other) ?? (await this.#idsOf(other));
    if (!known.has(otherId)) this.#tell(kind, id, `lacks ${what} (${other} ${otherId})`);
  }

  async #idsOf(kind: Kind): Promise<ReadonlyMap<string, number>> {
    const ids = new Map<string, number>();
    for await (const { id, version } of this.#all(kind)) ids.set(id, version);
    this.#ids.set(kind, ids);
    return ids;
  }

  #tell(kind: Kind, id: string, message: string): void {
    this.broken.push({ kind, id, message });
  }
}

function keyOf({ scope, value }: UniqueName): string {
  return `${scope}\0${value}`;
}
