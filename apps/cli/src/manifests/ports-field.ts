import { PORT_SHARES, type PortShare } from '@knot/domain';

/** With whom a web port is shared. */
export interface PortSpec {
  readonly port: number;
  readonly share: PortShare;
}

const LAST_PORT = 65_535;

/** What stands in a manifest, each port once; undefined where it is no list of ports. */
export function parsePorts(value: unknown): readonly PortSpec[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const ports = value.flatMap((one: unknown) => parsePort(one) ?? []);
  const isWhole = ports.length === value.length && new Set(ports.map(({ port }) => port)).size === ports.length;
  return isWhole ? sortedPorts(ports) : undefined;
}

/** In one form, so that two can be compared. */
export function sortedPorts(ports: readonly PortSpec[]): PortSpec[] {
  return ports.map(({ port, share }) => ({ port, share })).toSorted((a, b) => a.port - b.port);
}

function parsePort(value: unknown): PortSpec | undefined {
  if (typeof value !== 'object' || value === null || !('port' in value) || !('share' in value)) return undefined;
  const share = PORT_SHARES.find((one) => one === value.share);
  const { port } = value;
  if (share === undefined || Object.keys(value).length > 2 || typeof port !== 'number') return undefined;
  return Number.isInteger(port) && port >= 1 && port <= LAST_PORT ? { port, share } : undefined;
}
