import { eventually } from '../../tools/eventually.js';
import type { KnotProcess } from '../../tools/processes.js';

/** Waits until an armed failpoint has ended a process. */
export async function struck(process: KnotProcess, point: string): Promise<void> {
  await eventually(() => !process.isRunning(), Boolean, { timeout: 60_000, what: `${point} to strike` }).catch(
    (error: unknown) => {
      throw new Error(`${String(error)}\nIt printed:\n${process.output().slice(-3_000)}`, { cause: error });
    },
  );
}
