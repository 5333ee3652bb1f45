import type { AgentPort, NamedPort } from '@knot/contract';

/** What a space offers by its environment and by its template: where both name a port, the template's words count. */
export function offeredPorts(own: readonly AgentPort[], named: readonly NamedPort[]): readonly AgentPort[] {
  const wordOf = (port: number) => named.find((one) => one.port === port);
  const others = named.filter(({ port }) => !own.some((one) => one.port === port));
  return [
    ...own.map((one) => {
      const { label = one.label, protocol = one.protocol } = wordOf(one.port) ?? {};
      return { ...one, label, protocol };
    }),
    ...others.map(({ port, label = '', protocol = 'http' }) => ({ port, label, protocol })),
  ];
}
