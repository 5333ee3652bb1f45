import { constants } from 'node:http2';
import { duplexPair } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answeringSession, askingSession, type AskingSession, type ByteSession } from './byte-session.js';

const STREAMS = 4_000;
const AT_ONCE = 100;

let asking: AskingSession;
let answering: ByteSession;
let ended = false;

beforeAll(async () => {
  const [here, there] = duplexPair();
  [asking, answering] = await Promise.all([
    askingSession(here),
    answeringSession(there, (stream, headers) => {
      if (headers['broken'] === 'yes') throw new Error('The session that it leads to has ended.');
      stream.respond({ ':status': 200 });
      stream.end(Buffer.alloc(100_000));
    }),
  ]);
  void asking.over.then(() => (ended = true));
});

afterAll(() => {
  asking.close();
  answering.close();
});

/** Takes the first of its bytes, and resets it with the others on their way. */
function begun(): Promise<void> {
  const stream = asking.open();
  return new Promise((resolve) => {
    stream.once('data', () => stream.destroy());
    stream.once('close', resolve);
  });
}

describe('a connection of many streams', () => {
  it('outlives thousands that are given up in the midst of their bytes', async () => {
    for (let number = 0; number < STREAMS; number += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, begun));
    }
    expect(ended).toBe(false);
    let taken = 0;
    for await (const chunk of asking.open()) taken += Buffer.from(chunk).length;
    expect(taken).toBe(100_000);
  });

  it('goes on where one of them comes to nothing as it comes', async () => {
    const broken = asking.open({ broken: 'yes' });
    await new Promise((resolve) => broken.once('close', resolve));
    expect(broken.rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    expect(ended).toBe(false);
  });
});
