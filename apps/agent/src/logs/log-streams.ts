import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { LOG_FOLLOW_HEADER, LOG_SEARCH_HEADER, type LogLine } from '@knot/contract';
import type { LogRing } from './log-ring.js';

/** An empty line says that the connection stands, to readers that give up on a silent one. ms */
const ALIVE_MS = 20_000;
/** Lines looked at in one turn, so that a long search holds up nothing else. */
const TURN = 500;

/** Gives a stream of the leaf what was said and, where it stays, what is said from now on: a line of JSON for each. */
export function serveLogs(ring: LogRing, stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const search = decodeURIComponent(String(headers[LOG_SEARCH_HEADER] ?? '')).toLowerCase();
  const follows = headers[LOG_FOLLOW_HEADER] === '1';
  const end = follows ? Infinity : ring.end;
  const fits = ({ service, text }: LogLine) => `${service} ${text}`.toLowerCase().includes(search);
  let next = 0;
  let waiting = false;
  const more = () => {
    if (waiting || stream.destroyed) return;
    for (let looked = 0; looked < TURN; looked += 1) {
      const found = next < end ? ring.from(next) : null;
      if (!found) return void (follows || stream.end());
      const missed = found.number - next;
      next = found.number + 1;
      const lines = [
        ...(missed > 0 && found.number > missed ? [gap(missed, found.line)] : []),
        ...(fits(found.line) ? [found.line] : []),
      ];
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      if (text === '' || stream.write(text)) continue;
      waiting = true;
      return void stream.once('drain', () => {
        waiting = false;
        more();
      });
    }
    setImmediate(more);
  };
  stream.respond({ ':status': 200 });
  const leave = ring.follow(more);
  const alive = () => !waiting && stream.write('\n');
  const timer = follows ? setInterval(alive, ALIVE_MS) : null;
  stream.once('close', () => {
    leave();
    if (timer) clearInterval(timer);
  });
  if (follows) alive();
  // a reader says nothing, and is done when it ends
  stream.resume();
  stream.once('end', () => stream.end());
  more();
}

/** Said to a reader that was slower than what was said. */
function gap(count: number, { at }: LogLine): LogLine {
  return { at, service: 'knot', level: 'info', text: `${count} lines before this one are no longer kept.` };
}
