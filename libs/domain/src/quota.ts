/** Whether one more space may run. `limit` 0 = unlimited. */
export function roomToRun(running: number, limit: number): boolean {
  return limit === 0 || running < limit;
}
