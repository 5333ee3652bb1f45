import { parseArgs } from 'node:util';
import type { AgentPort } from '@knot/contract';
import { KnotError } from '@knot/shared/errors';

export interface AgentSettings {
  /** `host:port` or `srv+name`. */
  readonly endpoint: string;
  readonly space: string;
  readonly secret: string;
  /** PEM certificates of the location's agent CA. */
  readonly ca: string;
  /** What the space offers, once something listens there. */
  readonly ports: readonly AgentPort[];
}

/** Each setting as images and templates know it: a flag, else a variable of the environment. */
const SETTINGS = {
  endpoint: 'KNOT_AGENT_ENDPOINT',
  'space-id': 'KNOT_SPACEID',
  'tcp-port': 'KNOT_TCP_PORT',
  'http-port': 'KNOT_HTTP_PORT',
  'https-port': 'KNOT_HTTPS_PORT',
} as const;

const UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** Throws `config.invalid` with what is missing. */
export function readSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): AgentSettings {
  const flags = flagsOf(args);
  const valueOf = (name: keyof typeof SETTINGS) => flags[name] ?? env[SETTINGS[name]] ?? '';
  const [endpoint, space, secret] = [valueOf('endpoint'), valueOf('space-id'), env['KNOT_JOIN_SECRET'] ?? ''];
  if (endpoint === '') throw missing('KNOT_AGENT_ENDPOINT', 'the address that agents dial');
  if (!UUID.test(space)) throw missing('KNOT_SPACEID', 'the id of this space, a uuid');
  if (secret === '') throw missing('KNOT_JOIN_SECRET', 'the secret of this start');
  const ca = Buffer.from(env['KNOT_AGENT_CA'] ?? '', 'base64').toString();
  if (!ca.includes('BEGIN CERTIFICATE')) throw missing('KNOT_AGENT_CA', 'the CA of this location');
  const ports = [
    ...portsOf(valueOf('tcp-port'), 'tcp'),
    ...portsOf(valueOf('http-port'), 'http'),
    ...portsOf(valueOf('https-port'), 'https'),
  ];
  return { endpoint, space: space.toLowerCase(), secret, ca, ports };
}

function flagsOf(args: readonly string[]): Readonly<Partial<Record<keyof typeof SETTINGS, string>>> {
  const text = { type: 'string' } as const;
  const options = { endpoint: text, 'space-id': text, 'tcp-port': text, 'http-port': text, 'https-port': text };
  try {
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new KnotError('config.invalid', error instanceof Error ? error.message : String(error));
  }
}

/** `80=Web 8080`, parted by blanks or commas. */
function portsOf(text: string, protocol: AgentPort['protocol']): AgentPort[] {
  const words = text.split(/[\s,]+/).filter((word) => word !== '');
  return words.map((word) => {
    const [digits = '', ...label] = word.split('=');
    const port = Number(digits);
    if (!/^\d{1,5}$/.test(digits) || port < 1 || port > 65_535) {
      throw new KnotError('config.invalid', `${word} is no port.`, 'Name ports as 8080 or 80=Web.');
    }
    return { port, label: label.join('='), protocol };
  });
}

function missing(name: string, what: string): KnotError {
  const hint = 'knot gives it to every space of a location that has server.listen_agent: was the space started before?';
  return new KnotError('config.invalid', `${name} is not set: ${what}.`, hint);
}
