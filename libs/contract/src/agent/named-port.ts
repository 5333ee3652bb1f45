const PROTOCOLS = ['http', 'https', 'tcp'] as const;
const LONGEST_LABEL = 64;

/** A port as it is told, by whoever: what is absent is not said. */
export interface NamedPort {
  readonly port: number;
  readonly label?: string;
  readonly protocol?: (typeof PROTOCOLS)[number];
}

/** Null for what is no port; a protocol that is not known is not said. */
export function parseNamedPort(value: unknown): NamedPort | null {
  if (typeof value !== 'object' || value === null) return null;
  const { port, label, protocol }: { readonly [name in keyof NamedPort]?: unknown } = value;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  const known = PROTOCOLS.find((one) => one === protocol);
  const title = typeof label === 'string' ? { label: label.slice(0, LONGEST_LABEL) } : {};
  return { port, ...title, ...(known && { protocol: known }) };
}
