import { isMap, isScalar, parseDocument, type Document, type YAMLMap } from 'yaml';
import { KnotError } from '@knot/shared/errors';

export interface ClientKeys {
  readonly server: string;
  readonly token: string;
}

/** The text of a knot.yaml with these as `client.server` and `client.token`; all else and every comment stays. */
export function withClientKeys(text: string, { server, token }: ClientKeys): string {
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) throw cannotEdit('it is not valid YAML');
  const client = sectionOf(document);
  setKey(client, 'server', server);
  setKey(client, 'token', token);
  removeKey(client, 'token_file');
  return document.toString({ lineWidth: 0 });
}

/** The map under `client`, made where it is missing. Keys of a knot.yaml are compared without case. */
function sectionOf(document: Document): YAMLMap {
  const top = mapIn(document.contents) ?? document.createNode({});
  if (!isMap(top)) throw cannotEdit('it is no map of sections');
  document.contents = top;
  const pair = top.items.find(({ key }) => isNamed(key, 'client'));
  const section = mapIn(pair?.value);
  if (section !== undefined) return section;
  if (pair !== undefined && !isEmpty(pair.value)) throw cannotEdit('its client is no section');
  const made = document.createNode({});
  if (pair !== undefined) pair.value = made;
  else top.add(document.createPair('client', made));
  return made;
}

function mapIn(node: unknown): YAMLMap | undefined {
  return isMap(node) ? node : undefined;
}

function isEmpty(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

function isNamed(key: unknown, name: string): boolean {
  return isScalar(key) && String(key.value).toLowerCase() === name;
}

function setKey(section: YAMLMap, name: string, value: string): void {
  const pair = section.items.find(({ key }) => isNamed(key, name));
  if (pair === undefined) section.set(name, value);
  // a value that is there keeps its comment
  else if (isScalar(pair.value)) Object.assign(pair.value, { value, type: undefined, source: undefined });
  else pair.value = value;
}

function removeKey(section: YAMLMap, name: string): void {
  section.items = section.items.filter(({ key }) => !isNamed(key, name));
}

function cannotEdit(why: string): KnotError {
  return new KnotError(
    'config.invalid',
    `the configuration file cannot be changed: ${why}`,
    '`knot config check` says more.',
  );
}
