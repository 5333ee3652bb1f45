import { describe, expect, it } from 'vitest';
import { KnotError } from '../errors/index.js';
import { Secret } from '../secrets/secret.js';
import { createLogger, type LogLevel } from './logger.js';

function capture(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const logger = createLogger({ level, name: 'test', destination: { write: (line) => void lines.push(line) } });
  return { logger, text: () => lines.join(''), records: () => lines.map((line) => JSON.parse(line)) };
}

describe('createLogger', () => {
  it('writes one JSON object a line with time, level, name, fields and message', () => {
    const { logger, records } = capture();
    logger.info({ space: 'a1', revision: 12n }, 'the space runs');
    expect(records()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/Z$/),
        name: 'test',
        space: 'a1',
        revision: '12',
        msg: 'the space runs',
      },
    ]);
  });

  it('is silent below its level', () => {
    const { logger, records } = capture('warn');
    logger.info('not heard');
    logger.warn('heard');
    expect(records().map((line) => line.msg)).toEqual(['heard']);
  });

  it('masks Secret instances and fields named like secrets, at any depth, in children and in errors', () => {
    const { logger, text } = capture();
    const leak = 'leaked-value';
    logger.info({ shared_token: leak, nested: { list: [{ 'X-Nomad-Token': leak }] }, held: new Secret(leak) }, 'one');
    logger
      .child({ password: leak, key: new Secret(leak) })
      .info({ headers: { cookie: leak, Authorization: leak } }, 'two');
    const details = { encryptKeys: [leak], url: `mysql://root:${leak}@db:3306/knot` };
    const error = new KnotError('internal', `dialling http://u:${leak}@h failed`, '', details, {
      cause: new Error('why'),
    });
    logger.error({ err: error, error }, 'three');
    expect(text()).not.toContain(leak);
    expect(text()).toContain('"cause":{"type":"Error","message":"why"');
  });

  it('keeps what only looks like a secret: ids of tokens, exit codes, switches', () => {
    const { logger, records } = capture();
    logger.info({ tokenId: 't1', exitCode: 3, code: 'quota.exceeded', password: true }, 'seen');
    expect(records()[0]).toMatchObject({ tokenId: 't1', exitCode: 3, code: 'quota.exceeded', password: true });
  });

  it('survives a cycle', () => {
    const { logger, records } = capture();
    const cycle: Record<string, unknown> = { a: 1 };
    cycle['self'] = cycle;
    logger.info({ cycle }, 'round');
    expect(records()[0].cycle.self.a).toBe(1);
  });
});
