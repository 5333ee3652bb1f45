import { objectsAt, textAt, type JsonObject } from './json.js';
import type { Wish } from './wish.js';

/** Functions of Nomad's template stanza that read what is not the space's own, with the rights of the node. */
const READERS: Readonly<Record<string, string>> = {
  ...from('vault', ['secret', 'secrets', 'pkiCert', 'writeToFile']),
  ...from('consul', ['key', 'keyExists', 'keyOrDefault', 'ls', 'safeLs', 'tree', 'safeTree', 'caRoots', 'caLeaf']),
  ...from('consul', ['connect', 'node', 'nodes', 'service', 'services', 'datacenters', 'peerings', 'partitions']),
  ...from('nomad-variables', ['nomadVar', 'nomadVarList', 'nomadVarListSafe', 'nomadVarExists']),
  ...from('template-file', ['file', 'plugin', 'executeTemplate']),
};

function from(exception: string, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(names.map((name) => [name, exception]));
}

/** What a task fetches before it starts: artifacts and templates. */
export function* fetchWishes(task: JsonObject): Iterable<Wish> {
  for (const artifact of objectsAt(task, 'Artifacts')) {
    const [source, destination] = [textAt(artifact, 'GetterSource'), textAt(artifact, 'RelativeDest')];
    if (/^(file|[a-z0-9]+::file):|^[/.~]|::[/.~]/i.test(source)) {
      yield { what: `the artifact ${JSON.stringify(source)} of the host`, exception: 'host-path' };
    }
    if (/^(s3|gcs)::/i.test(source)) {
      yield { what: 'an artifact fetched with the rights of the node', exception: 'node-credentials' };
    }
    if (leaves(destination)) yield { what: `an artifact at ${JSON.stringify(destination)}`, exception: 'host-path' };
  }
  for (const template of objectsAt(task, 'Templates')) yield* templateWishes(template);
}

function* templateWishes(template: JsonObject): Iterable<Wish> {
  for (const path of [textAt(template, 'SourcePath'), textAt(template, 'DestPath')]) {
    if (leaves(path)) yield { what: `a template at ${JSON.stringify(path)}`, exception: 'host-path' };
  }
  const [left, right] = [textAt(template, 'LeftDelim') || '{{', textAt(template, 'RightDelim') || '}}'];
  for (const piece of textAt(template, 'EmbeddedTmpl').split(left).slice(1)) {
    const end = piece.indexOf(right);
    const action = (end < 0 ? piece : piece.slice(0, end)).replaceAll(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, '""');
    // a name after a dot or a dollar is a field or a variable, not a function
    for (const [, name = ''] of action.matchAll(/(?<![.$\w])([A-Za-z]\w*)/g)) {
      const exception = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
      if (exception !== undefined) yield { what: `${name} in a template of the task`, exception };
    }
  }
}

/** Whether a path leads out of the task's own folders. Nomad knows absolute paths only below these. */
function leaves(path: string): boolean {
  if (path.split('/').includes('..')) return true;
  return path.startsWith('/') && !/^\/(local|secrets|alloc|tmp)(\/|$)/.test(path);
}
