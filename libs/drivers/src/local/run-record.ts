import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { STOP_SIGNALS, type Mount, type StopRule } from './local-job.js';
import { numberOf, parseObject, readText, textOf } from './json-file.js';
import { parseStat, type ProcessId } from './processes.js';
import type { ReadyCheck } from './ready-check.js';

/** What is kept of a run: all that is needed to watch and end it, and no value of its environment. */
export interface RunRecord {
  /** Content hash of the spec. */
  readonly content: string;
  readonly stop: StopRule;
  readonly ready: ReadyCheck | null;
  readonly mounts: readonly Mount[];
  /** ms since the epoch */
  readonly submittedAt: number;
}

export type Claim =
  /** Nothing of it was started, yet. */
  | { readonly kind: 'none' }
  /** Nothing of it will ever be started. */
  | { readonly kind: 'void' }
  | { readonly kind: 'made'; readonly boot: string; readonly process: ProcessId; readonly at: number };

/** One run as its files tell it. */
export interface RunFiles {
  readonly run: number;
  /** The record's text as it is; '' when it is gone. */
  readonly text: string;
  readonly record: RunRecord | null;
  readonly claim: Claim;
  readonly exit: { readonly code: number; readonly at: number } | null;
}

export const VOID_CLAIM = 'void\n';

export function runText(record: RunRecord): string {
  return JSON.stringify(record, null, 2);
}

export async function readRun(path: string, run: number): Promise<RunFiles> {
  const [text, claim, exit] = await Promise.all([readText(join(path, 'run.json')), readClaim(path), readExit(path)]);
  return { run, text: text ?? '', record: parseRecord(text), claim, exit };
}

async function readClaim(path: string): Promise<Claim> {
  const file = join(path, 'claim');
  const text = await readText(file);
  if (text === null) return { kind: 'none' };
  const [boot = '', line = ''] = text.split('\n');
  const process = parseStat(line);
  // A claim that says nothing was cut short by a crash of the machine: what made it is gone.
  if (text === VOID_CLAIM || !process) return { kind: 'void' };
  return { kind: 'made', boot, process: { pid: process.pid, start: process.start }, at: await changedAt(file) };
}

async function readExit(path: string): Promise<RunFiles['exit']> {
  const file = join(path, 'exit');
  const [, code] = /^(\d+)\n/.exec((await readText(file)) ?? '') ?? [];
  return code === undefined ? null : { code: Number(code), at: await changedAt(file) };
}

/** ms since the epoch; 0 when it is not there. */
export async function changedAt(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => Math.floor(mtimeMs),
    () => 0,
  );
}

function parseRecord(text: string | null): RunRecord | null {
  const object = parseObject(text);
  if (!object) return null;
  const stop = fieldsOf(object['stop']);
  const signal = STOP_SIGNALS.find((one) => one === stop['signal']);
  const content = textOf(object, 'content');
  if (!signal || content === '') return null;
  const mounts = Array.isArray(object['mounts']) ? object['mounts'].map(fieldsOf) : [];
  return {
    content,
    stop: { signal, graceMs: numberOf(stop, 'graceMs') },
    ready: parseReadyRecord(fieldsOf(object['ready'])),
    mounts: mounts.map((mount) => ({ volume: textOf(mount, 'volume'), path: textOf(mount, 'path') })),
    submittedAt: numberOf(object, 'submittedAt'),
  };
}

function parseReadyRecord(ready: Readonly<Record<string, unknown>>): ReadyCheck | null {
  switch (ready['by']) {
    case 'port':
      return { by: 'port', port: numberOf(ready, 'port') };
    case 'http':
      return { by: 'http', port: numberOf(ready, 'port'), path: textOf(ready, 'path') };
    case 'file':
      return { by: 'file', file: textOf(ready, 'file') };
    default:
      return null;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
