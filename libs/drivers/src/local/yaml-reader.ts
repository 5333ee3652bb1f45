import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type ParsedNode } from 'yaml';
import { nearestName } from '@knot/domain';
import { isNestedDeeply } from '@knot/shared/config';
import { KnotError } from '@knot/shared/errors';

/** A longer text is no job for a machine's own process. Bytes of UTF-16, roughly. */
const LONGEST_TEXT = 256 * 1024;

/** Reads YAML strictly: each error names line and column, and the key that was likely meant. */
export class YamlReader {
  private readonly lines = new LineCounter();
  readonly root: Node | null;

  /** `what` begins the sentences: 'The job'. */
  constructor(
    text: string,
    private readonly what: string,
  ) {
    if (text.length > LONGEST_TEXT) throw rejected(`${what} is longer than ${LONGEST_TEXT / 1024} KiB.`);
    if (isNestedDeeply(text)) throw rejected(`${what} is nested too deeply.`);
    const document = parseDocument<ParsedNode>(text, { lineCounter: this.lines, prettyErrors: false });
    const [error] = document.errors;
    if (error) throw this.refuse(error.message, error.pos[0]);
    this.root = document.contents;
  }

  /** The values of a map by key; any key that is not `known` is refused. */
  fields<K extends string>(node: Node | null, known: readonly K[], name: string): Partial<Record<K, Node>> {
    if (!isMap(node)) throw this.refuse(`${name} is a map with the keys ${known.join(', ')}`, node);
    const fields: Partial<Record<K, Node>> = {};
    for (const { key, value } of node.items) {
      const text = isScalar(key) ? String(key.value) : '';
      const word = known.find((one) => one === text);
      if (word === undefined) throw this.unknownKey(text, known, isScalar(key) ? key : node);
      if (isNode(value) && !this.isNothing(value)) fields[word] = value;
    }
    return fields;
  }

  /** Key and value of each entry of a map with free keys. */
  entries(
    node: Node,
    name: string,
  ): readonly { readonly key: string; readonly at: Node; readonly value: Node | null }[] {
    if (!isMap(node)) throw this.refuse(`${name} is a map`, node);
    return node.items.map(({ key, value }) => {
      if (!isScalar(key)) throw this.refuse(`a key of ${name} is a plain text`, node);
      return { key: String(key.value), at: key, value: isNode(value) ? value : null };
    });
  }

  list(node: Node, name: string): readonly Node[] {
    if (!isSeq(node)) throw this.refuse(`${name} is a list`, node);
    return node.items.filter(isNode);
  }

  /** A text; numbers and true/false count as what is written. */
  text(node: Node, name: string): string {
    const value: unknown = isScalar(node) ? node.value : null;
    const plain = typeof value === 'number' || typeof value === 'boolean' ? String(value) : null;
    const text = typeof value === 'string' ? value : plain && isScalar(node) ? (node.source ?? plain) : null;
    if (text === null) throw this.refuse(`${name} is a text`, node);
    if (text.includes('\0')) throw this.refuse(`${name} holds a NUL character`, node);
    return text;
  }

  isNothing(node: Node): boolean {
    return isScalar(node) && node.value === null;
  }

  isList(node: Node | undefined): boolean {
    return isSeq(node);
  }

  isText(node: Node | undefined): boolean {
    return isScalar(node);
  }

  refuse(message: string, at: Node | number | null | undefined): KnotError {
    const offset = typeof at === 'number' ? at : (at?.range?.[0] ?? 0);
    const { line, col } = this.lines.linePos(offset);
    return rejected(`${this.what}, line ${line}, column ${col}: ${message}.`, { line, column: col });
  }

  private unknownKey(key: string, known: readonly string[], at: Node): KnotError {
    const near = nearestName(key, known);
    const meant = near === undefined ? `known are ${known.join(', ')}` : `did you mean "${near}"?`;
    return this.refuse(`"${key}" is not known here; ${meant}`, at);
  }
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value);
}

function rejected(message: string, details: Record<string, unknown> = {}): KnotError {
  return new KnotError('template.rejected', message.replace(/\?\.$/, '?'), 'Mend the template.', details);
}
