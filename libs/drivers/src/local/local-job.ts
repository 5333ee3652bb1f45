import { isAbsolute, normalize } from 'node:path';
import { KnotError } from '@knot/shared/errors';
import type { Node } from 'yaml';
import type { Policy, WorkloadSpec } from '../driver.js';
import { MARK_VARIABLE, RUN_VARIABLE } from './members.js';
import { parseReady, type ReadyCheck } from './ready-check.js';
import { isVolumeName, parseVolumeNames } from './volumes-text.js';
import { YamlReader } from './yaml-reader.js';

export const STOP_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGKILL'] as const;

export interface StopRule {
  readonly signal: (typeof STOP_SIGNALS)[number];
  /** How long after the signal what is left is killed, ms. */
  readonly graceMs: number;
}

export interface Mount {
  readonly volume: string;
  /** Path of the link to it, relative to the space's folder, normal. */
  readonly path: string;
}

/** What the job text of platform `local` says. `docs` of the keys: parseLocalJob. */
export interface LocalJob {
  /** Program and arguments. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Relative to the space's folder, or absolute. */
  readonly workdir: string;
  readonly stop: StopRule;
  /** Null: it is healthy when it has run for a second. */
  readonly ready: ReadyCheck | null;
  readonly mounts: readonly Mount[];
}

export const DEFAULT_STOP: StopRule = { signal: 'SIGTERM', graceMs: 10_000 };
const LONGEST_GRACE_S = 600;
const RESERVED = [MARK_VARIABLE, RUN_VARIABLE, 'KNOT_SPACEID'];

/**
 * The job text, YAML with these keys, `command` alone being needed:
 *
 *   command: [python3, -m, http.server]     a program and its arguments, or
 *   command: cd src && exec ./serve         one text for the shell
 *   shell: /bin/bash                        the shell of such a text (/bin/sh)
 *   env: { PORT: 8080 }                     added to a clean environment; nothing of the leaf's own is in it
 *   workdir: src                            in the space's folder; another folder of the machine needs the
 *                                           exception `host-path:<folder>` or a listed host volume
 *   stop: { signal: SIGINT, grace: 30 }     how it is ended (SIGTERM), seconds until it is killed (10)
 *   ready: { port: 8080 }                   healthy once somebody listens there on 127.0.0.1, or
 *   ready: { http: { port: 8080, path: / }} once that answers below 400, or
 *   ready: { file: up }                     once that file is there; without it, when it has run for a second
 *   volumes: [home, { name: data, path: var/data }]    links to volumes of the volumes text
 */
export function parseLocalJob(spec: Pick<WorkloadSpec, 'job' | 'volumes' | 'policy'>): LocalJob {
  const reader = new YamlReader(spec.job, 'The job');
  const keys = ['command', 'shell', 'env', 'workdir', 'stop', 'ready', 'volumes'] as const;
  const fields = reader.fields(reader.root, keys, 'a job');
  const workdir = fields.workdir ? reader.text(fields.workdir, 'workdir') : '';
  requireAllowed(reader, workdir, fields.workdir, spec.policy);
  return {
    command: parseCommand(reader, fields.command, fields.shell),
    env: fields.env ? parseEnv(reader, fields.env) : {},
    workdir,
    stop: fields.stop ? parseStop(reader, fields.stop) : DEFAULT_STOP,
    ready: fields.ready ? parseReady(reader, fields.ready) : null,
    mounts: fields.volumes ? parseMounts(reader, fields.volumes, parseVolumeNames(spec.volumes)) : [],
  };
}

function parseCommand(reader: YamlReader, command: Node | undefined, shell: Node | undefined): readonly string[] {
  if (!command) throw reader.refuse('a job needs a command', reader.root);
  if (!reader.isList(command)) {
    const text = reader.text(command, 'command');
    if (text.trim() === '') throw reader.refuse('the command is empty', command);
    return [shell ? reader.text(shell, 'shell') : '/bin/sh', '-c', text];
  }
  if (shell) throw reader.refuse('a shell is for a command of one text, not for a list', shell);
  const words = reader.list(command, 'command').map((word) => reader.text(word, 'a word of the command'));
  if (words.length === 0 || words[0] === '') throw reader.refuse('the command is empty', command);
  return words;
}

