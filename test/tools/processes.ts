import { mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild, type Child, type Exit } from './child.js';
import { eventually } from './eventually.js';
import { onSmallDisk, SmallDisk } from './small-disk.js';
import { removeFolder, testFolder } from './test-folder.js';

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const KNOT = join(checkout, 'apps/cli/bin/knot.mjs');

const running = new Set<Child>();
const folders = new Set<string>();

/** Ends all that was started here and removes its folders. For tests, end-processes.ts does it after each file. */
export async function endProcesses(): Promise<void> {
  await Promise.all([...running].map((child) => child.kill()));
  for (const folder of folders) {
    endAllIn(folder);
    removeFolder(folder);
  }
}

/** Spaces of this machine outlive their leaf on purpose: they are known by the folder that they run in. */
function endAllIn(folder: string): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (readlinkSync(`/proc/${pid}/cwd`).startsWith(`${folder}/`)) process.kill(Number(pid), 'SIGKILL');
    } catch {
      // it has ended meanwhile
    }
  }
}

/** Sees to it that `endProcesses` ends a process that a test started by itself. */
export function untilEnd(child: Child): Child {
  running.add(child);
  void child.exited.then(() => running.delete(child));
  return child;
}

export interface KnotOptions {
  /** Text of its knot.yaml. */
  config: string;
  /** A name for its folder: `origin`, `leaf`. */
  name?: string;
  /** Where it lives; a new folder unless given (give that of an earlier one to start it again on the same data). */
  folder?: string;
  /** Added to an environment that holds nothing of KNOT_* or NOMAD_*. */
  env?: Record<string, string>;
  /** The built `knot` of another version; this checkout's unless given. */
  program?: string;
  /** Megabytes of a disk of its own for its data, which goes when it ends. */
  diskMb?: number;
}

export interface KnotProcess extends Child {
  readonly folder: string;
  readonly configFile: string;
  /** Only where it was started with one. */
  readonly disk: SmallDisk;
  /** SIGSTOP and SIGCONT. */
  freeze(): void;
  thaw(): void;
  /** SIGTERM; resolves when it has ended, and ends it by kill -9 after the time-out (milliseconds). */
  terminate(timeout?: number): Promise<Exit>;
  /** Waits until the address answers with a status below 500. */
  waitForUrl(url: string, timeout?: number): Promise<void>;
}

/** A folder that `endProcesses` removes. */
export function freshFolder(name: string): string {
  const folder = testFolder(name);
  folders.add(folder);
  return folder;
}

/** An environment without what this machine's or another test's settings would change. */
export function cleanEnv(home: string, extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(KNOT_|NOMAD_|VITEST|NODE_OPTIONS$|NODE_ENV$)/.test(name),
  );
  return { ...Object.fromEntries(kept), HOME: home, ...extra };
}

/** Runs a built knot command to its end: the CLI as a user calls it. */
export async function runKnot(
  args: string[],
  {
    folder = freshFolder('cli'),
    env = {},
    timeout = 30_000,
  }: { folder?: string; env?: Record<string, string>; timeout?: number } = {},
): Promise<Exit & { output: string }> {
  const child = await startBuilt(args, folder, env);
  const timer = setTimeout(() => child.signal('SIGKILL'), timeout);
  const exit = await child.exited;
  clearTimeout(timer);
  return { ...exit, output: child.output() };
}

/** The same, for a command that goes on. */
export function startCommand(args: string[], env: Record<string, string>): Promise<Child> {
  return startBuilt(args, freshFolder('cli'), env);
}

async function startBuilt(
  args: string[],
  folder: string,
  env: Record<string, string>,
  { program = KNOT, before = [] }: { program?: string; before?: readonly string[] } = {},
): Promise<Child> {
  mkdirSync(folder, { recursive: true });
  const [command = '', ...words] = [...before, process.execPath, program, ...args];
  return untilEnd(await startChild(command, words, { cwd: folder, env: cleanEnv(folder, env) }));
}

/** Starts `knot server` as a user would: the built program, a knot.yaml, a folder of its own. */
export async function startKnot({
  config,
  name = 'knot',
  folder = freshFolder(name),
  env = {},
  program,
  diskMb,
}: KnotOptions): Promise<KnotProcess> {
  const data = join(folder, 'knot-data');
  mkdirSync(diskMb === undefined ? folder : data, { recursive: true });
  const configFile = join(folder, 'knot.yaml');
  writeFileSync(configFile, config);
  const child = await startBuilt(['server', '--config', configFile], folder, env, {
    program,
    before: diskMb === undefined ? [] : onSmallDisk(data, diskMb),
  });
  return {
    ...child,
    folder,
    configFile,
    disk: new SmallDisk(child.pid, data),
    freeze: () => child.signal('SIGSTOP'),
    thaw: () => child.signal('SIGCONT'),
    async terminate(timeout = 20_000) {
      child.signal('SIGTERM');
      const timer = setTimeout(() => child.signal('SIGKILL'), timeout);
      const exit = await child.exited;
      clearTimeout(timer);
      return exit;
    },
    waitForUrl: (url, timeout = 30_000) => waitForUrl(child, url, timeout),
  };
}

async function waitForUrl(child: Child, url: string, timeout: number): Promise<void> {
  const look = async () => {
    if (!child.isRunning()) return 'ended' as const;
    const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
    await response.arrayBuffer();
    return response.status;
  };
  const answered = await eventually(look, (seen) => seen === 'ended' || seen < 500, { timeout, what: url }).catch(
    (error: unknown) => {
      throw new Error(`${String(error)}\nIt printed:\n${child.output().slice(-5_000)}`);
    },
  );
  if (answered === 'ended')
    throw new Error(`knot ended before ${url} answered. It printed:\n${child.output().slice(-5_000)}`);
}
