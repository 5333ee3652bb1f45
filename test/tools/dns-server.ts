import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Resolver } from 'node:dns/promises';
import { startChild, type Child } from './child.js';
import { eventually } from './eventually.js';
import { freePort } from './ports.js';
import { removeFolder, testFolder } from './test-folder.js';

const SERVER = '/usr/sbin/dnsmasq';

/** A real name server on loopback. */
export interface DnsServer {
  /** `host:port` */
  readonly address: string;
  /** Answers by these lines of dnsmasq's configuration from now on (`srv-host=...`, `address=...`). */
  use(lines: readonly string[]): Promise<void>;
  down(): Promise<void>;
  stop(): Promise<void>;
}

export async function startDnsServer(lines: readonly string[]): Promise<DnsServer> {
  const folder = testFolder('dns');
  const port = await freePort();
  const file = join(folder, 'dnsmasq.conf');
  const resolver = new Resolver({ timeout: 500, tries: 1 });
  resolver.setServers([`127.0.0.1:${port}`]);
  let child: Child | null = null;
  const down = async (): Promise<void> => {
    await child?.kill();
    child = null;
  };
  const use = async (next: readonly string[]): Promise<void> => {
    await down();
    writeFileSync(file, [...next, 'local=/consul/', 'local=/test/', 'host-record=up.knot.test,127.0.0.1'].join('\n'));
    const flags = [
      '--keep-in-foreground',
      '--no-resolv',
      '--no-hosts',
      '--bind-interfaces',
      '--listen-address=127.0.0.1',
    ];
    const user = `--user=${userInfo().username}`;
    child = await startChild(SERVER, [
      ...flags,
      user,
      '--group=',
      `--port=${port}`,
      `--conf-file=${file}`,
      '--pid-file',
    ]);
    await eventually(() => resolver.resolve4('up.knot.test'), Boolean, { timeout: 30_000, what: 'dnsmasq to answer' });
  };
  await use(lines);
  return {
    address: `127.0.0.1:${port}`,
    use,
    down,
    async stop() {
      await down();
      removeFolder(folder);
    },
  };
}
