import { LineCounter, parseAllDocuments } from 'yaml';
import { isNestedDeeply } from '@knot/shared/config';
import { KnotError } from '@knot/shared/errors';
import { isObject, objectAt, textAt, type JsonObject } from './json.js';
import { ALL_KINDS, isClusterScoped, kindNamed, type Kind } from './kinds.js';

/** One document of a template. */
export interface Manifest {
  readonly kind: Kind;
  /** As the template has it. */
  readonly name: string;
  /** The line of the text at which it begins. */
  readonly line: number;
  readonly object: JsonObject;
}

/** etcd takes 1.5 MB per object; a template near that is no template. */
const MAX_BYTES = 1024 * 1024;
const MAX_DOCUMENTS = 40;
const NAME = /^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$/;

/** The documents of a rendered text, each of an allowed kind with a name. A mistake is told with its line. */
export function parseManifests(text: string, part: 'job' | 'volumes'): readonly Manifest[] {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_BYTES) {
    throw rejected(part, `The text has ${bytes} bytes after rendering; at most ${MAX_BYTES} are taken.`);
  }
  const found = documentsOf(text, part).filter(({ value }) => value !== null && value !== undefined);
  if (found.length > MAX_DOCUMENTS) {
    throw rejected(part, `There are ${found.length} documents; at most ${MAX_DOCUMENTS} are taken.`);
  }
  const manifests = found.map(({ value, line }) => manifestOf(value, line, part));
  for (const [n, { kind, name, line }] of manifests.entries()) {
    const twin = manifests.findIndex((other) => other.kind === kind && other.name === name);
    if (twin !== n) throw rejected(part, `The ${kind.kind} ${name} is there twice.`, line);
  }
  return manifests;
}

interface Found {
  readonly value: unknown;
  readonly line: number;
}

/** Values and lines of all YAML documents. */
export function documentsOf(text: string, part: 'job' | 'volumes'): readonly Found[] {
  if (isNestedDeeply(text)) throw rejected(part, 'It is nested too deeply.');
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [problem] = document.errors;
    if (problem) throw rejected(part, `${problem.message}.`, lines.linePos(problem.pos[0]).line);
    const [start] = document.contents?.range ?? document.range;
    try {
      const value: unknown = document.toJS({ maxAliasCount: 100 });
      return { value, line: lines.linePos(start).line };
    } catch {
      throw rejected(part, 'Its aliases refer to too much.', lines.linePos(start).line);
    }
  });
}

/** A document that is of an allowed kind and has a name. */
export function manifestOf(value: unknown, line: number, part: 'job' | 'volumes'): Manifest {
  if (!isObject(value)) throw rejected(part, 'Here an object with apiVersion, kind and metadata should be.', line);
  const named = textAt(value, 'kind');
  if (named === '') throw rejected(part, 'The document has no kind.', line);
  const kind = kindNamed(named);
  if (!kind) throw kindRefused(named, line, part);
  if (textAt(value, 'apiVersion') !== kind.apiVersion) {
    const asked = textAt(value, 'apiVersion') || 'none';
    throw rejected(part, `A ${named} has the apiVersion ${kind.apiVersion} here, not ${asked}.`, line);
  }
  const name = textAt(objectAt(value, 'metadata'), 'name');
  if (name === '') throw rejected(part, `The ${named} has no metadata.name.`, line);
  if (!NAME.test(name)) {
    const what = `${JSON.stringify(name)} is no name for a ${named}`;
    throw rejected(part, `${what}: small letters, digits, "-" and "." can be used, 63 at most.`, line);
  }
  return { kind, name, line, object: value };
}

function kindRefused(kind: string, line: number, part: 'job' | 'volumes'): KnotError {
  const why = isClusterScoped(kind) ? 'it belongs to the whole cluster' : 'it is not among the kinds of a space';
  const allowed = ALL_KINDS.map((one) => one.kind).join(', ');
  const message = `${partName(part)}, line ${line}: the kind ${kind} is not allowed: ${why}.`;
  return new KnotError('template.policy', message, `Allowed are: ${allowed}.`, { part, line, asked: `kind:${kind}` });
}

export function rejected(part: 'job' | 'volumes', message: string, line?: number): KnotError {
  const place = line === undefined ? partName(part) : `${partName(part)}, line ${line}`;
  const details = { part, ...(line !== undefined && { line }) };
  return new KnotError('template.rejected', `${place}: ${message}`, `Mend the ${part} of the template.`, details);
}

function partName(part: 'job' | 'volumes'): string {
  return part === 'job' ? 'Job' : 'Volumes';
}
