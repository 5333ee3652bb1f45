import type { KnotError } from '@knot/shared/errors';
import { connectionCode, isCertificateCode } from '../api/connection-error.js';
import { API_VERSION } from '../client/sign-in.js';
import { finding, type Finding } from './finding.js';

const HARMLESS_SKEW_MS = 5_000;
const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Why there was no answer that knot would give. */
export function unreachedFinding(error: KnotError): Finding {
  const code = isCertificateCode(connectionCode(error)) ? 'server.untrusted' : 'server.unreachable';
  return finding(code, 'error', { sentence: `${error.message}.`, advice: error.hint });
}

/** How sure it is that what answers at the address is the server, and that nobody listens. */
export function trustFinding(server: string, skipVerify: boolean): Finding {
  const { protocol, hostname } = new URL(server);
  if (protocol === 'http:') {
    if (LOOPBACK.test(hostname))
      return finding('server.untrusted', 'ok', { sentence: 'The server is on this machine.' });
    const sentence = `${server} is plain http: passwords and tokens can be read on the way.`;
    return finding('server.untrusted', 'warning', { sentence, advice: 'Use an https:// address.' });
  }
  if (skipVerify) {
    const sentence = 'The certificate of the server is not checked (tls_skip_verify): anybody can pose as it.';
    return finding('server.untrusted', 'warning', {
      sentence,
      advice: 'Give the certificate of its authority by NODE_EXTRA_CA_CERTS=<file> instead.',
    });
  }
  return finding('server.untrusted', 'ok', { sentence: 'The certificate of the server is trusted.' });
}

export function apiFinding(spoken: string, serverVersion: string): Finding {
  if (spoken === API_VERSION) {
    return finding('server.api-version', 'ok', {
      sentence: `The server (${serverVersion}) speaks the API of this knot.`,
    });
  }
  return finding('server.api-version', 'error', {
    sentence: `The server speaks version ${spoken} of the API, and this knot speaks version ${API_VERSION}.`,
    advice: `Install knot ${serverVersion}.`,
  });
}

/** `server` is from its answer, in whole seconds; `here` from halfway through the question; ms, NaN where not told. */
export function clockFinding({ server, here }: { readonly server: number; readonly here: number }): Finding | null {
  if (Number.isNaN(server)) return null;
  // the answer's second has begun half a second before, on average
  const skew = here - (server + 500);
  if (Math.abs(skew) <= HARMLESS_SKEW_MS) {
    return finding('client.clock-skew', 'ok', { sentence: 'The clocks of this machine and of the server agree.' });
  }
  const direction = skew > 0 ? 'ahead of' : 'behind';
  return finding('client.clock-skew', 'warning', {
    sentence: `The clock of this machine is ${Math.round(Math.abs(skew) / 1_000)} s ${direction} the server's.`,
    advice: 'Let both take their time from the network (NTP).',
  });
}

export function tokenFinding(server: string, answer: { readonly username: string } | KnotError | null): Finding {
  if (answer === null) {
    const sentence = 'There is no token (client.token, KNOT_TOKEN, --token).';
    return finding('client.token', 'error', { sentence, advice: `\`knot connect ${server}\` makes one.` });
  }
  if ('username' in answer)
    return finding('client.token', 'ok', { sentence: `The token is ${answer.username}'s and holds.` });
  return finding('client.token', 'error', { sentence: `${answer.message}.`, advice: answer.hint });
}
