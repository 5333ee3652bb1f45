import { KnotError, isKnotError } from '@knot/shared/errors';
import { answer, createApi, type Api } from '../api/api.js';
import type { SendPorts } from '../api/send.js';
import type { TokenScope } from '../api/schemas.js';

/** The version of the REST API that this program speaks. */
export const API_VERSION = '1';

export interface SignedIn {
  readonly username: string;
  readonly role: 'administrator' | 'user';
  readonly token: string;
  /** ms since the epoch; 0 = never */
  readonly expiresAt: number;
}

export interface TokenWish {
  readonly name: string;
  readonly scope: TokenScope;
  readonly days: number | undefined;
  /** Public keys by which SSH lets this machine in. */
  readonly sshKeys: readonly string[];
}

/** Throws unless the server is a knot that speaks this version of the API. */
export async function assertSameApi(api: Api, server: string): Promise<void> {
  const { version, api: spoken } = await answer(api.GET('/api/v1/version'));
  if (spoken === API_VERSION) return;
  throw new KnotError(
    'protocol.version',
    `${server} speaks version ${spoken} of the API, and this knot speaks version ${API_VERSION}`,
    `Install knot ${version}.`,
  );
}

/** Trades name and password for a token. The session that it takes is ended again. */
export async function makeToken(
  ports: SendPorts,
  headers: Readonly<Record<string, string>>,
  person: { readonly username: string; readonly password: string },
  askCode: () => Promise<string>,
  { name, scope, days, sshKeys }: TokenWish,
): Promise<SignedIn> {
  const api = createApi(ports, headers);
  const login = await signIn(api, person).catch(async (error: unknown) => {
    if (!asksForCode(error)) throw error;
    return signIn(api, { ...person, code: await askCode() });
  });
  const { username, role } = login.data;
  const cookie = login.response.headers.getSetCookie().map((text) => text.split(';')[0]);
  const session = createApi(ports, { ...headers, cookie: cookie.join('; ') });
  const body = { name, scopes: [scope], ...(days !== undefined && { days }) };
  const { token, expiresAt } = await answer(session.POST('/api/v1/tokens', { body }));
  for (const key of sshKeys) await addKey(session, key);
  // left open it ends by itself; the token is what counts
  await session.POST('/api/v1/auth/logout').catch(() => undefined);
  return { username, role, token, expiresAt };
}

async function addKey(session: Api, key: string): Promise<void> {
  await answer(session.POST('/api/v1/me/ssh-keys', { body: { key } })).catch((error: unknown) => {
    // a server of the version before this one has no SSH
    if (!isKnotError(error, 'resource.not_found')) throw error;
  });
}

async function signIn(api: Api, body: { username: string; password: string; code?: string }) {
  const login = await api.POST('/api/v1/auth/login', { body });
  return { response: login.response, data: await answer(Promise.resolve(login)) };
}

/** The password was right, and the user has an authenticator. */
function asksForCode(error: unknown): boolean {
  return isKnotError(error, 'auth.required') && error.details['reason'] === 'totp';
}
