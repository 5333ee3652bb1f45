import { LineCounter, isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Document, type YAMLMap } from 'yaml';
import { PORT_PROTOCOLS, PORT_SHARES, labelsProblem } from '@knot/domain';
import { KnotError } from '@knot/shared/errors';
import { isNestedDeeply, nearestKey } from '@knot/shared/config';
import { FIELDS } from './fields.js';
import { KINDS, type Field, type Kind, type Manifest, type PlacedManifest } from './manifest.js';
import { parsePorts, parseTemplatePorts } from './ports-field.js';
import { parseSchedule } from './schedule-field.js';

const TOP_KEYS = ['kind', 'name', 'labels', 'spec'];

/**
 * The manifests of a YAML text with one document or several, or of JSON. Throws `input.invalid` with every problem, its
 * line and, for a key that is not known, the nearest one. Values are not quoted: they may be secret.
 */
export function parseManifests(text: string, file: string): PlacedManifest[] {
  const reader = new ManifestReader(text, file);
  const manifests = reader.read();
  if (reader.problems.length === 0) return manifests;
  const count = reader.problems.length === 1 ? 'one problem' : `${reader.problems.length} problems`;
  throw new KnotError('input.invalid', [`${file} has ${count}`, ...reader.problems].join('\n  '));
}

class ManifestReader {
  readonly problems: string[] = [];
  private readonly lines = new LineCounter();
  private readonly documents: readonly Document[];

  constructor(
    text: string,
    private readonly file: string,
  ) {
    // without pretty errors: those print lines of the file, and with them its secrets
    const parsed = parsedBounded(text, file, this.lines);
    this.documents = Array.isArray(parsed) ? parsed : [];
  }

  read(): PlacedManifest[] {
    for (const { errors } of this.documents) {
      for (const { pos, code } of errors) {
        this.refuse(pos[0], `this is not valid YAML (${code.toLowerCase().replaceAll('_', ' ')})`);
      }
    }
    return this.problems.length > 0 ? [] : this.documents.flatMap((document) => this.readDocument(document));
  }

  private readDocument(document: Document): PlacedManifest[] {
    const { contents } = document;
    if (contents === null || (isScalar(contents) && contents.value === null)) return [];
    const nodes = isSeq(contents) ? contents.items : [contents];
    return nodes.flatMap((node) => {
      if (isMap(node)) return this.readManifest(node, document);
      this.refuse(offsetOf(node), 'this is no manifest; one has kind, name and spec');
      return [];
    });
  }

  private readManifest(map: YAMLMap, document: Document): PlacedManifest[] {
    const at = offsetOf(map);
    this.refuseUnknown(map, TOP_KEYS, '');
    const kind = KINDS.find((known) => known === map.get('kind'));
    const name = map.get('name');
    if (kind === undefined) this.refuse(keyOffset(map, 'kind'), `kind: it is one of ${KINDS.join(', ')}`);
    if (typeof name !== 'string' || name === '') this.refuse(keyOffset(map, 'name'), 'name: a text is needed');
    const spec = follow(map.get('spec', true), document);
    if (!isMap(spec)) this.refuse(keyOffset(map, 'spec'), 'spec: a section is needed');
    if (kind === undefined || typeof name !== 'string' || !isMap(spec)) return [];
    const labels = this.readLabels(map, document);
    const values = this.readSpec(kind, spec, document);
    // each field was checked against the table of its kind
    return [
      { kind, name, ...(labels && { labels }), spec: values, place: this.placeOf(at) } as unknown as Manifest & {
        place: string;
      },
    ];
  }

  private readLabels(map: YAMLMap, document: Document): Record<string, string> | undefined {
    const node = follow(map.get('labels', true), document);
    if (node === undefined || (isScalar(node) && node.value === null)) return undefined;
    const entries = isMap(node)
      ? node.items.map(({ key, value }) => [textOf(key), textOf(follow(value, document))])
      : [[]];
    const labels = new Map<string, string>();
    for (const [key, value] of entries) if (key !== undefined && value !== undefined) labels.set(key, value);
    const given = Object.fromEntries(labels);
    const problem = labels.size < entries.length ? 'a section of texts is needed' : labelsProblem(given);
    if (problem !== null) this.refuse(keyOffset(map, 'labels'), `labels: ${problem}`);
    return given;
  }

