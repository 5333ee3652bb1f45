import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild, type Child } from './child.js';
import type { Certificate } from './certificates.js';
import { freePort } from './ports.js';
import { freshFolder, untilEnd } from './processes.js';

export interface RedisOptions {
  /** Directives of redis.conf, beside those of a server that keeps what it acknowledged. */
  readonly config?: Readonly<Record<string, string>>;
  readonly folder?: string;
  readonly port?: number;
  /** It speaks TLS only, by this. */
  readonly certificate?: Certificate;
}

/** One real Redis on loopback that ends with the test file that started it. */
export interface RedisServer {
  /** `host:port`, as `server.redis.hosts` names it. */
  readonly host: string;
  readonly port: number;
  readonly folder: string;
  /** Runs one command by redis-cli and returns what it prints. */
  ask(...command: string[]): string;
  freeze(): void;
  thaw(): void;
  /** kill -9; its data stay for `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
}

const SAFE = { appendonly: 'yes', appendfsync: 'always', save: '' };

export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const folder = options.folder ?? freshFolder('redis');
  const port = options.port ?? (await freePort());
  mkdirSync(folder, { recursive: true });
  const { certificate } = options;
  const door = certificate === undefined ? { port: String(port) } : tlsDirectives(port, certificate);
  const directives = { ...SAFE, bind: '127.0.0.1', dir: folder, ...door, ...options.config };
  const cli = ['-p', String(port), ...(certificate === undefined ? [] : ['--tls', '--cacert', certificate.caFile])];
  const args = Object.entries(directives).flatMap(([name, value]) => [`--${name}`, value]);
  let child: Child | undefined;
  const server: RedisServer = {
    host: `127.0.0.1:${port}`,
    port,
    folder,
    ask: (...command) => execFileSync('/usr/bin/redis-cli', [...cli, ...command], { encoding: 'utf8' }),
    freeze: () => child?.signal('SIGSTOP'),
    thaw: () => child?.signal('SIGCONT'),
    async down() {
      await child?.kill();
      child = undefined;
    },
    async up() {
      if (child) return;
      child = untilEnd(await startChild('redis-server', args, { cwd: folder }));
      await child.waitForLine(/Ready to accept connections/, { timeout: 60_000 });
    },
  };
  await server.up();
  return server;
}

function tlsDirectives(port: number, { caFile, certFile, keyFile }: Certificate): Record<string, string> {
  return {
    port: '0',
    'tls-port': String(port),
    'tls-cert-file': certFile,
    'tls-key-file': keyFile,
    'tls-ca-cert-file': caFile,
    'tls-auth-clients': 'no',
    'tls-replication': 'yes',
  };
}

/** A Sentinel that watches one master, which it calls `knot`, alone: its word is enough for a fail-over. */
export async function startSentinel(
  master: RedisServer,
  certificate?: Certificate,
): Promise<{ readonly host: string }> {
  const folder = freshFolder('sentinel');
  const port = await freePort();
  const file = join(folder, 'sentinel.conf');
  const lines = [
    'bind 127.0.0.1',
    ...(certificate ? Object.entries(tlsDirectives(port, certificate)) : [['port', String(port)]]).map((line) =>
      line.join(' '),
    ),
    `sentinel monitor knot 127.0.0.1 ${master.port} 1`,
    'sentinel down-after-milliseconds knot 1500',
    'sentinel failover-timeout knot 5000',
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const child = untilEnd(await startChild('redis-sentinel', [file], { cwd: folder }));
  await child.waitForLine(/\+monitor master knot/, { timeout: 60_000 });
  return { host: `127.0.0.1:${port}` };
}

/** Three masters that share the slots of a Redis Cluster. */
export async function startCluster(certificate?: Certificate): Promise<readonly string[]> {
  const config = {
    'cluster-enabled': 'yes',
    'cluster-node-timeout': '5000',
    ...(certificate && { 'tls-cluster': 'yes' }),
  };
  const options = { config, certificate };
  const nodes = [await startRedis(options), await startRedis(options), await startRedis(options)];
  const hosts = nodes.map((node) => node.host);
  const tls = certificate ? ['--tls', '--cacert', certificate.caFile] : [];
  const args = [...tls, '--cluster', 'create', ...hosts, '--cluster-yes'];
  const creator = untilEnd(await startChild('redis-cli', args));
  const { code } = await creator.exited;
  if (code !== 0) throw new Error(`redis-cli made no Cluster:\n${creator.output()}`);
  return hosts;
}
