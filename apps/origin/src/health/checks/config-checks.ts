import { ok, type Check } from './check.js';

/** What of knot.yaml the checks look at. */
export interface CheckedConfig {
  readonly url: string;
  /** As configured; '' for none. */
  readonly wildcardDomain: string;
  /** As configured; '' for none. */
  readonly appsUrl: string;
  readonly allowPlaintext: boolean;
  readonly tlsSkipVerify: boolean;
  /** That tell where its names lead, `host:port`; none: the system's. */
  readonly nameservers: readonly string[];
  /** Days without a backup that are no harm; 0: any. */
  readonly backupMaxAge: number;
  /** Whose time is that of the last backup; null where the store itself says it. */
  readonly backupFile: string | null;
}

export function configChecks(config: CheckedConfig): readonly Check[] {
  return [skipVerifyCheck(config), plaintextCheck(config), domainCheck(config)];
}

function skipVerifyCheck({ tlsSkipVerify }: CheckedConfig): Check {
  const code = 'tls.skip-verify';
  if (!tlsSkipVerify) return ok(code, 'Certificates of others are checked.');
  return {
    code,
    severity: 'warning',
    subject: '',
    sentence: 'tls_skip_verify is on: certificates are not checked.',
    advice: 'Remove it and name the CA instead.',
  };
}

function plaintextCheck({ allowPlaintext }: CheckedConfig): Check {
  const code = 'tls.plaintext';
  if (!allowPlaintext) return ok(code, 'Plain http is not allowed beyond this machine.');
  return {
    code,
    severity: 'warning',
    subject: '',
    sentence: 'server.allow_plaintext is on: sign-ins can be read on the network.',
    advice: 'Put TLS in front.',
  };
}

function domainCheck({ wildcardDomain, appsUrl, url }: CheckedConfig): Check {
  const code = 'domain.shared-with-apps';
  const [key, host] =
    appsUrl === ''
      ? ['server.wildcard_domain', wildcardDomain.replace(/^\*\./, '').replace(/:\d+$/, '')]
      : ['server.apps_url', new URL(appsUrl).hostname];
  const shared = registrable(host);
  if (shared === '' || shared !== registrable(new URL(url).hostname)) {
    return ok(code, 'Apps of spaces share no domain with this server.');
  }
  return {
    code,
    severity: 'warning',
    subject: '',
    sentence: `${key} shares the domain ${shared} with server.url.`,
    advice: 'Give apps of spaces a domain of their own.',
  };
}

/** Below a country's top level, what stands for com, org and the like: names are registered one label deeper there. */
const SECOND_LEVEL = /^(ac|asn|co|com|edu|gen|go|gob|gov|gv|id|info|ltd|me|mil|ne|net|nom|or|org|plc|sch)$/;

/** The part that somebody registers; '' where there is none. Near enough to the public suffix list for a warning. */
function registrable(host: string): string {
  const labels = host.split('.');
  if (labels.length < 2 || /^[\d.]+$/.test(host)) return '';
  const [top = '', second = ''] = labels.toReversed();
  const deep = top.length === 2 && SECOND_LEVEL.test(second) ? 3 : 2;
  return labels.length < deep ? '' : labels.slice(-deep).join('.');
}
