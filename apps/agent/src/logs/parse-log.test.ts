import { describe, expect, it } from 'vitest';
import { parseGelf, parseLoki, parseNative, parseSyslog } from './parse-log.js';

describe('what is said in a space', () => {
  it.each([
    ['<34>1 2026-11-29T18:00:00Z host app 42 ID1 [a@1 b="c"] it broke', 'app', 'error', 'it broke'],
    ['<14>1 2026-11-29T18:00:00Z host - - - - hello\n', '', 'info', 'hello'],
    ['<15>Nov  9 18:00:00 host cron[77]: ran', 'cron', 'debug', 'ran'],
    ['<13>Nov 29 18:00:00 nginx: GET /', 'nginx', 'info', 'GET /'],
    ['no priority', 'syslog', 'info', 'no priority'],
  ])('by syslog %s', (message, service, level, text) => {
    expect(parseSyslog(message)).toEqual({ service, level, text });
  });

  it.each([
    ['{"service":"web","level":"debug","message":"m"}', { service: 'web', level: 'debug', text: 'm' }],
    ['{"message":"m","level":"loud"}', { service: '', level: 'info', text: 'm' }],
    ['{"level":"info"}', null],
    ['[]', null],
    ['{', null],
  ])('by a post of %s', (body, said) => {
    expect(parseNative(body)).toEqual(said);
  });

  it.each([
    ['{"short_message":"s","level":3}', { service: 'gelf', level: 'error', text: 's' }],
    [
      '{"short_message":"s","full_message":"f","level":6,"facility":"api"}',
      { service: 'api', level: 'info', text: 's\n\nf' },
    ],
    ['{"short_message":"s","level":7}', { service: 'gelf', level: 'debug', text: 's' }],
    ['{"full_message":"f"}', null],
  ])('by GELF %s', (body, said) => {
    expect(parseGelf(body)).toEqual(said);
  });

  it('by a push of Loki, each line', () => {
    const streams = [
      { stream: { label: 'web' }, values: [['1', 'a'], ['2', 'b'], 'x', [3, 4]] },
      { stream: {}, values: [['1', 'c']] },
      null,
    ];
    expect(parseLoki(JSON.stringify({ streams }))?.map(({ service, text }) => [service, text])).toEqual([
      ['web', 'a'],
      ['web', 'b'],
      ['loki', 'c'],
    ]);
    expect(parseLoki('{"streams":1}')).toBeNull();
  });
});
