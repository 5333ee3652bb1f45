import { once } from 'node:events';
import { connect } from 'node:net';
import { duplexPair, type Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import { forwardPort, namedForwardedPort, parseForwardedPort } from './forwarded-port.js';

it.each([
  ['8080', 8080, 8080],
  ['3000:80', 3000, 80],
  ['0:5432', 0, 5432],
])('%s is a port', (text, local, port) => {
  expect(parseForwardedPort(text)).toEqual({ local, port });
});

it.each(['0', '3000:0', '65536', '70000:80', 'web', '1:2:3', ':80', '-1', ''])('"%s" is none', (text) => {
  expect(() => parseForwardedPort(text)).toThrow('is no port');
});

it.each([
  ['shop', 'shop', 8080, 8080],
  ['3000:my shop', 'my shop', 3000, 8080],
  ['0:v2', 'v2', 0, 8080],
  ['3000:90', '', 3000, 90],
])('%s is a port, too', async (text, name, local, port) => {
  const asked: string[] = [];
  const found = await namedForwardedPort(text, async (one) => {
    asked.push(one);
    return 8080;
  });
  expect([found, asked.join()]).toEqual([{ local, port }, name]);
});

it('a port goes on where somebody has gone before the way into the space is open', async () => {
  const listens = Promise.withResolvers<number>();
  const opened: { readonly way: Duplex; readonly space: Duplex }[] = [];
  const asked = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let open: () => void = () => undefined;
  const ways = forwardPort(
    async () => {
      const [way, space] = duplexPair();
      opened.push({ way, space });
      asked[opened.length - 1]?.resolve();
      if (opened.length === 1) await new Promise<void>((resolve) => (open = resolve));
      return way;
    },
    { local: 0, port: 80 },
    { listens: listens.resolve, refused: () => undefined },
  );
  ways.catch(() => undefined);
  const port = await listens.promise;
  const hasty = connect(port, '127.0.0.1');
  hasty.on('error', () => undefined);
  await asked[0]?.promise;
  hasty.resetAndDestroy();
  const next = connect(port, '127.0.0.1');
  await asked[1]?.promise;
  opened[1]?.space.pipe(opened[1].space);
  const says = async (text: string) => {
    next.write(text);
    expect(String((await once(next, 'data'))[0])).toBe(text);
  };
  await says('by then it is known that the other one has gone');
  open();
  await says('hello');
  // nothing of the hasty one stays
  expect(opened[0]?.way.destroyed).toBe(true);
  next.destroy();
});

it('a port is listened on no longer than its way is there', async () => {
  const listens = Promise.withResolvers<number>();
  const over = new AbortController();
  const forwarding = forwardPort(
    () => Promise.reject(new Error('not asked')),
    { local: 0, port: 80 },
    { listens: listens.resolve, refused: () => undefined },
    over.signal,
  );
  const port = await listens.promise;
  over.abort(new Error('The space is stopped.'));
  await expect(forwarding).rejects.toThrow('The space is stopped.');
  const [refused] = await once(connect(port, '127.0.0.1'), 'error');
  expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
});
