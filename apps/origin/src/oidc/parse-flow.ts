import type { KeyRing } from '@knot/shared';
import type { OidcChecks } from './oidc-provider.js';

/** A sign-in on its way to the provider and back; the browser that began it keeps it, sealed. */
export interface OidcFlow extends OidcChecks {
  /** A path of this server. */
  readonly returnTo: string;
  /** Id of the user who is to be known there from now on; '' for a sign-in. */
  readonly linkTo: string;
  readonly until: number;
}

/** What `sealFlow` has sealed; null for anything else. */
export function parseFlow(keys: KeyRing, sealed: string, context: string): OidcFlow | null {
  try {
    return JSON.parse(keys.openText(sealed, context)) as OidcFlow;
  } catch {
    return null;
  }
}
