import { buildConfig, checkConstraints } from './build-config.js';
import { ConfigDraft, type ResolvedValue } from './config-draft.js';
import { configError, formatProblem, problemAt, type ConfigProblem } from './config-problem.js';
import { formatOrigin } from './config-value.js';
import { deriveValues } from './derive-values.js';
import { keysFor } from './keys/config-keys.js';
import type { ConfigPurpose } from './keys/key-spec.js';
import { resolveValues } from './resolve-values.js';
import { CLUSTER_RULES } from './rules/cluster-rules.js';
import type { ConfigRule, RuleFacts } from './rules/config-rule.js';
import { LISTEN_RULES } from './rules/listen-rules.js';
import { OIDC_RULES } from './rules/oidc-rules.js';
import { PLATFORM_RULES } from './rules/platform-rules.js';
import { STORE_RULES } from './rules/store-rules.js';
import type { KnotConfig } from './sections/knot-config.js';
import type { ServerConfig, ServerMode, StoreChoice } from './sections/server-config.js';
import { formatValue } from './describe-config.js';
import { findConfigFile, isConfigFile } from './sources/find-file.js';
import { readEnvironment, readFlags, type FlagValues } from './sources/given-values.js';
import { systemWorld, type ConfigWorld } from './sources/config-world.js';
import { readYaml, type YamlReading } from './sources/yaml-source.js';

export interface LoadOptions {
  /** Which program's keys are taken from flags and environment. Default: server. */
  readonly purpose?: ConfigPurpose;
  /** By key; the file itself is under `config`. */
  readonly flags?: FlagValues;
  /** Default: this process and its machine. */
  readonly world?: ConfigWorld;
}

export interface LoadedConfig {
  readonly config: KnotConfig;
  /** The value of each key and where it came from, for `describeConfig`. */
  readonly values: ReadonlyMap<string, ResolvedValue>;
  /** Sentences, with place and key: accepted, but hardly meant. */
  readonly warnings: readonly string[];
  /** One sentence for each thing that is switched on and does not work yet. */
  readonly notices: readonly string[];
}

const NO_FLAGS: FlagValues = new Map();
const NO_FILE: YamlReading = { given: new Map(), problems: [], warnings: [] };
const RULES: readonly ConfigRule[] = [
  ...CLUSTER_RULES,
  ...LISTEN_RULES,
  ...STORE_RULES,
  ...PLATFORM_RULES,
  ...OIDC_RULES,
];

/**
 * Reads the configuration: flag beats environment beats file beats default.
 * Throws `config.invalid` with every problem in `details.problems` (`ConfigProblem[]`).
 */
export function loadConfig(options: LoadOptions = {}): LoadedConfig {
  const { purpose = 'server', flags = NO_FLAGS, world = systemWorld() } = options;
  const named = flags.get('config');
  const found = findConfigFile(world, typeof named === 'string' ? named : undefined);
  if (found !== undefined && !isConfigFile(found)) throw configError([found], purpose);
  const yaml = found === undefined ? NO_FILE : readYaml(found);
  const layers = [readFlags(flags, purpose), readEnvironment(world.env, purpose), yaml.given];
  const resolution = resolveValues(layers, world, found?.path);
  const draft = new ConfigDraft(resolution.values);
  deriveValues(draft, world);
  const config = buildConfig(draft, found?.path);
  completeServer(config.server);

  const problems = [...yaml.problems, ...resolution.problems];
  problems.push(...fresh(checkConstraints(config, draft), problems));
  const findings = applyRules({ config, draft, world });
  problems.push(...fresh(findings.problems, problems));
  if (problems.length > 0) throw configError(problems.toSorted(byPlace), purpose);
  const warnings = [...yaml.warnings, ...uselessWarnings(draft, purpose), ...findings.warnings];
  return { config, values: draft.values, warnings, notices: pendingNotices(draft, purpose) };
}

/** Keys that are wrong already are not found wrong again for another reason. */
function fresh(found: readonly ConfigProblem[], known: readonly ConfigProblem[]): ConfigProblem[] {
  const keys = new Set(known.map(({ key }) => key));
  return found.filter(({ key }) => !keys.has(key));
}

function byPlace(a: ConfigProblem, b: ConfigProblem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

function applyRules(facts: RuleFacts): { problems: ConfigProblem[]; warnings: string[] } {
  const findings = RULES.flatMap((rule) => rule(facts).map((finding) => ({ ...finding })));
  const placed = findings.map(({ level, key, found, allowed }) => ({
    level,
    problem: problemAt(facts.draft.originOf(key), { key, found, allowed }),
  }));
  return {
    problems: placed.filter(({ level }) => level === 'problem').map((item) => item.problem),
    warnings: placed.filter(({ level }) => level === 'warning').map((item) => formatProblem(item.problem)),
  };
}

function completeServer(server: ServerConfig): void {
  server.mode = modeOf(server);
  server.store = storeOf(server);
}

function modeOf({ originServer, sharedToken }: ServerConfig): ServerMode {
  if (sharedToken.length === 0) return 'standalone';
  return originServer === undefined ? 'origin' : 'leaf';
}

function storeOf({ mode, mysql, badgerdb, sqlite, redis, dataPath }: ServerConfig): StoreChoice {
  if (mode !== 'leaf' && mysql.enabled) return { kind: 'mysql', path: dataPath };
  const named = badgerdb.enabled ? badgerdb.path : sqlite.enabled ? sqlite.path : undefined;
  const embedded = badgerdb.enabled || sqlite.enabled || mode === 'leaf';
  return { kind: redis.enabled && !embedded ? 'redis' : 'sqlite', path: named ?? dataPath };
}

/** Keys given otherwise than by their default that nothing here reads. */
function uselessWarnings(draft: ConfigDraft, purpose: ConfigPurpose): string[] {
  return keysFor(purpose).flatMap(({ path, useless, fallback }) => {
    if (useless === undefined || !draft.isGiven(path) || formatValue(draft.get(path)) === fallback) return [];
    return `${formatOrigin(draft.originOf(path))}: ${path}: ${useless}`;
  });
}

function pendingNotices(draft: ConfigDraft, purpose: ConfigPurpose): string[] {
  const keys = keysFor(purpose).filter(
    ({ path, pending }) => pending && draft.isGiven(path) && draft.get(path) !== false,
  );
  const bySentence = Map.groupBy(keys, ({ pending }) => pending ?? '');
  return [...bySentence].map(([sentence, specs]) => `${specs.map(({ path }) => path).join(', ')}: ${sentence}`);
}
