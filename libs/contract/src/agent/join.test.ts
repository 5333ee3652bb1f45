import { describe, expect, it } from 'vitest';
import { parseJoinAnswer, parseJoinRequest } from './join.js';
import { parseAgentReport } from './report.js';

const join = { protocol: 1, version: '1', space: 's', instance: 'i', secret: 'x', credential: '' };

describe('the first line of an agent', () => {
  it('is read back as it was written', () => {
    expect(parseJoinRequest(JSON.stringify(join))).toEqual(join);
    expect(parseJoinAnswer('{"joined":true,"credential":"c"}')).toEqual({ joined: true, credential: 'c' });
  });

  it.each([
    '',
    'GET / HTTP/1.1',
    'null',
    '[]',
    '{"protocol":1}',
    JSON.stringify({ ...join, secret: 3 }),
    JSON.stringify({ ...join, protocol: '1' }),
  ])('is nothing where it says %s', (line) => {
    expect(parseJoinRequest(line)).toBeNull();
    expect(parseJoinAnswer(line)).toBeNull();
  });

  it('says why it was refused, in known words only', () => {
    const refusal = { joined: false, reason: 'duplicate', message: 'Another one answers.' };
    expect(parseJoinAnswer(JSON.stringify(refusal))).toEqual(refusal);
    expect(parseJoinAnswer(JSON.stringify({ ...refusal, reason: 'mood' }))).toBeNull();
  });
});

describe('the report of an agent', () => {
  it('keeps what is a port and drops the rest', () => {
    const good = { port: 80, label: 'Web', protocol: 'http' };
    const desk = { port: 81, label: '', protocol: 'http', kind: 'desktop' };
    const ports = [
      good,
      desk,
      { ...good, port: 82, kind: 'mainframe' },
      { port: 0, protocol: 'tcp' },
      { port: 1.5, protocol: 'tcp' },
      { port: 9, protocol: 'x' },
      null,
    ];
    const line = JSON.stringify({ version: '1', ports, activeAt: 5 });
    const before = { version: '1', ports: [good, desk, { ...good, port: 82 }], activeAt: 5 };
    expect(parseAgentReport(line)).toEqual({ ...before, tunnel: '', scripts: [] });
    expect(parseAgentReport('{"version":"1"}')).toBeNull();
    expect(parseAgentReport('{')).toBeNull();
  });
});
