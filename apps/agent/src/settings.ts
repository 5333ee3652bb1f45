import { parseArgs } from 'node:util';
import type { AgentPort } from '@knot/contract';
import type { LogPorts } from './logs/log-sinks.js';
import { withDnsPort } from '@knot/link/names';
import { KnotError } from '@knot/shared/errors';

export interface AgentSettings {
  /** `host:port` or `srv+name`. */
  readonly endpoint: string;
  /** Whom to ask where `srv+name` is, `host:port` each; none: the system's. */
  readonly nameservers: readonly string[];
  readonly space: string;
  readonly secret: string;
  /** PEM certificates of the location's agent CA. */
  readonly ca: string;
  /** What the space offers, once something listens there. */
  readonly ports: readonly AgentPort[];
  /** Files and folders of scripts that are run once at first. */
  readonly startScripts: readonly string[];
  /** Whether the tunnel of VS Code is run. */
  readonly tunnel: boolean;
  /** Where it hears what programs of the space say, on loopback; 0 = nowhere. */
  readonly logs: LogPorts;
}

/** Each setting as images and templates know it: a flag, else a variable of the environment. */
const SETTINGS = {
  endpoint: 'KNOT_AGENT_ENDPOINT',
  'space-id': 'KNOT_SPACEID',
  nameserver: 'KNOT_NAMESERVERS',
  'tcp-port': 'KNOT_TCP_PORT',
  'http-port': 'KNOT_HTTP_PORT',
  'https-port': 'KNOT_HTTPS_PORT',
  'code-server-port': 'KNOT_CODE_SERVER_PORT',
  'vnc-http-port': 'KNOT_VNC_HTTP_PORT',
  'start-script': 'KNOT_START_SCRIPT',
  'vscode-tunnel': 'KNOT_VSCODE_TUNNEL',
  'syslog-port': 'KNOT_SYSLOG_PORT',
  'api-port': 'KNOT_LOGS_PORT',
} as const;

/** Where images that know knot run it; looked at unless said otherwise. */
const CODE_SERVER_PORT = 49_374;
const SYSLOG_PORT = 514;
const API_PORT = 12_201;

const UUID = /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** What images made for other agents may say, and this one has nothing to do with. */
const WITHOUT_EFFECT = [
  ...['ssh-port', 'update-authorized-keys', 'service-password', 'dns-listen', 'dns-refresh-max-age', 'legacy'],
  ...['advertise-addr', 'use-tls', 'cert-file', 'key-file', 'log-level', 'tls-skip-verify', 'nameservers', 'config'],
];

/** Throws `config.invalid` with what is missing. */
export function readSettings(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): { readonly settings: AgentSettings; readonly notices: readonly string[] } {
  const { flags, notices } = flagsOf(args);
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
    ...knownPort(valueOf('code-server-port') || String(CODE_SERVER_PORT), 'code-server'),
    ...knownPort(valueOf('vnc-http-port') || '0', 'desktop'),
  ];
  const logs = {
    syslog: portOf(valueOf('syslog-port') || String(SYSLOG_PORT)),
    api: portOf(valueOf('api-port') || String(API_PORT)),
  };
  const nameservers = wordsOf(valueOf('nameserver')).map(withDnsPort);
  const startScripts = wordsOf(valueOf('start-script'));
  const tunnel = !['', '0', 'false', 'off'].includes(valueOf('vscode-tunnel').toLowerCase());
  const own = { endpoint, nameservers, space: space.toLowerCase(), secret, ca };
  return { settings: { ...own, ports, logs, startScripts, tunnel }, notices };
}

interface Flags {
  readonly flags: Readonly<Partial<Record<keyof typeof SETTINGS, string>>>;
  readonly notices: readonly string[];
}

function flagsOf(args: readonly string[]): Flags {
  const [text, texts] = [{ type: 'string' }, { type: 'string', multiple: true }] as const;
  const lists = {
    nameserver: texts,
    'start-script': texts,
    'vscode-tunnel': text,
    'tcp-port': texts,
    'http-port': texts,
    'https-port': texts,
  };
  const known = { 'code-server-port': text, 'vnc-http-port': text, 'syslog-port': text, 'api-port': text };
  const [idle, acting] = partition(args);
  try {
    const { values } = parseArgs({ args: acting, options: { endpoint: text, 'space-id': text, ...lists, ...known } });
    const flags = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat().join(' ')]));
    return { flags, notices: idle.map((name) => `--${name} has no effect.`) };
  } catch (error) {
    throw new KnotError('config.invalid', error instanceof Error ? error.message : String(error));
  }
}

/** The names of the flags without effect, and the words that are left without them and their values. */
function partition(args: readonly string[]): [idle: string[], acting: string[]] {
  const [idle, acting]: [string[], string[]] = [[], []];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    const name = /^--([a-z-]+)/.exec(word)?.[1] ?? '';
    if (!WITHOUT_EFFECT.includes(name)) {
      acting.push(word);
      continue;
    }
    idle.push(name);
    const next = args[index + 1];
    if (!word.includes('=') && next !== undefined && !next.startsWith('-')) index += 1;
  }
  return [idle, acting];
}

/** `80=Web 8080` */
function portsOf(text: string, protocol: AgentPort['protocol']): AgentPort[] {
  return wordsOf(text).map((word) => {
    const [digits = '', ...label] = word.split('=');
    const port = Number(digits);
    if (!/^\d{1,5}$/.test(digits) || port < 1 || port > 65_535) {
      throw new KnotError('config.invalid', `${word} is no port.`, 'Name ports as 8080 or 80=Web.');
    }
    return { port, label: label.join('='), protocol };
  });
}

/** What blanks or commas part. */
function wordsOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

/** 0 is none. */
function knownPort(text: string, kind: NonNullable<AgentPort['kind']>): AgentPort[] {
  const port = portOf(text);
  return port === 0 ? [] : [{ port, label: '', protocol: 'http', kind }];
}

function portOf(text: string): number {
  return text === '0' ? 0 : (portsOf(text, 'tcp')[0]?.port ?? 0);
}

function missing(name: string, what: string): KnotError {
  const hint = 'knot gives it to every space of a location that has server.listen_agent: was the space started before?';
  return new KnotError('config.invalid', `${name} is not set: ${what}.`, hint);
}
