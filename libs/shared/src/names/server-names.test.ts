import type { SrvRecord } from 'node:dns';
import { describe, expect, it } from 'vitest';
import type { KnotError } from '../errors/index.js';
import { orderTargets } from './order-targets.js';
import { ServerNames } from './server-names.js';

const record = (name: string, priority: number, weight: number): SrvRecord => ({ name, priority, weight, port: 1 });
const dnsError = (code: string) => Object.assign(new Error(code), { code });

/** Name servers in memory: what they answer, and what they were asked. */
function rig(answer: { records: SrvRecord[] | Error; ttl?: number }) {
  const asked: string[] = [];
  const warned: KnotError[] = [];
  let now = 0;
  const names = new ServerNames({
    nameservers: ['10.0.0.1:53'],
    domains: { consul: ['10.0.0.2:8600'], 'dc1.consul': ['10.0.0.3:8600'] },
    clock: { monotonic: () => now },
    warn: (error) => warned.push(error),
    chance: () => 0,
    service: {
      srv: async (name, servers) => {
        asked.push(`${name} at ${servers.join()}`);
        if (answer.records instanceof Error) throw answer.records;
        return answer.records;
      },
      host: async (name) => {
        if (name === 'lost') throw dnsError('ETIMEOUT');
        return { addresses: [`ip of ${name}`], ttl: answer.ttl ?? 60 };
      },
    },
  });
  return { names, asked, warned, answer, pass: (seconds: number) => (now += seconds * 1_000) };
}

describe('orderTargets', () => {
  it('puts the lowest priority first and draws equals in proportion to their weights', () => {
    const records = [record('spare', 20, 0), record('rare', 10, 1), record('often', 10, 3)];
    const draw = (chance: number) => orderTargets(records, () => chance).map(({ name }) => name);
    expect(draw(0)).toEqual(['rare', 'often', 'spare']);
    expect(draw(0.26)).toEqual(['often', 'rare', 'spare']);
    expect(draw(0.99)).toEqual(['often', 'rare', 'spare']);
    expect(orderTargets([record('a', 1, 0), record('b', 1, 0)], () => 0)).toHaveLength(2);
  });
});

describe('ServerNames', () => {
  it('asks the servers of the longest suffix', async () => {
    const { names, asked } = rig({ records: [record('a', 1, 1)] });
    await names.targets('x.service.consul');
    await names.targets('x.DC1.consul');
    await names.targets('notconsul.example');
    expect(asked).toEqual([
      'x.service.consul at 10.0.0.2:8600',
      'x.DC1.consul at 10.0.0.3:8600',
      'notconsul.example at 10.0.0.1:53',
    ]);
  });

  it('keeps the answers of so many names as there may be, those that were looked up last', async () => {
    const { names, asked } = rig({ records: [record('a', 1, 1)] });
    for (let nth = 0; nth <= 500; nth += 1) await names.targets(`n${nth}.example`);
    await names.targets('n500.example');
    expect(asked).toHaveLength(501);
    await names.targets('n0.example');
    expect(asked).toHaveLength(502);
  });

  it('keeps an answer as long as it says, at least a second', async () => {
    const { names, asked, pass, answer } = rig({ records: [record('a.', 1, 1)], ttl: 5 });
    expect(await names.targets('x')).toEqual([{ host: 'a', address: 'ip of a', port: 1 }]);
    pass(4.9);
    await names.targets('x');
    expect(asked).toHaveLength(1);
    answer.ttl = 0;
    pass(0.2);
    await names.targets('x');
    await names.targets('x');
    expect(asked).toHaveLength(2);
    pass(1);
    await names.targets('x');
    expect(asked).toHaveLength(3);
  });

  it('goes on with the last answer while no server gives one, and says so', async () => {
    const { names, pass, warned, answer } = rig({ records: [record('a', 1, 1)], ttl: 5 });
    await names.targets('x');
    answer.records = dnsError('ETIMEOUT');
    pass(100);
    expect(await names.targets('x')).toEqual([{ host: 'a', address: 'ip of a', port: 1 }]);
    expect(warned.map(({ message }) => message)).toEqual([
      'x cannot be looked up: the name servers 10.0.0.1:53 gave no answer (ETIMEOUT)',
    ]);
  });

  it('says what is wrong when there never was an answer, or there are no such servers any more', async () => {
    const { names, answer, pass } = rig({ records: dnsError('ETIMEOUT') });
    await expect(names.targets('x')).rejects.toMatchObject({ code: 'server.unavailable' });
    answer.records = [record('a', 1, 1)];
    await names.targets('x');
    answer.records = dnsError('ENOTFOUND');
    pass(100);
    await expect(names.targets('x')).rejects.toThrow('x has no SRV records at the name servers 10.0.0.1:53');
  });

  it('leaves out a target whose own address nobody knows', async () => {
    const { names } = rig({ records: [record('lost', 1, 1), record('b', 2, 1)] });
    expect((await names.targets('x')).map(({ host }) => host)).toEqual(['b']);
  });
});
