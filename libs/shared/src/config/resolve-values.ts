import { dirname } from 'node:path';
import { Secret } from '../secrets/secret.js';
import { problemAt, type ConfigProblem } from './config-problem.js';
import type { ResolvedValue } from './config-draft.js';
import type { GivenValue, Origin, RawValue } from './config-value.js';
import { CONFIG_KEYS, isSecretKey } from './keys/config-keys.js';
import type { KeySpec } from './keys/key-spec.js';
import { parseValue, resolvePath, type PathBase } from './parse-value.js';
import { explainFileError, type ConfigWorld } from './sources/config-world.js';

/** One source of values: flags, environment or file. */
export type Layer = ReadonlyMap<string, GivenValue>;

export interface Resolution {
  readonly values: Map<string, ResolvedValue>;
  readonly problems: readonly ConfigProblem[];
}

/** For each key the first layer that gives it, read as its type; else its default. */
export function resolveValues(layers: readonly Layer[], world: ConfigWorld, file: string | undefined): Resolution {
  const resolver = new ValueResolver(layers, world, file);
  for (const spec of CONFIG_KEYS) if (spec.fileOf === undefined) resolver.resolve(spec);
  return resolver;
}

interface Pick {
  readonly rank: number;
  readonly given: GivenValue;
}

class ValueResolver implements Resolution {
  readonly values = new Map<string, ResolvedValue>();
  readonly problems: ConfigProblem[] = [];

  constructor(
    private readonly layers: readonly Layer[],
    private readonly world: ConfigWorld,
    private readonly file: string | undefined,
  ) {}

  resolve(spec: KeySpec): void {
    const given = isSecretKey(spec) ? this.pickSecret(spec) : this.pick(spec.path)?.given;
    if (given === undefined) return this.useDefault(spec);
    const parsed = parseValue(spec, given.raw, this.baseOf(given.origin));
    if (!parsed.ok) {
      const found = `${describeFound(spec, given.raw)} is not what this key takes`;
      this.problems.push(problemAt(given.origin, { key: spec.path, found, allowed: parsed.allowed }));
      return this.useDefault(spec);
    }
    if (parsed.value === undefined) return this.useDefault(spec);
    this.values.set(spec.path, { value: parsed.value, origin: given.origin });
  }

  private useDefault(spec: KeySpec): void {
    const origin: Origin = { kind: 'default' };
    const parsed = parseValue(spec, rawFallback(spec), this.baseOf(origin));
    this.values.set(spec.path, { value: parsed.ok ? parsed.value : undefined, origin });
  }

  private pick(path: string): Pick | undefined {
    for (const [rank, layer] of this.layers.entries()) {
      const given = layer.get(path);
      if (given !== undefined) return { rank, given };
    }
    return undefined;
  }

  /** The secret or its `_file`, whichever comes from the stronger source; both from the same one are at odds. */
  private pickSecret(spec: KeySpec): GivenValue | undefined {
    const direct = this.pick(spec.path);
    const byFile = this.pick(`${spec.path}_file`);
    if (byFile === undefined || isEmptyText(byFile.given.raw)) return direct?.given;
    if (direct !== undefined && direct.rank < byFile.rank) return direct.given;
    if (direct?.rank === byFile.rank && !isEmptyText(direct.given.raw)) {
      const found = `both ${spec.path} and ${spec.path}_file are given`;
      this.problems.push(problemAt(byFile.given.origin, { key: `${spec.path}_file`, found, allowed: 'one of them' }));
      return undefined;
    }
    return this.readSecretFile(spec, byFile.given);
  }

  private readSecretFile(spec: KeySpec, { raw, origin }: GivenValue): GivenValue | undefined {
    if (raw.kind !== 'text') return undefined;
    const path = resolvePath(raw.text.trim(), this.baseOf(origin));
    const refuse = (found: string): undefined => {
      const allowed = 'a readable file with the secret in it';
      this.problems.push(problemAt(origin, { key: `${spec.path}_file`, found: `${path}: ${found}`, allowed }));
    };
    try {
      const lines = this.world.readFile(path).split(/\r?\n/);
      const texts = lines.filter((line) => line.trim() !== '');
      if (texts.length === 0) return refuse('it is empty');
      if (spec.type.kind === 'secret' && texts.length > 1) return refuse('it holds more than one line');
      return {
        raw: spec.type.kind === 'secrets' ? { kind: 'list', texts } : { kind: 'text', text: texts[0] ?? '' },
        origin,
      };
    } catch (error) {
      return refuse(explainFileError(error));
    }
  }

  private baseOf(origin: Origin): PathBase {
    const byFile = origin.kind === 'file' ? origin.file : origin.kind === 'default' ? this.file : undefined;
    return { folder: byFile === undefined ? this.world.cwd : dirname(byFile), home: this.world.home };
  }
}

/** The default in the form of a source; none is the empty value of the type. */
function rawFallback({ fallback, type }: KeySpec): RawValue {
  if (typeof fallback === 'string') return { kind: 'text', text: fallback };
  if (type.kind === 'domains') return { kind: 'map', entries: new Map() };
  if (type.kind === 'list' || type.kind === 'secrets') return { kind: 'list', texts: fallback ?? [] };
  return { kind: 'text', text: '' };
}

function isEmptyText(raw: RawValue): boolean {
  return raw.kind === 'text' && raw.text.trim() === '';
}

/** What was found, for a message; of a secret only its shape. */
export function describeFound(spec: KeySpec, raw: RawValue): string {
  switch (raw.kind) {
    case 'list':
      return 'a list';
    case 'map':
      return 'a section';
    case 'text':
      return isSecretKey(spec) ? describeSecret(new Secret(raw.text)) : `"${shorten(raw.text)}"`;
  }
}

export function describeSecret(secret: Secret): string {
  return `a secret of ${secret.length} characters`;
}

export function shorten(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 77)}...` : line;
}
