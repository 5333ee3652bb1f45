/** What was read, and which version of it. */
export interface Versioned {
  readonly id: string;
  readonly version: number;
}

/** A save over somebody else's is refused. */
export function versionHeader(version: number) {
  return { 'If-Match': `"${version}"` };
}
