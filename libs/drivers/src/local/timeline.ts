import { join } from 'node:path';
import type { TimelineEvent } from '@knot/domain';
import type { ProcessTable } from './processes.js';
import { changedAt, readRun } from './run-record.js';
import { endOf } from './sight.js';
import type { SpaceFolder } from './space-folder.js';

const MOST_EVENTS = 50;

/** What happened to a space's kept runs, told by their files alone, so that each look tells the same. */
export async function timelineOf(folder: SpaceFolder, table: ProcessTable): Promise<readonly TimelineEvent[]> {
  const runs = await Promise.all((await folder.runs()).map((run) => eventsOfRun(folder, run, table)));
  return runs
    .flat()
    .sort((a, b) => a.at - b.at)
    .slice(-MOST_EVENTS);
}

async function eventsOfRun(folder: SpaceFolder, run: number, table: ProcessTable): Promise<readonly TimelineEvent[]> {
  const path = folder.runPath(run);
  const files = await readRun(path, run);
  const event = (reason: string, at: number, message: string): TimelineEvent => {
    return { id: `${run}.${reason}`, at, source: 'local', reason, message };
  };
  const events: TimelineEvent[] = [];
  if (files.record) events.push(event('Submitted', files.record.submittedAt, 'Its start was begun.'));
  if (files.claim.kind !== 'made') return events;
  const { process, boot, at } = files.claim;
  events.push(event('Started', at, `It runs as process ${process.pid}.`));
  if (files.exit) events.push(event('Exited', files.exit.at, endOf(files, table).trouble.message));
  else if (boot !== table.bootId() || !table.isAlive(process)) {
    // Nobody saw the end. It was not before its last word.
    const lastWord = Math.max(at, await changedAt(join(path, 'log')));
    events.push(event('Lost', lastWord, endOf(files, table).trouble.message));
  }
  return events;
}
