import type { KeyAndCertificate } from '@knot/link';

/** What `LocationKeys` wrote: the cipher has proved already that nobody else did. */
export function parseKeyAndCertificate(text: string): KeyAndCertificate {
  return JSON.parse(text) as KeyAndCertificate;
}
