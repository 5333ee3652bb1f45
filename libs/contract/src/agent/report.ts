import { isTunnelAddress } from './tunnel-address.js';

/** A port that the agent offers. */
export interface AgentPort {
  readonly port: number;
  readonly label: string;
  readonly protocol: 'tcp' | 'http' | 'https';
  /** Where it is something that knot knows. */
  readonly kind?: 'code-server' | 'desktop';
}

/** A start script, as the agent runs it. */
export interface AgentScript {
  readonly name: string;
  /** With which it ended, 128 and the number of a signal; null: it runs. */
  readonly code: number | null;
}

/** What an agent says of its space: one line of JSON whenever something of it has changed. */
export interface AgentReport {
  readonly version: string;
  /** Those that something listens on. */
  readonly ports: readonly AgentPort[];
  /** When somebody last typed or sent something, ms since the epoch by the agent's clock; 0 when never. */
  readonly activeAt: number;
  /** Where VS Code opens the space in the browser; '' where it does not. */
  readonly tunnel: string;
  readonly scripts: readonly AgentScript[];
}

const MOST_PORTS = 64;
const MOST_SCRIPTS = 32;
const LONGEST_LABEL = 64;

/** Null for anything but a report; labels and counts are bounded. */
export function parseAgentReport(line: string): AgentReport | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    const fields: Readonly<Record<string, unknown>> = { ...value };
    const { version, ports, activeAt, tunnel, scripts } = fields;
    if (typeof version !== 'string' || !Array.isArray(ports) || typeof activeAt !== 'number') return null;
    return {
      version: version.slice(0, 64),
      ports: ports.slice(0, MOST_PORTS).flatMap(portOf),
      activeAt,
      // an agent of before says nothing of these
      tunnel: typeof tunnel === 'string' && isTunnelAddress(tunnel) ? tunnel : '',
      scripts: Array.isArray(scripts) ? scripts.slice(0, MOST_SCRIPTS).flatMap(scriptOf) : [],
    };
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
  const title = typeof label === 'string' ? label.slice(0, LONGEST_LABEL) : '';
  return [{ port, label: title, protocol: known, ...(kind && { kind }) }];
}

function scriptOf(value: unknown): AgentScript[] {
  if (typeof value !== 'object' || value === null) return [];
  const { name, code }: { name?: unknown; code?: unknown } = value;
  if (typeof name !== 'string') return [];
  const ended = typeof code === 'number' && Number.isInteger(code) && code >= 0 && code <= 255;
  return [{ name: name.slice(0, LONGEST_LABEL), code: ended ? code : null }];
}
