import { isMap, type Node } from 'yaml';
import { YamlReader } from './yaml-reader.js';

/** Becomes the name of a folder, so nothing in it can lead elsewhere. */
export function isVolumeName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name);
}

/**
 * The names of the volumes that a volumes text defines: a list, bare or under `volumes:`, of names or `{ name: ... }`.
 */
export function parseVolumeNames(text: string): readonly string[] {
  if (text.trim() === '') return [];
  const reader = new YamlReader(text, 'The volumes text');
  if (reader.root === null) return [];
  const list = isMap(reader.root) ? reader.fields(reader.root, ['volumes'], 'a volumes text').volumes : reader.root;
  const names = list ? reader.list(list, 'volumes').map((entry) => nameOf(reader, entry)) : [];
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw reader.refuse(`the volume "${twice}" is defined twice`, list);
  return names;
}

function nameOf(reader: YamlReader, entry: Node): string {
  const at = reader.isText(entry) ? entry : reader.fields(entry, ['name'], 'a volume').name;
  if (!at) throw reader.refuse('a volume needs a name', entry);
  const name = reader.text(at, 'the name of a volume');
  if (isVolumeName(name)) return name;
  throw reader.refuse(`"${name}" is no name of a volume: letters, digits, dots, hyphens and underscores`, at);
}
