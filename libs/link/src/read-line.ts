import type { Duplex } from 'node:stream';
import { KnotError } from '@knot/shared/errors';

/**
 * The first line (without its end) that a stream brings; what follows it stays unread. Throws `input.too_large` beyond
 * `most` bytes and `server.unavailable` when the stream ends before.
 */
export function readLine(stream: Duplex, most: number): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0);
    const done = () => {
      stream.removeListener('readable', look);
      stream.removeListener('end', ended);
      stream.removeListener('close', ended);
    };
    const ended = () => {
      done();
      reject(new KnotError('server.unavailable', 'The connection ended before its first line was complete.'));
    };
    const look = () => {
      for (let chunk: unknown = stream.read(); Buffer.isBuffer(chunk); chunk = stream.read()) {
        seen = Buffer.concat([seen, chunk]);
        const end = seen.indexOf(0x0a);
        if (end === -1 && seen.length <= most) continue;
        done();
        if (end === -1 || end > most) {
          return reject(new KnotError('input.too_large', `The first line is longer than ${most} bytes.`));
        }
        if (end + 1 < seen.length) stream.unshift(seen.subarray(end + 1));
        return resolve(seen.toString('utf8', 0, end));
      }
    };
    stream.on('readable', look);
    stream.once('end', ended);
    stream.once('close', ended);
    look();
  });
}
