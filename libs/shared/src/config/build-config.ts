import { validateSync, type ValidationError } from 'class-validator';
import { problemAt, type ConfigProblem } from './config-problem.js';
import type { ConfigDraft } from './config-draft.js';
import { formatValue } from './describe-config.js';
import { CONFIG_KEYS, CONFIG_SECTIONS } from './keys/config-keys.js';
import { AgentConfig, AgentDnsConfig, AgentPortConfig, AgentTlsConfig } from './sections/agent-config.js';
import { ClientConfig, KnotConfig, LogConfig, ResolverConfig } from './sections/knot-config.js';
import { ServerConfig } from './sections/server-config.js';
import * as part from './sections/server-parts.js';

const SECTION_CLASSES: Readonly<Record<string, new () => object>> = {
  log: LogConfig,
  resolver: ResolverConfig,
  server: ServerConfig,
  'server.terminal': part.TerminalConfig,
  'server.ui': part.UiConfig,
  'server.totp': part.TotpConfig,
  'server.oidc': part.OidcConfig,
  'server.dns': part.DnsConfig,
  'server.tls': part.TlsConfig,
  'server.mysql': part.MysqlConfig,
  'server.badgerdb': part.EmbeddedStoreConfig,
  'server.sqlite': part.EmbeddedStoreConfig,
  'server.redis': part.RedisConfig,
  'server.memorydb': part.MemorydbConfig,
  'server.nomad': part.NomadConfig,
  'server.kubernetes': part.KubernetesConfig,
  'server.docker': part.DockerConfig,
  'server.local': part.LocalConfig,
  agent: AgentConfig,
  'agent.port': AgentPortConfig,
  'agent.tls': AgentTlsConfig,
  'agent.dns': AgentDnsConfig,
  client: ClientConfig,
};

/** `connection_max_idle` -> `connectionMaxIdle` */
export function propertyName(part: string): string {
  return part.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Puts the values into their classes; nothing is checked yet. */
export function buildConfig(draft: ConfigDraft, file: string | undefined): KnotConfig {
  const config = new KnotConfig();
  if (file !== undefined) config.file = file;
  const sections = new Map<string, object>([['', config]]);
  for (const path of CONFIG_SECTIONS) {
    const Section = SECTION_CLASSES[path];
    if (Section === undefined) throw new Error(`no class for the section ${path}`);
    const section = new Section();
    sections.set(path, section);
    place(sections, path, section);
  }
  for (const { path, fileOf } of CONFIG_KEYS) {
    // resolver.consul has become a part of resolver.domains
    if (fileOf === undefined && path !== 'resolver.consul') place(sections, path, draft.get(path));
  }
  return config;
}

function place(sections: ReadonlyMap<string, object>, path: string, value: unknown): void {
  const cut = path.lastIndexOf('.');
  const parent = sections.get(path.slice(0, Math.max(cut, 0)));
  if (parent === undefined) throw new Error(`the section of ${path} comes after it`);
  if (value !== undefined) Reflect.set(parent, propertyName(path.slice(cut + 1)), value);
}

const keyOfProperty = new Map(CONFIG_KEYS.map((spec) => [spec.path.split('.').map(propertyName).join('.'), spec]));

/** What the constraints on the classes have to say, by key and place. */
export function checkConstraints(config: KnotConfig, draft: ConfigDraft): ConfigProblem[] {
  const errors = validateSync(config, { forbidUnknownValues: false });
  return flatten(errors, '').flatMap(({ path, allowed }) => {
    const spec = keyOfProperty.get(path);
    if (spec === undefined) throw new Error(`no key for the property ${path}`);
    const found = `${formatValue(draft.get(spec.path))} is not allowed here`;
    return problemAt(draft.originOf(spec.path), { key: spec.path, found, allowed });
  });
}

function flatten(errors: readonly ValidationError[], prefix: string): { path: string; allowed: string }[] {
  return errors.flatMap(({ property, constraints, children }) => {
    const path = prefix === '' ? property : `${prefix}.${property}`;
    const own = Object.values(constraints ?? {}).map((allowed) => ({ path, allowed }));
    return [...own, ...flatten(children ?? [], path)];
  });
}
