import { describe, expect, it } from 'vitest';
import { offeredPorts } from './offered-ports.js';

const web = { port: 8080, label: 'Shop', protocol: 'http' } as const;
const code = { port: 49_374, label: '', protocol: 'http', kind: 'code-server' } as const;

describe('what a space offers', () => {
  it('is what its environment says, where its template names nothing', () => {
    expect(offeredPorts([web, code], [])).toEqual([web, code]);
  });

  it('is also what its template names, over HTTP unless it says otherwise', () => {
    expect(offeredPorts([], [{ port: 80 }, { port: 8443, label: 'Admin', protocol: 'https' }])).toEqual([
      { port: 80, label: '', protocol: 'http' },
      { port: 8443, label: 'Admin', protocol: 'https' },
    ]);
  });

  it("goes by the template's words where both name a port, and keeps what stands behind it", () => {
    const named = [{ port: 8080, protocol: 'https' } as const, { port: 49_374, label: 'Editor' }];
    expect(offeredPorts([web, code], named)).toEqual([
      { ...web, protocol: 'https' },
      { ...code, label: 'Editor' },
    ]);
  });
});
