import { createHash } from 'node:crypto';
import type { Mark, Trouble } from '@knot/domain';
import type { WorkloadSpec } from '../driver.js';
import type { Head } from './head-file.js';
import { findMembers, markText } from './members.js';
import type { ProcessTable } from './processes.js';
import { readRun, type RunFiles } from './run-record.js';
import { contentHash, type SpaceFolder } from './space-folder.js';
import type { VolumeFolders } from './volume-folders.js';

/**
 * How a run stands:
 * unclaimed - nothing of it has started; alive - its first process runs; ended - that is over;
 * unwatched - it is over and did not say how, and processes of the run go on.
 */
export type Life = 'unclaimed' | 'alive' | 'ended' | 'unwatched';

/** What one look at a space's folder and at the machine's processes shows. */
export type Sight =
  | { readonly kind: 'absent' }
  | { readonly kind: 'foreign' }
  /** Processes of the space run, and its folder is gone. */
  | { readonly kind: 'stray' }
  | {
      readonly kind: 'own';
      readonly head: Head;
      /** Null when its records were taken away. */
      readonly files: RunFiles | null;
      readonly life: Life;
      /** How it differs from what was started, in words; null when it does not. */
      readonly damage: string | null;
      readonly revision: string;
    };

export type OwnSight = Extract<Sight, { kind: 'own' }>;

export async function lookAtSpace(folder: SpaceFolder, table: ProcessTable, volumes: VolumeFolders): Promise<Sight> {
  const there = await folder.look();
  if (there.state === 'foreign') return { kind: 'foreign' };
  if (there.state === 'absent') {
    const strays = findMembers(table, markText(folder.mark), Number.MAX_SAFE_INTEGER);
    return strays.length > 0 ? { kind: 'stray' } : { kind: 'absent' };
  }
  const run = (await folder.runs()).at(-1);
  let files = run === undefined ? null : await readRun(folder.runPath(run), run);
  let life = lifeOf(files, folder.mark, table);
  if (run !== undefined && life !== 'alive' && files?.claim.kind === 'made' && !files.exit) {
    // It may have ended between the reading of its records and the look at its process: how is written down by now.
    files = await readRun(folder.runPath(run), run);
    life = lifeOf(files, folder.mark, table);
  }
  const damage =
    damageOf(files, life) ?? (await volumes.mountDrift(folder.mark, folder.path, files?.record?.mounts ?? []));
  return { kind: 'own', head: there.head, files, life, damage, revision: fingerprint(files, damage) };
}

function lifeOf(files: RunFiles | null, mark: Mark, table: ProcessTable): Life {
  if (!files || files.claim.kind !== 'made') return 'unclaimed';
  const { boot, process } = files.claim;
  if (boot !== table.bootId()) return 'ended';
  if (table.isAlive(process)) return 'alive';
  if (files.exit) return 'ended';
  return findMembers(table, markText(mark), files.run).length > 0 ? 'unwatched' : 'ended';
}

function damageOf(files: RunFiles | null, life: Life): string | null {
  if (!files) return 'its records were taken away';
  if (!files.record) return 'its record was changed';
  switch (life) {
    case 'unclaimed':
      return 'its start was not finished';
    case 'unwatched':
      return 'the process that kept watch over it was killed';
    case 'alive':
    case 'ended':
      return null;
  }
}

/** Another one whenever something was changed by others, the same while the run just lives and ends. */
function fingerprint(files: RunFiles | null, damage: string | null): string {
  const seen = createHash('sha256').update(JSON.stringify([files?.text ?? '', damage]));
  return `${files?.run ?? 0}.${seen.digest('hex').slice(0, 12)}`;
}

/** The revision a look shows; '' when nothing is there. */
export function revisionOf(sight: Sight): string {
  switch (sight.kind) {
    case 'absent':
    case 'foreign':
      return '';
    case 'stray':
      return 'stray';
    case 'own':
      return sight.revision;
  }
}

/** How what is there differs from the spec, in words; null when it does not. */
export function driftOf({ files, damage }: OwnSight, spec: WorkloadSpec): string | null {
  if (damage !== null) return damage;
  return files?.record?.content === contentHash(spec) ? null : 'it was started from another job';
}

/** The number of the run that would follow. */
export function nextRunNumber(sight: Sight, now: number): number {
  const present = sight.kind === 'own' ? (sight.files?.run ?? 0) : 0;
  return present === 0 ? now : present + 1;
}

/** The backend's name of what runs. */
export function instanceOf(files: RunFiles | null): string {
  if (files?.claim.kind !== 'made') return '';
  const { boot, process } = files.claim;
  return `${process.pid}.${process.start}.${boot.slice(0, 8)}`;
}

/** How a run ended, in words. */
export function endOf(files: RunFiles | null, table: ProcessTable): { code: number | null; trouble: Trouble } {
  if (files?.exit) {
    const { code } = files.exit;
    return { code, trouble: { reason: code === 0 ? 'Ended' : 'Exited', message: exitMessage(code) } };
  }
  const rebooted = files?.claim.kind === 'made' && files.claim.boot !== table.bootId();
  const message = rebooted
    ? 'The machine was started anew while it ran.'
    : 'It was killed together with the process that kept watch over it.';
  return { code: null, trouble: { reason: 'Exited', message } };
}

const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  6: 'SIGABRT',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

export function exitMessage(code: number): string {
  if (code === 0) return 'It ended by itself with code 0.';
  if (code === 126) return 'Its command cannot be run or its workdir is not there (code 126); see its log.';
  if (code === 127) return 'Its command was not found (code 127); see its log.';
  const signal = code > 128 ? (SIGNALS[code - 128] ?? `signal ${code - 128}`) : '';
  return signal === '' ? `It ended with code ${code}.` : `It was ended by ${signal} (code ${code}).`;
}
