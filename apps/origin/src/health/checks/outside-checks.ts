import { ok, type Check } from './check.js';

/** What a look-up of some name under a wildcard domain brought. */
export interface LookedUp {
  /** Name of the location whose domain it is; '' for the server's own. */
  readonly subject: string;
  /** As `apps.example.com`. */
  readonly domain: string;
  readonly addresses: readonly string[];
  /** Why there are none; '' where there are. */
  readonly trouble: string;
}

/** What somebody meets who opens the server's address. */
export type Met =
  /** An address of this machine alone is not asked. */
  | { readonly kind: 'machine' }
  | { readonly kind: 'nobody'; readonly trouble: string }
  /** `fingerprint`: of the installation that answers; '' where no knot of now does. */
  | { readonly kind: 'answer'; readonly status: number; readonly fingerprint: string };

export function wildcardChecks(looked: readonly LookedUp[]): readonly Check[] {
  const code = 'domain.wildcard';
  if (looked.length === 0) return [ok(code, 'No wildcard_domain is set, so web ports of spaces have no names.')];
  const lost = looked.filter(({ addresses }) => addresses.length === 0);
  const found = looked.filter(({ addresses }) => addresses.length > 0);
  if (lost.length === 0) {
    const words = found.map(({ domain, addresses: [first = ''] }) => `*.${domain} leads to ${first}`);
    return [ok(code, `${words.join(', ')}.`)];
  }
  return lost.map(({ subject, domain, trouble }) => ({
    code,
    severity: 'warning',
    subject,
    sentence: `No name under ${domain} can be looked up (${trouble}), so no web port of a space can be opened.`,
    advice: `Make a DNS record for *.${domain} that leads to ${subject === '' ? 'this server' : `the leaf of ${subject}`}.`,
  }));
}

export function urlCheck(url: string, met: Met, fingerprint: string): Check {
  const code = 'url.unreached';
  const failed = (severity: 'warning' | 'error', sentence: string, advice: string): Check => {
    return { code, severity, subject: '', sentence, advice };
  };
  switch (met.kind) {
    case 'machine':
      return ok(code, `${url} is an address of this machine alone.`);
    case 'nobody':
      return failed(
        'warning',
        `${url} is not reached from this server: ${met.trouble}.`,
        'Look at its DNS record, the proxy in front and server.url. A network that lets no machine reach itself by its outer address is no harm.',
      );
    case 'answer':
      if (met.fingerprint !== '' && met.fingerprint === fingerprint) return ok(code, `${url} leads to this server.`);
      if (met.status >= 500) {
        return failed(
          'error',
          `${url} answers with status ${met.status}: what is in front of this server does not reach it.`,
          'Let the proxy lead to server.listen.',
        );
      }
      return failed(
        'error',
        `${url} leads to something else than this server (status ${met.status}).`,
        'Correct server.url, or what its name and its proxy lead to.',
      );
  }
}
