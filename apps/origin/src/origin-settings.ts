import type { KnotConfig } from '@knot/shared/config';
import { formatListenAddress } from '@knot/shared/config';
import type { LocationFacts } from '@knot/shared/store';

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
  /** What is not as safe as it could be, as sentences for the health page. */
  readonly findings: readonly string[];
}

/** `found` is what the store has to say of how it keeps data. */
export function originSettings({ server, tlsSkipVerify }: KnotConfig, found: readonly string[]): OriginSettings {
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
    findings: [...findingsOf(server, tlsSkipVerify), ...found],
  };
}

function findingsOf({ allowPlaintext, wildcardDomain, url }: KnotConfig['server'], tlsSkipVerify: boolean): string[] {
  const findings: string[] = [];
  if (tlsSkipVerify)
    findings.push('tls_skip_verify is on: certificates are not checked. Remove it and name the CA instead.');
  if (allowPlaintext)
    findings.push('server.allow_plaintext is on: sign-ins can be read on the network. Put TLS in front.');
  const host = new URL(url).hostname;
  const shared = registrable(wildcardDomain?.replace(/^\*\./, '').replace(/:\d+$/, '') ?? '');
  if (shared !== '' && shared === registrable(host)) {
    findings.push(
      `server.wildcard_domain shares the domain ${shared} with server.url: give apps of spaces a domain of their own.`,
    );
  }
  return findings;
}

/** The last two labels: near enough to a registrable domain for a warning. */
function registrable(host: string): string {
  const labels = host.split('.');
  return labels.length < 2 || /^[\d.]+$/.test(host) ? '' : labels.slice(-2).join('.');
}
