import { isObject, listAt, objectAt, textAt, type JsonObject } from './json.js';

const MOST = 64;

interface Known {
  readonly text: string;
  readonly read: readonly unknown[];
}

/**
 * Who set which field of an object. It is as long as the object itself, and the same text for all that were made from one
 * template: each is kept once, and read once.
 */
export class SharedFields {
  /** The last ones that were used. */
  private readonly known = new Map<string, Known>();

  /** '' for none. */
  textOf(fields: readonly unknown[]): string {
    return fields.length === 0 ? '' : this.of(JSON.stringify(fields)).text;
  }

  /** The same list for the same text, as long as it is remembered: what is learnt from it may be kept beside it. */
  read(text: string): readonly unknown[] {
    return this.of(text).read;
  }

  private of(text: string): Known {
    const known = this.known.get(text) ?? { text, read: listAt({ fields: JSON.parse(text) }, 'fields') };
    this.known.delete(text);
    this.known.set(text, known);
    const [oldest] = this.known.keys();
    if (this.known.size > MOST && oldest !== undefined) this.known.delete(oldest);
    return known;
  }
}

/** Without when each was set, and without those who only say how it is. */
export function fieldsOfSpec(object: JsonObject): readonly JsonObject[] {
  return listAt(objectAt(object, 'metadata'), 'managedFields')
    .filter(isObject)
    .filter((entry) => textAt(entry, 'subresource') !== 'status')
    .map(({ time: _, ...entry }) => entry);
}
