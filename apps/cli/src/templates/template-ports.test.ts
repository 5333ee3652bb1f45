import { describe, expect, it } from 'vitest';
import { portsOf } from './template-ports.js';

const saved = [
  { port: 8080, label: 'Shop', share: 'group' },
  { port: 5432, protocol: 'tcp' },
] as const;

describe('the ports of a template, by options', () => {
  it('stay as they are where nothing is said', () => {
    expect(portsOf({}, saved)).toBeUndefined();
  });

  it('are named anew, and shared as before', () => {
    expect(portsOf({ port: ['8080=Web', '8443/https'] }, saved)).toEqual([
      { port: 8080, label: 'Web', share: 'group' },
      { port: 8443, protocol: 'https' },
    ]);
  });

  it('are shared anew, and named as before', () => {
    expect(portsOf({ sharePort: ['9000=users'] }, saved)).toEqual([
      { port: 8080, label: 'Shop' },
      { port: 5432, protocol: 'tcp' },
      { port: 9000, share: 'users' },
    ]);
  });

  it.each([
    [{ port: ['Shop=8080'] }, 'Shop=8080 names no port'],
    [{ sharePort: ['8080=all'] }, '8080=all shares no port'],
  ])('are refused where %j says none', (options, sentence) => {
    expect(() => portsOf(options, saved)).toThrow(sentence);
  });
});
