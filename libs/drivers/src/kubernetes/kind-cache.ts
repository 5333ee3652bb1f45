import { asObject, listAt, objectAt, type JsonObject } from './json.js';
import { spaceOf } from './mark.js';
import { nameOf } from './sight.js';

/**
 * What a reflector has seen of its kind. Objects are kept as text: a tenth of what they take when read; as strings, which
 * the garbage collector moves together (small buffers share blocks that one of them holds).
 */
export class KindCache {
  /** Whether changes come in now. */
  following = false;
  /** Up to which all is here. */
  revision = '';
  private readonly entries = new Map<string, { readonly space: string; readonly text: string }>();
  private readonly spaces = new Map<string, Set<string>>();

  /** `spaceIn`: whose an object is; what is nobody's is not kept. `prune`: what of it is kept. */
  constructor(
    private readonly spaceIn = spaceOf,
    private readonly prune = ofControllersWithoutManagers,
  ) {}

  put(object: JsonObject): void {
    const [name, space] = [nameOf(object), this.spaceIn(object)];
    this.drop(name);
    if (space === '') return;
    this.entries.set(name, { space, text: JSON.stringify(this.prune(object)) });
    this.spaces.set(space, (this.spaces.get(space) ?? new Set()).add(name));
  }

  drop(name: string): void {
    const space = this.entries.get(name)?.space ?? '';
    this.entries.delete(name);
    const names = this.spaces.get(space);
    names?.delete(name);
    if (names?.size === 0) this.spaces.delete(space);
  }

  get(name: string): JsonObject | null {
    const entry = this.entries.get(name);
    return entry === undefined ? null : asObject(JSON.parse(entry.text));
  }

  spaceIds(): readonly string[] {
    return [...this.spaces.keys()];
  }

  ofSpace(space: string): readonly JsonObject[] {
    return [...(this.spaces.get(space) ?? [])].map((name) => this.get(name) ?? {});
  }
}

/** Who has set which field of a pod matters to its controller. */
function ofControllersWithoutManagers(object: JsonObject): JsonObject {
  return listAt(objectAt(object, 'metadata'), 'ownerReferences').length === 0 ? object : withoutManagers(object);
}

export function withoutManagers(object: JsonObject): JsonObject {
  const { managedFields: _, ...metadata } = objectAt(object, 'metadata');
  return { ...object, metadata };
}
