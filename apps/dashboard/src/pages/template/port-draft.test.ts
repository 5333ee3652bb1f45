import { describe, expect, it } from 'vitest';
import { EMPTY_PORT, portDraftsOf, portLine, portsOf, portsProblem } from './port-draft.js';

const shop = { port: 8080, label: 'Shop', share: 'users' } as const;

describe('the ports of a template', () => {
  it('are the same once they were in the form', () => {
    const ports = [shop, { port: 5432, protocol: 'tcp' } as const];
    expect(portsOf([...portDraftsOf(ports), EMPTY_PORT])).toEqual(ports);
    expect(portsProblem([...portDraftsOf(ports), EMPTY_PORT])).toBeNull();
  });

  it.each([
    [{ ...EMPTY_PORT, port: '99999' }, '“99999” is no port: a number from 1 to 65535.'],
    [{ ...EMPTY_PORT, label: 'Docs' }, '“Docs” is no port: a number from 1 to 65535.'],
    [{ ...EMPTY_PORT, port: '8080' }, 'Port 8080 is named twice.'],
  ])('have %j refused', (draft, sentence) => {
    expect(portsProblem([...portDraftsOf([shop]), draft])).toBe(sentence);
  });

  it('are read as lines', () => {
    expect(portLine(shop)).toBe('Shop (8080), Everybody signed in');
    expect(portLine({ port: 5432, protocol: 'tcp' })).toBe('Port 5432, TCP');
  });
});
