import {
  LineCounter,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { problemAt, type ConfigProblem } from '../config-problem.js';
import type { GivenValue, Origin, RawValue } from '../config-value.js';
import { CONFIG_KEYS, CONFIG_SECTIONS, DEAD_KEYS, findKey } from '../keys/config-keys.js';
import type { KeySpec } from '../keys/key-spec.js';
import { nearestKey } from '../nearest-key.js';
import { describeType } from '../parse-value.js';
import type { ConfigFile } from './find-file.js';

export interface YamlReading {
  readonly given: ReadonlyMap<string, GivenValue>;
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly string[];
}

/** Reads the keys of a knot.yaml with the place of each. Keys are compared without case. */
export function readYaml(file: ConfigFile): YamlReading {
  const lines = new LineCounter();
  // without pretty errors: those print lines of the file, and with them its secrets
  const document = parseDocument(file.text, { lineCounter: lines, prettyErrors: false, uniqueKeys: false });
  const reader = new YamlReader(file.path, lines, document);
  for (const error of document.errors)
    reader.refuse(error.pos[0], '', `this is not valid YAML (${inWords(error.code)})`);
  if (document.errors.length === 0) reader.readTop(document.contents);
  return reader;
}

/** The parser's own messages quote the file, so its code is used instead. */
function inWords(code: string): string {
  if (code === 'TAB_AS_INDENT') return 'a tab where only spaces may indent';
  if (code === 'MULTIPLE_DOCS') return 'more than one document';
  return code.toLowerCase().replaceAll('_', ' ');
}

class YamlReader implements YamlReading {
  readonly given = new Map<string, GivenValue>();
  readonly problems: ConfigProblem[] = [];
  readonly warnings: string[] = [];

  constructor(
    private readonly file: string,
    private readonly lines: LineCounter,
    private readonly document: Document,
  ) {}

  refuse(offset: number, key: string, found: string, more: { allowed?: string; nearest?: string } = {}): void {
    this.problems.push(problemAt(this.origin(offset), { key, found, ...more }));
  }

  readTop(contents: unknown): void {
    if (contents === null || (isScalar(contents) && contents.value === null)) return;
    if (isMap(contents)) this.readMap(contents, '');
    else
      this.refuse(0, '', 'the file is not a map of sections', { allowed: 'server:, resolver:, log:, agent:, client:' });
  }

  private readMap(map: YAMLMap, prefix: string): void {
    for (const pair of map.items) {
      const name = isScalar(pair.key) ? textOf(pair.key).toLowerCase() : '';
      this.readPair(prefix === '' ? name : `${prefix}.${name}`, offsetOf(pair.key), this.follow(pair.value));
    }
  }

  private readPair(path: string, offset: number, value: unknown): void {
    const spec = findKey(path);
    if (spec !== undefined) return this.readKey(spec, offset, value);
    const dead = DEAD_KEYS.get(path.slice(path.lastIndexOf('.') + 1));
    if (dead !== undefined || path === 'config') {
      const why = dead ?? 'a file cannot name another file: use --config or KNOT_CONFIG';
      this.warnings.push(`${this.place(offset)}: ${path}: nothing reads this; ${why}`);
    } else if (CONFIG_SECTIONS.has(path)) this.readSection(path, offset, value);
    else this.refuseUnknown(path, offset);
  }

  private readSection(path: string, offset: number, value: unknown): void {
    if (isMap(value)) this.readMap(value, path);
    else if (!isEmpty(value))
      this.refuse(offset, path, `found ${shapeOf(value)}`, { allowed: 'a section with keys under it' });
  }

  private refuseUnknown(path: string, offset: number): void {
    const section = path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : '';
    const nearest = nearestKey(path, [...CONFIG_KEYS.map((spec) => spec.path), ...CONFIG_SECTIONS]);
    const allowed = `${section === '' ? 'at the top' : `under ${section}`}: ${namesUnder(section).join(', ')}`;
    this.refuse(offset, path, 'this key is not known', { allowed, nearest });
  }

  private readKey(spec: KeySpec, offset: number, value: unknown): void {
    if (isEmpty(value)) return;
    const earlier = this.given.get(spec.path);
    if (earlier !== undefined && earlier.origin.kind === 'file') {
      return this.refuse(offset, spec.path, `it is given twice, first in line ${earlier.origin.line}`);
    }
    const raw = this.rawOf(spec, value);
    if (raw === undefined)
      this.refuse(offset, spec.path, `found ${shapeOf(value)}`, { allowed: describeType(spec.type) });
    else this.given.set(spec.path, { raw, origin: this.origin(offset) });
  }

  private rawOf(spec: KeySpec, value: unknown): RawValue | undefined {
    if (isScalar(value)) return { kind: 'text', text: textOf(value) };
    if (isSeq(value)) {
      const texts = this.textsOf(value);
      return texts === undefined || !takesList(spec) ? undefined : { kind: 'list', texts };
    }
    return isMap(value) && spec.type.kind === 'domains' ? this.domainsOf(value) : undefined;
  }

  private domainsOf(map: YAMLMap): RawValue | undefined {
    const entries = new Map<string, readonly string[]>();
    for (const pair of map.items) {
      if (!isScalar(pair.key)) return undefined;
      const value = this.follow(pair.value);
      const texts = isScalar(value) ? [textOf(value)] : this.textsOf(value);
      if (texts === undefined) return undefined;
      entries.set(
        textOf(pair.key)
          .toLowerCase()
          .replace(/^\.|\.$/g, ''),
        texts,
      );
    }
    return { kind: 'map', entries };
  }

  private textsOf(value: unknown): string[] | undefined {
    if (!isSeq(value)) return undefined;
    const items = value.items.map((item) => this.follow(item));
    const scalars = items.filter((item) => isScalar(item));
    return scalars.length === items.length ? scalars.map(textOf) : undefined;
  }

  private follow(node: unknown): unknown {
    return isAlias(node) ? node.resolve(this.document) : node;
  }

  private origin(offset: number): Extract<Origin, { kind: 'file' }> {
    const { line, col } = this.lines.linePos(offset);
    return { kind: 'file', file: this.file, line, column: col };
  }

  private place(offset: number): string {
    const { line, column } = this.origin(offset);
    return `${this.file}:${line}:${column}`;
  }
}

/** The text as it stands in the file, so that `0123` or a long number as a password loses nothing. */
function textOf({ value, source }: Scalar): string {
  if (value === null) return '';
  return source ?? JSON.stringify(value);
}

function offsetOf(node: unknown): number {
  return isScalar(node) ? (node.range?.[0] ?? 0) : 0;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || (isScalar(value) && value.value === null);
}

function takesList({ type }: KeySpec): boolean {
  return type.kind === 'list' || type.kind === 'secrets';
}

function shapeOf(value: unknown): string {
  if (isMap(value)) return 'a section';
  return isSeq(value) ? 'a list' : 'a single value';
}

function namesUnder(section: string): string[] {
  const prefix = section === '' ? '' : `${section}.`;
  const below = CONFIG_KEYS.filter(({ path, fileOf }) => path.startsWith(prefix) && fileOf === undefined);
  return [...new Set(below.map(({ path }) => path.slice(prefix.length).split('.')[0] ?? ''))];
}
