import { describe, expect, it } from 'vitest';
import { BrowserPermissions } from './browser-permissions.js';

const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  'knot.example.net': ['93.184.216.34', '2606:2800:220:1::1'],
  'lon.example.net': ['93.184.216.35'],
  'inside.example.net': ['10.0.0.5'],
  'both.example.net': ['93.184.216.36', 'fd00::5'],
  'mapped.example.net': ['::ffff:192.168.1.5'],
  'here.example.net': ['127.0.0.1'],
};

/** Names that others have made; none of them is asked for twice within a minute. */
function rig() {
  const asked: string[] = [];
  let now = 0;
  const names = {
    host: async (name: string) => {
      asked.push(name);
      if (name === 'slow.example.net') return new Promise<never>(() => undefined);
      const addresses = ADDRESSES[name] ?? (/^[\d.:a-f]+$/.test(name) ? [name] : []);
      if (addresses.length === 0) throw Object.assign(new Error('ENOTFOUND'), { code: 'ENOTFOUND' });
      return { addresses, ttl: 30 };
    },
  };
  const permissions = new BrowserPermissions(names, { monotonic: () => now, sleep: () => Promise.resolve() });
  const between = (page: string, leaf: string) => permissions.between(`https://${page}`, `https://${leaf}:3000`);
  return { between, asked, pass: (ms: number) => (now += ms) };
}

describe('what a browser asks its user for before a page calls a leaf', () => {
  it.each([
    ['knot.example.net', 'lon.example.net', ''],
    ['inside.example.net', 'lon.example.net', ''],
    ['inside.example.net', '172.16.3.4', ''],
    ['here.example.net', 'inside.example.net', ''],
    ['here.example.net', '127.0.0.2', ''],
    ['knot.example.net', 'inside.example.net', 'local-network'],
    ['knot.example.net', 'both.example.net', 'local-network'],
    ['knot.example.net', 'mapped.example.net', 'local-network'],
    ['knot.example.net', '100.64.0.1', 'local-network'],
    ['knot.example.net', '[fe80::1]', 'local-network'],
    ['knot.example.net', '[2606:2800:220:1::2]', ''],
    ['knot.example.net', 'here.example.net', 'loopback-network'],
    ['inside.example.net', '[::1]', 'loopback-network'],
    // what nobody knows here may be private there
    ['knot.example.net', 'nowhere.example.net', 'local-network'],
    ['nowhere.example.net', 'inside.example.net', 'local-network'],
    ['knot.example.net', 'slow.example.net', 'local-network'],
  ])('for a page of %s that calls %s: "%s"', async (page, leaf, permission) => {
    expect(await rig().between(page, leaf)).toBe(permission);
  });

  it('is looked up once a minute', async () => {
    const { between, asked, pass } = rig();
    await Promise.all([between('knot.example.net', 'lon.example.net'), between('knot.example.net', 'lon.example.net')]);
    expect(asked).toEqual(['knot.example.net', 'lon.example.net']);
    pass(60_001);
    await between('knot.example.net', 'lon.example.net');
    expect(asked).toHaveLength(4);
  });
});
