import { volumeBackendName } from '@knot/domain';
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node, type Pair, type YAMLMap } from 'yaml';
import { isNestedDeeply } from '@knot/shared/config';
import { KnotError } from '@knot/shared/errors';
import { bytesOf } from './size.js';

export interface VolumeCapability {
  readonly accessMode: string;
  readonly attachmentMode: string;
}

export interface VolumeDefinition {
  /** How the template's job refers to it. */
  readonly name: string;
  readonly backendId: string;
  readonly kind: 'csi' | 'host';
  /** '' where the template says none. */
  readonly namespace: string;
  readonly plugin: string;
  readonly nodePool: string;
  readonly capacity: { readonly min: number; readonly max: number };
  readonly capabilities: readonly VolumeCapability[];
  readonly mountOptions: { readonly fsType: string; readonly flags: readonly string[] } | null;
  readonly secrets: Readonly<Record<string, string>>;
  readonly parameters: Readonly<Record<string, string>>;
}

const KEYS = [
  'id',
  'name',
  'namespace',
  'plugin_id',
  'type',
  'node_pool',
  'mount_options',
  'capacity_min',
  'capacity_max',
  'capabilities',
  'secrets',
  'parameters',
] as const;

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Parses the rendered YAML list of a template's volumes. A mistake is told with its line. */
export function parseVolumeDefinitions(text: string, space: string): readonly VolumeDefinition[] {
  if (text.trim() === '') return [];
  if (isNestedDeeply(text)) throw rejected('The volumes are nested too deeply.', 1);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [problem] = document.errors;
  if (problem) throw rejected(problem.message, lines.linePos(problem.pos[0]).line);
  const reader = new Reader(lines);
  if (document.contents === null) return [];
  const entries = reader.list(reader.map(document.contents, 'the volumes', ['volumes']), 'volumes');
  const definitions = entries.map((entry) => definitionOf(reader, entry, space));
  for (const [index, { backendId }] of definitions.entries()) {
    if (definitions.findIndex((other) => other.backendId === backendId) !== index) {
      throw rejected(`The volume ${backendId} is there twice.`, reader.lineOf(entries[index]));
    }
  }
  return definitions;
}

function definitionOf(reader: Reader, entry: Node, space: string): VolumeDefinition {
  const map = reader.map(entry, 'a volume', KEYS);
  const name = reader.text(map, 'id') || reader.text(map, 'name');
  if (!NAME.test(name)) {
    const what = name === '' ? 'A volume needs an id or a name.' : `${JSON.stringify(name)} is no name for a volume.`;
    throw rejected(`${what} Letters, digits, ".", "_" and "-" can be used, 128 at most.`, reader.lineOf(entry));
  }
  const kind = reader.text(map, 'type') || 'csi';
  if (kind !== 'csi' && kind !== 'host') {
    throw rejected(`type: ${kind} is not known; it is csi or host.`, reader.lineOf(map.get('type', true)));
  }
  const plugin = reader.text(map, 'plugin_id') || (kind === 'host' ? 'mkdir' : '');
  if (plugin === '') throw rejected(`The CSI volume ${name} needs a plugin_id.`, reader.lineOf(entry));
  return {
    name,
    backendId: volumeBackendName(space, name),
    kind,
    namespace: reader.text(map, 'namespace'),
    plugin,
    nodePool: reader.text(map, 'node_pool'),
    capacity: capacityOf(reader, map),
    capabilities: capabilitiesOf(reader, map),
    mountOptions: mountOptionsOf(reader, map),
    secrets: reader.texts(map, 'secrets'),
    parameters: reader.texts(map, 'parameters'),
  };
}

function capacityOf(reader: Reader, map: YAMLMap): VolumeDefinition['capacity'] {
  const [min, max] = [reader.size(map, 'capacity_min'), reader.size(map, 'capacity_max')];
  if (max !== 0 && max < min) {
    throw rejected('capacity_max is less than capacity_min.', reader.lineOf(map.get('capacity_max', true)));
  }
  return { min, max: max === 0 ? min : max };
}

/** One writer with a file system when the template says nothing, which is what nearly every space wants. */
function capabilitiesOf(reader: Reader, map: YAMLMap): readonly VolumeCapability[] {
  if (!map.has('capabilities')) return [{ accessMode: 'single-node-writer', attachmentMode: 'file-system' }];
  return reader.list(map, 'capabilities').map((entry) => {
    const capability = reader.map(entry, 'a capability', ['access_mode', 'attachment_mode']);
    return {
      accessMode: reader.text(capability, 'access_mode') || 'single-node-writer',
      attachmentMode: reader.text(capability, 'attachment_mode') || 'file-system',
    };
  });
}

function mountOptionsOf(reader: Reader, map: YAMLMap): VolumeDefinition['mountOptions'] {
  const node = map.get('mount_options', true);
  if (node === undefined) return null;
  const options = reader.map(node, 'mount_options', ['fs_type', 'mount_flags']);
  const flags = options.has('mount_flags') ? reader.list(options, 'mount_flags') : [];
  return {
    fsType: reader.text(options, 'fs_type'),
    flags: flags.map((flag) => reader.scalar(flag, 'mount_flags')),
  };
}

/** Typed reading of YAML nodes; each refusal names line and key, never a value of `secrets`. */
class Reader {
  constructor(private readonly lines: LineCounter) {}

  lineOf(node: unknown): number {
    const range = isMap(node) || isSeq(node) || isScalar(node) ? node.range : null;
    return range ? this.lines.linePos(range[0]).line : 1;
  }

  map(node: unknown, what: string, keys: readonly string[]): YAMLMap {
    if (!isMap(node)) throw rejected(`Here ${what} should be: keys and values.`, this.lineOf(node));
    for (const { key } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      if (keys.includes(name)) continue;
      throw rejected(`The key ${JSON.stringify(name)} is not known; allowed: ${keys.join(', ')}.`, this.lineOf(key));
    }
    return node;
  }

  list(map: YAMLMap, key: string): readonly Node[] {
    const node = map.get(key, true);
    if (isScalar(node) && node.value === null) return [];
    if (!isSeq(node)) throw rejected(`${key} should be a list.`, this.lineOf(node ?? map));
    return node.items.filter((item) => isMap(item) || isScalar(item) || isSeq(item));
  }

  text(map: YAMLMap, key: string): string {
    return map.has(key) ? this.scalar(map.get(key, true), key) : '';
  }

  scalar(node: unknown, key: string): string {
    const value: unknown = isScalar(node) ? node.value : undefined;
    if (value === null) return '';
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
    throw rejected(`${key} should be a text.`, this.lineOf(node));
  }

  size(map: YAMLMap, key: string): number {
    const text = this.text(map, key);
    const bytes = text === '' ? 0 : bytesOf(text);
    if (bytes !== null) return bytes;
    throw rejected(
      `${key}: ${text} is no size; write it like 10G, 512M or a number of bytes.`,
      this.lineOf(map.get(key, true)),
    );
  }

  texts(map: YAMLMap, key: string): Readonly<Record<string, string>> {
    const node = map.get(key, true);
    if (node === undefined || (isScalar(node) && node.value === null)) return {};
    if (!isMap(node)) throw rejected(`${key} should be keys and values.`, this.lineOf(node));
    return Object.fromEntries(node.items.map((pair: Pair) => [String(pair.key), this.scalar(pair.value, key)]));
  }
}

function rejected(message: string, line: number): KnotError {
  const details = { part: 'volumes', line };
  return new KnotError(
    'template.rejected',
    `Volumes, line ${line}: ${message}`,
    'Mend the volumes of the template.',
    details,
  );
}
