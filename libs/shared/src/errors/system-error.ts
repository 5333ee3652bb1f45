/** Node's code of a failed call to the system (`ENOENT`, `EADDRINUSE`); '' where an error bears none. */
export function systemErrorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Whether the system refused with one of these codes. */
export function isSystemError(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(systemErrorCode(error));
}
