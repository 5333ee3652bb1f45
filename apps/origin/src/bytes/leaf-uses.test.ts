import { once } from 'node:events';
import type { ServerHttp2Stream } from 'node:http2';
import { createInterface } from 'node:readline';
import { duplexPair } from 'node:stream';
import { VirtualClock } from '@knot/drivers/fake';
import { answeringSession } from '@knot/link';
import { createLogger } from '@knot/shared';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestOrigin } from '../testing/test-origin.js';
import { LeafUses, type LeafUsesParts } from './leaf-uses.js';

let test: TestOrigin;

beforeAll(async () => {
  test = await TestOrigin.open();
}, 60_000);

afterAll(() => test.close());

/** Says yes to being asked what is open, and that this is. The origin's verdict. */
function watched(stream: ServerHttp2Stream): Promise<string> {
  stream.write('HTTP/1.1 101 Switching Protocols\r\n\r\n');
  stream.write(`${JSON.stringify({ say: 'watch', key: 'k', proof: 'p', space: 'gone', port: '' })}\n`);
  return new Promise((resolve) => {
    createInterface({ input: stream }).on('line', (line) => line.includes('verdict') && resolve(line));
  });
}

it('asks a leaf anew where the connection that it asked along broke, and the link did not', async () => {
  const [here, there] = duplexPair();
  let asked = 0;
  const verdict = Promise.withResolvers<string>();
  const leaf = await answeringSession(there, (stream) => {
    stream.respond({ ':status': 200 });
    asked += 1;
    if (asked === 1) stream.close();
    else void watched(stream).then(verdict.resolve);
  });
  await test.origin.links.add({ location: 'home', instance: 'one' }, here);
  expect(JSON.parse(await verdict.promise)).toEqual({ say: 'verdict', key: 'k', still: false });
  leaf.close();
});

function parts(): LeafUsesParts {
  const logger = createLogger({ level: 'error', name: 'test' });
  return Object.assign(Object.create(null), { logger, clock: new VirtualClock() });
}

it('waits for the end of a link that opens nothing any more', async () => {
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const open = () => {
    throw new Error('The session has been closed.');
  };
  const followed = new LeafUses(parts()).follow({ location: 'lon' }, { open, over });
  resolve();
  await followed;
});

it('a leaf that says a line without an end is cut, and fills nothing', async () => {
  const [origin, leaf] = duplexPair();
  const { promise: over, resolve } = Promise.withResolvers<void>();
  void new LeafUses(parts()).follow({ location: 'lon' }, { open: () => origin, over });
  await once(leaf, 'data');
  leaf.write(`HTTP/1.1 101 Switching Protocols\r\n\r\n`);
  const cut = once(origin, 'close');
  leaf.on('error', () => undefined);
  leaf.write('x'.repeat(1024 * 1024));
  await cut;
  expect(origin.destroyed).toBe(true);
  resolve();
});
