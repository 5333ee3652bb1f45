import { parseLogLine } from '@knot/contract';
import type { Client } from '../client/open-client.js';
import { plain } from '../output.js';
import { timeOfDay } from '../times.js';
import { findSpace } from './find-space.js';

export interface LogsInput {
  readonly name: string;
  readonly follow: boolean;
  readonly search: string;
  readonly json: boolean;
}

/** Prints each line as it comes, until it is over or, where it is followed, for as long as the space says anything. */
export async function printLogs(client: Client, { name, follow, search, json }: LogsInput): Promise<void> {
  const { id } = await findSpace(client, name);
  const query = new URLSearchParams({ follow: String(follow), search });
  const { stdout, stderr, screen, timeZone } = client.context;
  let [waiting, some] = ['', false];
  for await (const piece of client.download(`/api/v1/spaces/${id}/logs?${query.toString()}`, 'application/x-ndjson')) {
    const lines = (waiting + piece).split('\n');
    waiting = lines.pop() ?? '';
    for (const text of lines) {
      const line = parseLogLine(text);
      if (!line) continue;
      some = true;
      const { at, service, level, text: said } = line;
      stdout.write(
        json ? `${text}\n` : `${timeOfDay(at, timeZone)} ${level.padEnd(5)} ${plain(service)} ${plain(said)}\n`,
      );
    }
  }
  if (some || !screen.isRead) return;
  const what = search === '' ? 'nothing was said' : `nothing with ${search} was said`;
  stderr.write(`note: ${what} there by syslog, GELF, Loki or a post to its agent\n`);
}
