import { access, constants, mkdir } from 'node:fs/promises';
import { availableParallelism, release, totalmem, type } from 'node:os';
import type { Reason } from '@knot/domain';
import type { DriverHealth } from '../driver.js';
import type { ProcessTable } from './processes.js';

/** What other systems lack, in a sentence; null for Linux. */
export function missingFunctions(platform: NodeJS.Platform): string | null {
  switch (platform) {
    case 'linux':
      return null;
    case 'win32':
      return 'The local platform needs Linux: Windows has no sessions, no /proc and no POSIX shell to find a space’s processes by again.';
    default:
      return `The local platform needs Linux: ${platform} has no /proc to find a space’s processes by again.`;
  }
}

/** Whether spaces can run on this machine. */
export async function healthOf(root: string, table: ProcessTable, platform: NodeJS.Platform): Promise<DriverHealth> {
  const as = (trouble: DriverHealth['trouble']): DriverHealth => {
    return {
      ready: trouble === null,
      trouble,
      version: `${type()} ${release()}`,
      facts: {},
      capacity: ofThisMachine(),
    };
  };
  const not = (reason: Reason, message: string) => as({ reason, message });
  const missing = missingFunctions(platform);
  if (missing !== null) return not('PlatformMissing', missing);
  if (!table.isReadable()) {
    return not('PlatformMissing', 'The local platform needs /proc, and it cannot be read here.');
  }
  const shell = await access('/bin/sh', constants.X_OK).catch((error: unknown) => error);
  if (shell !== undefined) return not('PlatformMissing', 'The local platform needs a shell at /bin/sh.');
  try {
    await mkdir(root, { recursive: true, mode: 0o700 });
    await access(root, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return not('BackendUnavailable', `The folder of the local spaces cannot be used (server.local.path): ${why}`);
  }
  return as(null);
}

/** What it has in all; not what is free, which is another with every look. */
function ofThisMachine(): string {
  const cores = availableParallelism();
  return `${cores === 1 ? '1 core' : `${cores} cores`}, ${Math.round(totalmem() / 2 ** 30)} GiB`;
}
