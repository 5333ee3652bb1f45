/** What a key's text is read as. Lists are of texts; `secrets` is one secret or a list of them. */
export type KeyType =
  | { readonly kind: 'string' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integer' }
  | { readonly kind: 'list' }
  | { readonly kind: 'path' }
  | { readonly kind: 'listen' }
  | { readonly kind: 'secret' }
  | { readonly kind: 'secrets' }
  | { readonly kind: 'domains' }
  | { readonly kind: 'url'; readonly schemes: readonly string[] }
  | { readonly kind: 'choice'; readonly values: readonly string[] };

/** Which program reads a key: its section, or `global` for those that all share. */
export type KeyScope = 'global' | 'server' | 'agent' | 'client';
export type ConfigPurpose = Exclude<KeyScope, 'global'>;

/** One key of knot.yaml. The table of these drives parsing, flags, environment names, scaffolds and `config show`. */
export interface KeySpec {
  /** Dotted and lower case, as it nests in the file: `server.tls.use_tls`. */
  readonly path: string;
  readonly scope: KeyScope;
  readonly type: KeyType;
  readonly help: string;
  /** In the form a file would give it; absent when there is none or it is derived. */
  readonly fallback?: string | readonly string[];
  /** What `fallback` cannot say: `the host name`. */
  readonly fallbackNote?: string;
  /** Environment names, the first being the one to use; none for keys that only a file can hold. */
  readonly env: readonly string[];
  readonly flag?: string;
  readonly shortFlag?: string;
  /** An explicit empty text means `off` here, instead of the default. */
  readonly keepsEmpty?: boolean;
  /** Said as a warning when the key is given at all: it is accepted and does nothing. */
  readonly useless?: string;
  /** Said as a notice when the key is given and on: what does not work yet. */
  readonly pending?: string;
  /** For `X_file`: the secret `X` that the file's content becomes. */
  readonly fileOf?: string;
}

type KeyOptions = Partial<Omit<KeySpec, 'path' | 'scope' | 'type' | 'help' | 'env' | 'flag'>> & {
  /** Names without `KNOT_`; `null` for none; by rule when absent. */
  readonly env?: string | readonly string[] | null;
  /** Without the dashes; `null` for none; by rule when absent. */
  readonly flag?: string | null;
};

/** A row of the table; the names of environment and flag follow the rule unless told otherwise. */
export function key(path: string, type: KeyType, help: string, options: KeyOptions = {}): KeySpec {
  const { env, flag, ...rest } = options;
  const [first = '', ...others] = path.split('.');
  const scope = toScope(first);
  const name = (scope === 'global' ? [first, ...others] : others).join('_');
  const envNames = env === null ? [] : [env ?? name.toUpperCase()].flat();
  return {
    path,
    scope,
    type,
    help,
    env: envNames.map((text) => `KNOT_${text}`),
    ...(flag !== null && { flag: `--${flag ?? name.replaceAll('_', '-')}` }),
    ...rest,
  };
}

function toScope(text: string): KeyScope {
  return text === 'server' || text === 'agent' || text === 'client' ? text : 'global';
}

/** The row for a secret's `X_file`. */
export function fileKeyOf(secret: KeySpec): KeySpec {
  return {
    path: `${secret.path}_file`,
    scope: secret.scope,
    type: { kind: 'path' },
    help: `a file that holds ${secret.path}`,
    env: secret.env.slice(0, 1).map((name) => `${name}_FILE`),
    ...(secret.flag && { flag: `${secret.flag}-file` }),
    fileOf: secret.path,
  };
}

export const STRING: KeyType = { kind: 'string' };
export const BOOLEAN: KeyType = { kind: 'boolean' };
export const INTEGER: KeyType = { kind: 'integer' };
export const LIST: KeyType = { kind: 'list' };
export const PATH: KeyType = { kind: 'path' };
export const LISTEN: KeyType = { kind: 'listen' };
export const SECRET: KeyType = { kind: 'secret' };
export const SECRETS: KeyType = { kind: 'secrets' };
export const DOMAINS: KeyType = { kind: 'domains' };
export const url = (...schemes: string[]): KeyType => ({ kind: 'url', schemes });
export const choice = (...values: string[]): KeyType => ({ kind: 'choice', values });
