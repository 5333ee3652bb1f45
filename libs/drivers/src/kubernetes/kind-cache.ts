import { asObject, objectAt, textAt, type JsonObject } from './json.js';
import type { Kept, KeptObject } from './kept.js';
import type { SharedFields } from './shared-fields.js';

/** What an object that was told of says: that it is another, or only how it is; nothing that was not known. */
export type News = 'changed' | 'status' | 'none';

interface Entry {
  readonly space: string;
  readonly version: string;
  readonly marks: string;
  readonly said: string;
  /** Who set which field, as text; '' where that is not kept. */
  readonly fields: string;
}

/**
 * What a reflector has seen of its kind, as far as a look reads it. Objects are kept as text: a tenth of what they take when
 * read; as strings, which the garbage collector moves together (small buffers share blocks that one of them holds).
 */
export class KindCache {
  /** Whether changes come in now. */
  following = false;
  /** Up to which all is here. */
  revision = '';
  private readonly entries = new Map<string, Entry>();
  private readonly spaces = new Map<string, readonly string[]>();
  private readonly dropped = new Set<string>();

  constructor(
    private readonly kept: Kept,
    private readonly shared: SharedFields,
  ) {}

  put(object: JsonObject): News {
    const metadata = objectAt(object, 'metadata');
    const [name, space] = [textAt(metadata, 'name'), this.kept.spaceIn(object)];
    if (this.spaceOf(name) !== space) this.drop(name);
    if (space === '') return 'changed';
    const before = this.entries.get(name);
    const kept = this.kept.of(object);
    const now = this.entryOf(kept, space, textAt(metadata, 'resourceVersion'), before);
    this.entries.set(name, now);
    if (!before) this.spaces.set(space, [...(this.spaces.get(space) ?? []), name]);
    if (before?.marks === now.marks && before.fields === now.fields)
      return before.said === now.said ? 'none' : 'status';
    return kept.isOwned ? 'status' : 'changed';
  }

  /** What is as it was is not there twice. */
  private entryOf({ marks, said, fields }: KeptObject, space: string, version: string, before?: Entry): Entry {
    const [ofMarks, ofSaid] = [JSON.stringify(marks), JSON.stringify(said)];
    return {
      ...{ space: before?.space ?? space, version },
      marks: before?.marks === ofMarks ? before.marks : ofMarks,
      said: before?.said === ofSaid ? before.said : ofSaid,
      fields: this.shared.textOf(fields),
    };
  }

  drop(name: string): void {
    const space = this.entries.get(name)?.space ?? '';
    this.entries.delete(name);
    const names = (this.spaces.get(space) ?? []).filter((one) => one !== name);
    if (names.length > 0) this.spaces.set(space, names);
    else this.spaces.delete(space);
  }

  /** What there is of a space is not wanted for now. */
  dropSpace(space: string): void {
    const names = this.spaces.get(space) ?? [];
    if (names.length > 0) this.dropped.add(space);
    for (const name of names) this.entries.delete(name);
    this.spaces.delete(space);
  }

  /** Whether all of a space's is here that was told. */
  isWhole(space: string): boolean {
    return !this.dropped.has(space);
  }

  /** What was dropped is here again, or gone for good. */
  noteWhole(space: string): void {
    this.dropped.delete(space);
  }

  get(name: string): JsonObject | null {
    const entry = this.entries.get(name);
    if (entry === undefined) return null;
    const fields = entry.fields !== '' && { managedFields: this.shared.read(entry.fields) };
    const metadata = { ...asObject(JSON.parse(entry.marks)), resourceVersion: entry.version, ...fields };
    return { metadata, ...asObject(JSON.parse(entry.said)) };
  }

  /** '' for what is not here. */
  versionOf(name: string): string {
    return this.entries.get(name)?.version ?? '';
  }

  /** '' for what is not here. */
  spaceOf(name: string): string {
    return this.entries.get(name)?.space ?? '';
  }

  names(): readonly string[] {
    return [...this.entries.keys()];
  }

  spaceIds(): readonly string[] {
    return [...this.spaces.keys()];
  }

  ofSpace(space: string): readonly JsonObject[] {
    return (this.spaces.get(space) ?? []).map((name) => this.get(name) ?? {});
  }
}
