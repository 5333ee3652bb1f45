import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startOrigin, type Origin } from '../tools/cluster.js';
import { startDnsServer, type DnsServer } from '../tools/dns-server.js';
import { eventually } from '../tools/eventually.js';
import { freePort } from '../tools/ports.js';
import { freshFolder, runKnot } from '../tools/processes.js';

interface Found {
  readonly code: string;
  readonly severity: string;
  readonly sentence: string;
}

const UP = 'host-record=knot.out.test,127.0.0.1';
const WILDCARD = 'address=/apps.test/127.0.0.1';

let dns: DnsServer;
let origin: Origin;
let port: number;

beforeAll(async () => {
  dns = await startDnsServer([]);
  port = await freePort();
  origin = await startOrigin({
    port,
    config: {
      'server.url': `http://knot.out.test:${port}`,
      'server.wildcard_domain': '*.apps.test',
      resolver: { nameservers: [dns.address] },
    },
  });
});

afterAll(() => dns?.stop());

/** What `knot doctor` prints of one code, as a program reads it. */
async function doctor(code: string): Promise<Found | undefined> {
  const env = { KNOT_SERVER: origin.url, KNOT_TOKEN: origin.api.token };
  const { output } = await runKnot(['doctor', '--json'], { env, timeout: 120_000 });
  const all: readonly Found[] = JSON.parse(output.slice(output.indexOf('['), output.lastIndexOf(']') + 1));
  return all.find((found) => found.code === code);
}

async function check(code: string): Promise<Found | undefined> {
  const { checks } = await origin.api.request<{ checks: readonly Found[] }>('GET', '/health');
  return checks.find((found) => found.code === code);
}

it('names that lead nowhere are warned of, and once they lead here all is well, as knot doctor says too', async () => {
  expect(await check('domain.wildcard')).toMatchObject({
    severity: 'warning',
    sentence: expect.stringContaining('apps.test'),
  });
  const lost = await check('url.unreached');
  expect(lost).toMatchObject({ severity: 'warning', sentence: expect.stringContaining('no such name') });
  expect(await doctor('url.unreached')).toEqual(lost);
  await dns.use([UP, WILDCARD]);
  expect(
    await eventually(
      () => check('url.unreached'),
      (found) => found?.severity === 'ok',
    ),
  ).toMatchObject({
    sentence: `http://knot.out.test:${port} leads to this server.`,
  });
  expect(await check('domain.wildcard')).toMatchObject({ severity: 'ok', sentence: '*.apps.test leads to 127.0.0.1.' });
});

it('an address where somebody else answers is an error', async () => {
  const other: Server = createServer((_, answer) => answer.end('{"version":"1"}'));
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.2', resolve));
  try {
    await dns.use(['host-record=knot.out.test,127.0.0.2']);
    const found = await eventually(
      () => check('url.unreached'),
      (look) => look?.severity === 'error',
    );
    expect(found?.sentence).toContain('something else');
  } finally {
    other.close();
  }
});

it('a backup is known to the origin that runs', async () => {
  expect(await check('backup.age')).toMatchObject({ severity: 'ok', sentence: 'No backup was made yet.' });
  const file = join(freshFolder('backup'), 'knot');
  await runKnot(['admin', 'backup', file, '--config', origin.process.configFile], { timeout: 120_000 });
  const { sentence } = (await check('backup.age')) ?? { sentence: '' };
  const at = Date.parse(/is of (\S+)\.$/.exec(sentence)?.[1] ?? '');
  expect(Math.abs(Date.now() - at)).toBeLessThan(300_000);
});
