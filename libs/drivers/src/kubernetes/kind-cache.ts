import { asObject, objectAt, textAt, type JsonObject } from './json.js';
import type { Kept } from './kept.js';
import type { SharedFields } from './shared-fields.js';

interface Entry {
  readonly space: string;
  readonly version: string;
  readonly text: string;
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

  constructor(
    private readonly kept: Kept,
    private readonly shared: SharedFields,
  ) {}

  /** Answers whether it says anything new. */
  put(object: JsonObject): boolean {
    const metadata = objectAt(object, 'metadata');
    const [name, space] = [textAt(metadata, 'name'), this.kept.spaceIn(object)];
    const before = this.entries.get(name);
    if (before && before.space !== space) this.drop(name);
    if (space === '') return true;
    const { object: told, fields } = this.kept.of(object);
    const [text, own] = [JSON.stringify(told), this.shared.textOf(fields)];
    const isSame = before?.space === space && before.text === text && before.fields === own;
    const kept = isSame ? before : { space, text, fields: own };
    this.entries.set(name, { ...kept, version: textAt(metadata, 'resourceVersion') });
    if (before?.space !== space) this.spaces.set(space, [...(this.spaces.get(space) ?? []), name]);
    return !isSame;
  }

  drop(name: string): void {
    const space = this.entries.get(name)?.space ?? '';
    this.entries.delete(name);
    const names = (this.spaces.get(space) ?? []).filter((one) => one !== name);
    if (names.length > 0) this.spaces.set(space, names);
    else this.spaces.delete(space);
  }

  /** Nothing more is wanted of a space's. */
  dropSpace(space: string): void {
    for (const name of this.spaces.get(space) ?? []) this.entries.delete(name);
    this.spaces.delete(space);
  }

  get(name: string): JsonObject | null {
    const entry = this.entries.get(name);
    if (entry === undefined) return null;
    const object = asObject(JSON.parse(entry.text));
    const fields = entry.fields !== '' && { managedFields: this.shared.read(entry.fields) };
    const metadata = { ...objectAt(object, 'metadata'), resourceVersion: entry.version, ...fields };
    return { ...object, metadata };
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
