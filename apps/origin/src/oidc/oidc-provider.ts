import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
} from 'openid-client';
import type { Clock, Logger } from '@knot/shared';
import type { OidcConfig } from '@knot/shared/config';
import { KnotError, toKnotError } from '@knot/shared/errors';
import { guardedFetch } from './guarded-fetch.js';

/** What the provider says of itself is read again after this long. */
const KNOWN_MS = 60 * 60_000;

/** What has to come back unchanged with the person. */
export interface OidcChecks {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Who somebody is to the provider. */
export interface OidcPerson {
  readonly issuer: string;
  readonly subject: string;
  /** '' where the provider does not say. */
  readonly username: string;
  readonly email: string;
  /** Null where the provider names no groups. */
  readonly groups: readonly string[] | null;
}

/** The OpenID provider of knot.yaml: code flow with PKCE, state and nonce. */
export class OidcProvider {
  private known: { readonly configuration: Promise<Configuration>; readonly at: number } | null = null;

  constructor(
    private readonly config: OidcConfig & { readonly issuer: string },
    private readonly redirectUri: string,
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly logger: Logger,
  ) {}

  async begin(): Promise<{ readonly url: string; readonly checks: OidcChecks }> {
    return this.asking(async (configuration) => {
      const checks = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri: this.redirectUri,
        scope: 'openid profile email',
        code_challenge: await calculatePKCECodeChallenge(checks.verifier),
        code_challenge_method: 'S256',
        state: checks.state,
        nonce: checks.nonce,
      });
      return { url: url.href, checks };
    });
  }

  /** Trades what came back for who it is; throws `auth.failed` for what does not belong to `checks`. */
  async finish(query: string, { state, nonce, verifier }: OidcChecks): Promise<OidcPerson> {
    return this.asking(async (configuration) => {
      const tokens = await authorizationCodeGrant(configuration, new URL(`${this.redirectUri}?${query}`), {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (!claims) throw new Error('the provider sent no id token');
      const more = configuration.serverMetadata().userinfo_endpoint
        ? await fetchUserInfo(configuration, tokens.access_token, claims.sub)
        : {};
      return this.person(claims.iss, claims.sub, { ...claims, ...more });
    });
  }

  private person(issuer: string, subject: string, claims: Readonly<Record<string, unknown>>): OidcPerson {
    const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : '');
    const named = claims[this.config.groupsClaim];
    const groups = Array.isArray(named) ? named.filter((one) => typeof one === 'string') : null;
    return { issuer, subject, username: text('preferred_username'), email: text('email'), groups };
  }

  private async asking<T>(deed: (configuration: Configuration) => Promise<T>): Promise<T> {
    try {
      return await deed(await this.configuration());
    } catch (error) {
      // the cause may hold a code or a token: its message is for nobody but the log, and there without either
      const { message } = toKnotError(error);
      this.logger.warn({ issuer: this.config.issuer, reason: reasonOf(error) }, 'a sign-in by the provider failed');
      if (error instanceof KnotError) throw error;
      const hint = 'Begin anew; if it stays so, the log of the server says more to its administrator.';
      throw new KnotError(
        'auth.failed',
        'The provider did not let you in.',
        hint,
        { problem: 'not-let-in' },
        { cause: new Error(message) },
      );
    }
  }

  private configuration(): Promise<Configuration> {
    const now = this.clock.monotonic();
    if (this.known && now - this.known.at < KNOWN_MS) return this.known.configuration;
    const { issuer, clientId = '', clientSecret } = this.config;
    const loopback = new URL(issuer).protocol === 'http:';
    const configuration = discovery(new URL(issuer), clientId, clientSecret?.reveal(), undefined, {
      timeout: 10,
      [customFetch]: guardedFetch(loopback),
      execute: loopback ? [allowInsecureRequests] : [],
    });
    this.known = { configuration, at: now };
    // what failed is asked for again
    configuration.catch(() => (this.known = null));
    return configuration;
  }
}

function reasonOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