  private readSpec(kind: Kind, spec: YAMLMap, document: Document): Record<string, unknown> {
    const fields: Readonly<Record<string, Field>> = FIELDS[kind];
    this.refuseUnknown(spec, Object.keys(fields), 'spec.');
    const values: Record<string, unknown> = {};
    for (const [name, { type, required }] of Object.entries(fields)) {
      const node = follow(spec.get(name, true), document);
      if (node === undefined || (isScalar(node) && node.value === null)) {
        if (required) this.refuse(offsetOf(spec), `spec.${name} is missing`);
        continue;
      }
      const value = valueOf(node, type, document);
      if (value === undefined) this.refuse(keyOffset(spec, name), `spec.${name}: it is ${describe(type)}`);
      else values[name] = value;
    }
    return values;
  }

  private refuseUnknown(map: YAMLMap, known: readonly string[], prefix: string): void {
    for (const { key } of map.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (known.includes(name)) continue;
      const nearest = nearestKey(name, known);
      const meant = nearest === undefined ? '' : `; did you mean ${prefix}${nearest}?`;
      this.refuse(offsetOf(key), `${prefix}${name}: this key is not known${meant} Allowed: ${known.join(', ')}`);
    }
  }

  private refuse(offset: number, found: string): void {
    this.problems.push(`${this.placeOf(offset)}: ${found}`);
  }

  private placeOf(offset: number): string {
    const { line, col } = this.lines.linePos(offset);
    return `${this.file}:${line}:${col}`;
  }
}

/** Bytes of one file: far more than templates of a whole team have. */
const LARGEST = 32 * 1024 * 1024;

const MOST_ALIASES = 100;

function parsedBounded(text: string, file: string, lineCounter: LineCounter) {
  if (Buffer.byteLength(text) > LARGEST) throw new KnotError('input.too_large', `${file}: 32 MiB are the most`);
  if (isNestedDeeply(text)) throw new KnotError('input.invalid', `${file}: it is nested too deeply`);
  try {
    return parseAllDocuments(text, { lineCounter, prettyErrors: false });
  } catch (error) {
    // what is nested a hundred thousand deep is no manifest
    if (!(error instanceof RangeError)) throw error;
    throw new KnotError('input.invalid', `${file}: it is nested too deeply`, '', {}, { cause: error });
  }
}

function valueOf(node: unknown, type: Field['type'], document: Document): unknown {
  switch (type) {
    case 'text':
      return textOf(node);
    case 'number':
      return isScalar(node) && isWhole(node.value) ? node.value : undefined;
    case 'yes or no':
      return isScalar(node) && typeof node.value === 'boolean' ? node.value : undefined;
    case 'list': {
      const texts = isSeq(node) ? node.items.map(textOf) : [undefined];
      return texts.includes(undefined) ? undefined : texts;
    }
    case 'schedule':
      return parseSchedule(plainOf(node, document));
    case 'ports':
      return parsePorts(plainOf(node, document));
    case 'named ports':
      return parseTemplatePorts(plainOf(node, document));
    default:
      return isScalar(node) ? type.find((word) => word === node.value) : undefined;
  }
}

/** A section as plain values; undefined where one would be made of very many. */
function plainOf(node: unknown, document: Document): unknown {
  if (!isMap(node) && !isSeq(node)) return isScalar(node) ? node.value : undefined;
  try {
    return node.toJS(document, { maxAliasCount: MOST_ALIASES });
  } catch (error) {
    if (error instanceof ReferenceError) return undefined;
    throw error;
  }
}

function isWhole(value: unknown): boolean {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** The text as it stands, so that `0123` or a long number loses nothing. */
function textOf(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  if (typeof node.value === 'string') return node.value;
  return node.value === null ? undefined : (node.source ?? JSON.stringify(node.value));
}

function describe(type: Field['type']): string {
  if (typeof type !== 'string') return `one of ${type.join(', ')}`;
  if (type === 'schedule') {
    return '`always`, or a section with timezone, windows (days sun to sat, from and to as 08:30), holidays and autoStart';
  }
  const share = `share (${PORT_SHARES.join(', ')})`;
  if (type === 'ports') return `a list of port and ${share}, each port once`;
  if (type === 'named ports') {
    return `a list of port with label, protocol (${PORT_PROTOCOLS.join(', ')}) or ${share}, each port once`;
  }
  if (type === 'number') return 'a whole number, 0 or more';
  return type === 'list' ? 'a list of texts' : type === 'text' ? 'a text' : 'true or false';
}

function follow(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function keyOffset(map: YAMLMap, name: string): number {
  const pair = map.items.find(({ key }) => isScalar(key) && key.value === name);
  return pair === undefined ? offsetOf(map) : offsetOf(pair.key);
}

function offsetOf(node: unknown): number {
  return isMap(node) || isScalar(node) || isSeq(node) ? (node.range?.[0] ?? 0) : 0;
}
