import { parseNamedPort, type NamedPort } from './named-port.js';
import { isTunnelAddress } from './tunnel-address.js';

/** A port that the agent offers. */
export interface AgentPort extends Required<NamedPort> {
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
  const named = parseNamedPort(value);
  if (!named?.protocol || typeof value !== 'object' || value === null) return [];
  const { port, label = '', protocol } = named;
  const told: { kind?: unknown } = value;
  const kind = (['code-server', 'desktop'] as const).find((one) => one === told.kind);
  return [{ port, label, protocol, ...(kind && { kind }) }];
}

function scriptOf(value: unknown): AgentScript[] {
  if (typeof value !== 'object' || value === null) return [];
  const { name, code }: { name?: unknown; code?: unknown } = value;
  if (typeof name !== 'string') return [];
  const ended = typeof code === 'number' && Number.isInteger(code) && code >= 0 && code <= 255;
  return [{ name: name.slice(0, LONGEST_LABEL), code: ended ? code : null }];
}
