/** A port that the agent offers. */
export interface AgentPort {
  readonly port: number;
  readonly label: string;
  readonly protocol: 'tcp' | 'http' | 'https';
  /** Where it is something that knot knows. */
  readonly kind?: 'code-server' | 'desktop';
}

/** What an agent says of its space: one line of JSON whenever something of it has changed. */
export interface AgentReport {
  readonly version: string;
  /** Those that something listens on. */
  readonly ports: readonly AgentPort[];
  /** When somebody last typed or sent something, ms since the epoch by the agent's clock; 0 when never. */
  readonly activeAt: number;
}

const MOST_PORTS = 64;

/** Null for anything but a report; labels and counts are bounded. */
export function parseAgentReport(line: string): AgentReport | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    const { version, ports, activeAt }: { version?: unknown; ports?: unknown; activeAt?: unknown } = value;
    if (typeof version !== 'string' || !Array.isArray(ports) || typeof activeAt !== 'number') return null;
    return { version: version.slice(0, 64), ports: ports.slice(0, MOST_PORTS).flatMap(portOf), activeAt };
  } catch {
    return null;
  }
}

function portOf(value: unknown): AgentPort[] {
  if (typeof value !== 'object' || value === null) return [];
  const fields: { port?: unknown; label?: unknown; protocol?: unknown; kind?: unknown } = value;
  const { port, label, protocol } = fields;
  const known = (['tcp', 'http', 'https'] as const).find((one) => one === protocol);
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535 || !known) return [];
  const kind = (['code-server', 'desktop'] as const).find((one) => one === fields.kind);
  const title = typeof label === 'string' ? label.slice(0, 64) : '';
  return [{ port, label: title, protocol: known, ...(kind && { kind }) }];
}