function parseEnv(reader: YamlReader, node: Node): Readonly<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const { key, at, value } of reader.entries(node, 'env')) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(key)) throw reader.refuse(`"${key}" is no name of a variable`, at);
    if (RESERVED.includes(key)) throw reader.refuse(`${key} is set by knot`, at);
    env[key] = value && !reader.isNothing(value) ? reader.text(value, `env.${key}`) : '';
  }
  return env;
}

function parseStop(reader: YamlReader, node: Node): StopRule {
  const fields = reader.fields(node, ['signal', 'grace'], 'stop');
  const name = fields.signal ? reader.text(fields.signal, 'stop.signal') : DEFAULT_STOP.signal;
  const signal = STOP_SIGNALS.find((one) => one === name || one === `SIG${name}`);
  if (!signal) throw reader.refuse(`stop.signal is one of ${STOP_SIGNALS.join(', ')}`, fields.signal);
  if (!fields.grace) return { signal, graceMs: DEFAULT_STOP.graceMs };
  const [, seconds] = /^(\d+(?:\.\d+)?)s?$/.exec(reader.text(fields.grace, 'stop.grace')) ?? [];
  if (seconds === undefined || Number(seconds) > LONGEST_GRACE_S) {
    throw reader.refuse(`stop.grace is a number of seconds from 0 to ${LONGEST_GRACE_S}`, fields.grace);
  }
  return { signal, graceMs: Number(seconds) * 1_000 };
}

function parseMounts(reader: YamlReader, node: Node, defined: readonly string[]): readonly Mount[] {
  const mounts = reader.list(node, 'volumes').map((entry): Mount => {
    const fields = reader.isText(entry) ? { name: entry } : reader.fields(entry, ['name', 'path'], 'a volume');
    if (!fields.name) throw reader.refuse('a volume needs a name', entry);
    const volume = reader.text(fields.name, 'the name of a volume');
    if (!isVolumeName(volume) || !defined.includes(volume)) {
      const known = defined.length === 0 ? 'it defines none' : `it defines ${defined.join(', ')}`;
      throw reader.refuse(`"${volume}" is no volume of this template's volumes text; ${known}`, fields.name);
    }
    const path = 'path' in fields && fields.path ? reader.text(fields.path, 'the path of a volume') : volume;
    return { volume, path: insidePath(reader, path, entry) };
  });
  const paths = mounts.map(({ path }) => path);
  const nested = paths.find((path, at) => paths.some((other, to) => to !== at && `${path}/`.startsWith(`${other}/`)));
  if (nested !== undefined) throw reader.refuse(`the path "${nested}" lies at or in another volume's`, node);
  return mounts;
}

function insidePath(reader: YamlReader, path: string, at: Node): string {
  const normal = normalize(path).replace(/\/$/, '');
  const outside = isAbsolute(normal) || normal === '.' || normal === '..' || normal.startsWith('../');
  if (outside || normal === '.knot' || normal.startsWith('.knot/')) {
    throw reader.refuse(`the path "${path}" does not lie in the space's folder`, at);
  }
  return normal;
}

function requireAllowed(reader: YamlReader, workdir: string, at: Node | undefined, policy: Policy): void {
  const path = normalize(workdir);
  const inside = !isAbsolute(path) && path !== '..' && !path.startsWith('../');
  if (workdir === '' || inside || policy.hostVolumes.includes(path)) return;
  const exception = `host-path:${path}`;
  if (policy.exceptions.includes(exception)) return;
  const { details } = reader.refuse('', at);
  throw new KnotError(
    'template.policy',
    `The workdir "${workdir}" is a folder of the machine, which this location does not allow (${exception}).`,
    'Use a folder of the space, or ask an administrator to approve this exception for the template.',
    { ...details, exception },
  );
}
