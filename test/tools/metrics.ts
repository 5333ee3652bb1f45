/** One value of a server's /metrics, by name and, where it has labels, all of them in order. */
export async function metric(url: string, name: string, labels: Record<string, string> = {}): Promise<number> {
  const text = await (await fetch(new URL('/metrics', url), { signal: AbortSignal.timeout(10_000) })).text();
  const shown = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const head = shown.length > 0 ? `${name}{${shown.join(',')}} ` : `${name} `;
  const line = text.split('\n').find((candidate) => candidate.startsWith(head));
  if (line === undefined) throw new Error(`${url} tells no ${head}`);
  return Number(line.slice(head.length));
}
