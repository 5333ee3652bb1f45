import { KnotError } from '@knot/shared/errors';

const CHECK_ADDRESS = 'Check the address (client.server, KNOT_SERVER or --server) and whether the server runs.';
const TRUST_IT =
  'Give the certificate of its authority by NODE_EXTRA_CA_CERTS=<file>, or, to try something out, --tls-skip-verify.';

/** Node's code of a failed connection, however deep in the causes; '' when it has none. */
export function connectionCode(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    // an error of ours has a code of another kind
    if (!(at instanceof KnotError) && 'code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError) return connectionCode(at.errors[0]);
  }
  return '';
}

/** What went wrong between here and the server, as its user is told. */
export function connectionError(server: string, error: unknown): KnotError {
  if (error instanceof KnotError) return error;
  const [message, hint] = explain(connectionCode(error));
  return new KnotError('server.unavailable', `${server} ${message}`, hint, {}, { cause: error });
}

function explain(code: string): readonly [message: string, hint: string] {
  switch (code) {
    case 'ECONNREFUSED':
      return ['does not answer: nothing listens there', CHECK_ADDRESS];
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return ['does not answer: its name is not known', CHECK_ADDRESS];
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return ['does not answer: no way there', CHECK_ADDRESS];
    case 'ECONNRESET':
    case 'UND_ERR_SOCKET':
      return ['closes the connection', 'Perhaps it is an https:// address; the log of the server may say more.'];
    case 'CERT_HAS_EXPIRED':
      return ['shows a certificate that has expired', 'Its administrator has to renew it.'];
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return ['shows a certificate for another name', 'Use the name that the certificate was made for.'];
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return ['does not speak TLS', 'Perhaps it is an http:// address.'];
    default:
      return isCertificateCode(code)
        ? ['shows a certificate that this machine does not trust', TRUST_IT]
        : [`does not answer${code === '' ? '' : ` (${code})`}`, CHECK_ADDRESS];
  }
}

/** Whether the server was there and its certificate is what hindered. */
export function isCertificateCode(code: string): boolean {
  return /CERT|SIGNATURE|ISSUER/.test(code);
}
