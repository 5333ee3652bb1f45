/** Calls what ssh2 has inside and shows nobody: its version is pinned, and another one that lacks it says so. */
export function callInside(holder: unknown, name: string, args: readonly unknown[]): unknown {
  if (typeof holder !== 'object' || holder === null) throw new TypeError(`This ssh2 keeps its ${name} elsewhere.`);
  const method: unknown = Reflect.get(holder, name);
  if (typeof method !== 'function') throw new TypeError(`This ssh2 has no ${name}.`);
  return Reflect.apply(method, holder, [...args]);
}
