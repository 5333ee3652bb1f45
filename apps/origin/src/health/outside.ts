import { randomBytes } from 'node:crypto';
import { request as plainRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { getCACertificates, TLSSocket } from 'node:tls';
import { systemNameService } from '@knot/shared';
import type { LookedUp, Met } from './checks/outside-checks.js';

const DEADLINE_MS = 4_000;
const LARGEST = 64 * 1024;
const LABEL_BYTES = 8;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

export interface MetOutside {
  readonly met: Met;
  /** PEM of what was shown there; '' without TLS. */
  readonly certificate: string;
}

/** Looks at the server as somebody outside would: by name servers and by its public address. */
export class Outside {
  constructor(
    /** `host:port`; none: the system's. */
    private readonly nameservers: readonly string[],
  ) {}

  /** Of a name under the domain that nobody can have made a record for. */
  async lookUp(subject: string, domain: string): Promise<LookedUp> {
    const name = `knot-${randomBytes(LABEL_BYTES).toString('hex')}.${domain}`;
    try {
      const addresses = await inTime(this.addressesOf(name));
      return { subject, domain, addresses, trouble: '' };
    } catch (error) {
      return { subject, domain, addresses: [], trouble: troubleOf(error) };
    }
  }

  /** `ca`: what else vouches for the certificate that is shown there, PEM. */
  async meet(url: string, ca: readonly string[]): Promise<MetOutside> {
    const { hostname } = new URL(url);
    if (LOOPBACK.test(hostname)) return { met: { kind: 'machine' }, certificate: '' };
    try {
      const answer = await this.ask(new URL('/api/v1/version', url), ca);
      // before the body is read: an answer that is over has no connection any more
      const certificate = certificateOf(answer);
      const fingerprint = fingerprintIn(await textOf(answer));
      return { met: { kind: 'answer', status: answer.statusCode ?? 0, fingerprint }, certificate };
    } catch (error) {
      return { met: { kind: 'nobody', trouble: troubleOf(error) }, certificate: '' };
    }
  }

  private async addressesOf(name: string): Promise<readonly string[]> {
    return (await systemNameService.host(name, this.nameservers)).addresses;
  }

  private ask(url: URL, ca: readonly string[]): Promise<IncomingMessage> {
    const secure = url.protocol === 'https:';
    const trusted = secure && ca.length > 0 ? { ca: [...getCACertificates('default'), ...ca] } : {};
    const options: RequestOptions = {
      ...{
        ...trusted,
        agent: false,
        signal: AbortSignal.timeout(DEADLINE_MS),
        headers: { accept: 'application/json' },
      },
      lookup: this.lookup(),
    };
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    (secure ? tlsRequest : plainRequest)(url, options, resolve).on('error', reject).end();
    return promise;
  }

  private lookup(): LookupFunction {
    return (host, { all }, done) => {
      this.addressesOf(host).then(
        (addresses) => {
          const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
          const [first] = found;
          if (all || !first) done(null, found);
          else done(null, first.address, first.family);
        },
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), []),
      );
    };
  }
}

async function inTime<T>(promise: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('no answer in time')), DEADLINE_MS);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    if (!Buffer.isBuffer(chunk)) continue;
    chunks.push(chunk);
    size += chunk.length;
    if (size > LARGEST) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

function fingerprintIn(text: string): string {
  try {
    const told: unknown = JSON.parse(text);
    if (typeof told !== 'object' || told === null || !('fingerprint' in told)) return '';
    return typeof told.fingerprint === 'string' ? told.fingerprint : '';
  } catch {
    return '';
  }
}

function certificateOf({ socket }: IncomingMessage): string {
  const shown = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return shown?.toString() ?? '';
}

const WORDS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such name',
  ENODATA: 'the name has no address',
  EAI_AGAIN: 'no name server answers',
  ETIMEOUT: 'no name server answers',
  ESERVFAIL: 'the name server fails',
  EREFUSED: 'the name server refuses to answer',
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was broken off',
  EHOSTUNREACH: 'there is no way there',
  ENETUNREACH: 'there is no way there',
  CERT_HAS_EXPIRED: 'its certificate has ended',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'nobody that this machine trusts vouches for its certificate',
  SELF_SIGNED_CERT_IN_CHAIN: 'nobody that this machine trusts vouches for its certificate',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'nobody that this machine trusts vouches for its certificate',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'nobody that this machine trusts vouches for its certificate',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

function troubleOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError'))
    return 'no answer in time';
  return WORDS[code] ?? (error instanceof Error && error.message !== '' ? error.message : code);
}
