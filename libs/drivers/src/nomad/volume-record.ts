import { asObject, isObject, numberAt, textAt } from './json.js';
import type { Variables } from './variables.js';

/**
 * The mark on volumes. Nomad's volumes have no meta, and a plugin may refuse parameters it does not know (mkdir does),
 * so what is ours is told by a variable per space, under this installation and location: it is written before a
 * volume is made and taken away after it is gone. A volume that no such record names is never touched, whatever its
 * own name.
 */
export interface VolumeEntry {
  readonly kind: 'csi' | 'host';
  /** Nomad's id; '' for a host volume from the intent to make it until its id was learnt. */
  readonly id: string;
  readonly name: string;
  readonly owner: string;
  readonly space: string;
  /** ms since the epoch by the leaf's clock */
  readonly at: number;
}

/** Entries by backend name. */
export interface VolumeRecord {
  readonly entries: ReadonlyMap<string, VolumeEntry>;
  readonly index: number;
}

const FOLDER = 'volumes';

export class VolumeRecords {
  /** Only this leaf writes the records of its location, so what it saw last is good until Nomad says otherwise. */
  private readonly seen = new Map<string, VolumeRecord>();

  constructor(private readonly variables: Variables) {}

  /** From memory where that names a volume, as long as nothing contradicts it. */
  async recall(space: string, signal: AbortSignal): Promise<VolumeRecord> {
    return this.seen.get(space) ?? this.read(space, signal);
  }

  async read(space: string, signal: AbortSignal): Promise<VolumeRecord> {
    const { items, index } = await this.variables.read(`${FOLDER}/${space}`, signal);
    return this.remember(space, { entries: parseEntries(items), index });
  }

  async write(space: string, { entries, index }: VolumeRecord, signal: AbortSignal): Promise<VolumeRecord> {
    const items = Object.fromEntries([...entries].map(([name, entry]) => [name, JSON.stringify(entry)]));
    this.seen.delete(space);
    const written = await this.variables.mustWrite(`${FOLDER}/${space}`, { items, index }, signal);
    return this.remember(space, { entries, index: written.index });
  }

  /** The records of all spaces that have one. */
  async all(signal: AbortSignal): Promise<ReadonlyMap<string, VolumeRecord>> {
    const found = new Map<string, VolumeRecord>();
    for (const { name: space, index } of await this.variables.list(FOLDER, signal)) {
      const seen = this.seen.get(space);
      found.set(space, seen?.index === index ? seen : await this.read(space, signal));
    }
    return found;
  }

  forget(space: string): void {
    this.seen.delete(space);
  }

  private remember(space: string, record: VolumeRecord): VolumeRecord {
    if (record.entries.size > 0) this.seen.set(space, record);
    else this.seen.delete(space);
    return record;
  }
}

function parseEntries(items: Readonly<Record<string, string>>): ReadonlyMap<string, VolumeEntry> {
  return new Map(
    Object.entries(items).flatMap(([name, text]) => (isObject(parsed(text)) ? [[name, entryOf(text)]] : [])),
  );
}

function entryOf(text: string): VolumeEntry {
  const entry = asObject(parsed(text));
  return {
    kind: textAt(entry, 'kind') === 'csi' ? 'csi' : 'host',
    id: textAt(entry, 'id'),
    name: textAt(entry, 'name'),
    owner: textAt(entry, 'owner'),
    space: textAt(entry, 'space'),
    at: numberAt(entry, 'at'),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
