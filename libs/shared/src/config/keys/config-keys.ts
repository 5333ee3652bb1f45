import { AGENT_KEYS } from './agent-keys.js';
import { CLIENT_KEYS } from './client-keys.js';
import { COMMON_KEYS } from './common-keys.js';
import { fileKeyOf, type ConfigPurpose, type KeySpec } from './key-spec.js';
import { PLATFORM_KEYS } from './platform-keys.js';
import { SERVER_KEYS } from './server-keys.js';
import { STORE_KEYS } from './store-keys.js';

const written: readonly KeySpec[] = [
  ...COMMON_KEYS,
  ...SERVER_KEYS,
  ...STORE_KEYS,
  ...PLATFORM_KEYS,
  ...AGENT_KEYS,
  ...CLIENT_KEYS,
];

export function isSecretKey(spec: KeySpec): boolean {
  return spec.type.kind === 'secret' || spec.type.kind === 'secrets';
}

/** Every key that knot.yaml may hold, each secret followed by its `_file`. */
export const CONFIG_KEYS: readonly KeySpec[] = written.flatMap((spec) =>
  isSecretKey(spec) ? [spec, fileKeyOf(spec)] : [spec],
);

const byPath = new Map(CONFIG_KEYS.map((spec) => [spec.path, spec]));

export function findKey(path: string): KeySpec | undefined {
  return byPath.get(path);
}

/** The key of this path; for code that names keys of the table, where a missing one is a mistake in knot itself. */
export function requireKey(path: string): KeySpec {
  const spec = byPath.get(path);
  if (spec === undefined) throw new Error(`no key ${path} in the table`);
  return spec;
}

/** Every proper prefix of a key: `server`, `server.tls` ... */
export const CONFIG_SECTIONS: ReadonlySet<string> = new Set(
  CONFIG_KEYS.flatMap(({ path }) => {
    const parts = path.split('.');
    return parts.slice(1).map((_, count) => parts.slice(0, count + 1).join('.'));
  }),
);

/** The keys that one program takes from flags and environment. */
export function keysFor(purpose: ConfigPurpose): readonly KeySpec[] {
  return CONFIG_KEYS.filter((spec) => spec.scope === 'global' || spec.scope === purpose);
}

/** Keys that scaffolds of the older program printed and nothing ever read: last part, and what to write instead. */
export const DEAD_KEYS: ReadonlyMap<string, string> = new Map([
  ['listen-agent', 'the key is server.listen_agent'],
  ['space-id', 'the key is agent.space_id'],
  ['tcp-port', 'the key is agent.port.tcp_port'],
  [
    'enable-terminal',
    'a template says whether its spaces have a terminal; for the drawing there is server.terminal.webgl',
  ],
]);
