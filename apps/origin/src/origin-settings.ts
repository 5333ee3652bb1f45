import { join } from 'node:path';
import { appDomain, appPaths, type AppNaming } from '@knot/domain';
import type { KnotConfig, OidcConfig } from '@knot/shared/config';
import { formatListenAddress } from '@knot/shared/config';
import type { LocationFacts } from '@knot/shared/store';
import { BACKUP_FILE } from './health/backup-mark.js';
import type { CheckedConfig } from './health/checks/config-checks.js';
import type { ProxySettings } from './proxy/service-proxy.js';

/** What the origin takes from knot.yaml, so that nothing else of it reads the whole configuration. */
export interface OriginSettings {
  readonly url: string;
  /** Of the origin itself. */
  readonly location: string;
  readonly timezone: string;
  /** Facts of the origin's own location before its leaf has said them. */
  readonly facts: LocationFacts;
  /** Whether everybody may have spaces on the platform `local`. */
  readonly localForAll: boolean;
  readonly disableSpaceCreate: boolean;
  /** Whether web terminals are drawn by WebGL. */
  readonly webgl: boolean;
  /** Days; 0 keeps none. */
  readonly auditRetention: number;
  readonly trustedProxies: readonly string[];
  readonly useTls: boolean;
  /** One-time codes at sign-in. */
  readonly totp: { readonly enabled: boolean; readonly window: number; readonly issuer: string };
  readonly oidc: OidcConfig;
  /** How names of apps are made; null where this server carries none. */
  readonly apps: AppNaming | null;
  /** No port proxy: what is under the domain is answered with nothing. */
  readonly disableProxy: boolean;
  /** What `knot proxy` reaches. */
  readonly proxy: ProxySettings;
  /** What the health page looks at. */
  readonly checked: CheckedConfig;
  /** What the store has to say of how it keeps data, as sentences for the health page. */
  readonly storeFindings: readonly string[];
}

export function originSettings(
  { server, resolver, tlsSkipVerify }: KnotConfig,
  storeFindings: readonly string[],
): OriginSettings {
  const endpoint = server.agentEndpoint ?? (server.listenAgent ? formatListenAddress(server.listenAgent) : '');
  return {
    url: server.url,
    location: server.location,
    timezone: server.timezone,
    facts: {
      url: server.url,
      agentEndpoint: endpoint,
      wildcardDomain: (server.wildcardDomain ?? '').replace(/^\*/, ''),
      timezone: server.timezone,
      nomadDc: '',
      nomadRegion: server.nomad.region ?? '',
    },
    localForAll: server.local.users === 'all',
    disableSpaceCreate: server.disableSpaceCreate,
    webgl: server.terminal.webgl,
    auditRetention: server.auditRetention,
    trustedProxies: server.trustedProxies,
    useTls: server.tls.useTls,
    totp: server.totp,
    oidc: server.oidc,
    apps: appDomain(server.wildcardDomain ?? '', server.url) ?? appPaths(server.appsUrl ?? ''),
    disableProxy: server.disableProxy,
    proxy: {
      ...{ disabled: server.disableProxy, allowed: server.proxyAllow },
      ...{ resolver, never: ownServers(server) },
    },
    checked: {
      url: server.url,
      wildcardDomain: server.wildcardDomain ?? '',
      appsUrl: server.appsUrl ?? '',
      allowPlaintext: server.allowPlaintext,
      tlsSkipVerify,
      nameservers: resolver.nameservers,
      backupMaxAge: server.backupMaxAge,
      backupFile: server.store.kind === 'sqlite' ? join(server.store.path, BACKUP_FILE) : null,
    },
    storeFindings,
  };
}

/** The stores and the orchestrators, `host:port` each: nobody reaches them through this server. */
function ownServers({ mysql, redis, nomad }: KnotConfig['server']): readonly string[] {
  const named = [
    ...(mysql.enabled ? [`${mysql.host}:${mysql.port}`] : []),
    ...(redis.enabled ? redis.hosts : []),
    ...[nomad.addr ?? ''].flatMap((addr) => {
      const { hostname, port, protocol } = URL.parse(addr) ?? { hostname: '', port: '', protocol: '' };
      // its own ports of serving and gossip beside that of its API
      const ports = [port === '' ? (protocol === 'https:' ? '443' : '80') : port, '4646', '4647', '4648'];
      return hostname === '' ? [] : ports.map((one) => `${hostname}:${one}`);
    }),
    ...['443', '6443'].map((port) => `kubernetes.default.svc:${port}`),
  ];
  return named.filter((one) => !one.startsWith('srv+'));
}
