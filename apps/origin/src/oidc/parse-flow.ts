import type { KeyRing } from '@knot/shared';
import type { OidcFlow } from './oidc-flow.js';

/** What `sealFlow` has sealed; null for anything else. */
export function parseFlow(keys: KeyRing, sealed: string, context: string): OidcFlow | null {
  try {
    return JSON.parse(keys.openText(sealed, context)) as OidcFlow;
  } catch {
    return null;
  }
}
