import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Certificate } from './certificates.js';
import { startChild, type Child } from './child.js';
import { eventually } from './eventually.js';
import { freshFolder, untilEnd } from './processes.js';

export const PROXIES = ['nginx', 'haproxy', 'caddy'] as const;

export type ProxyName = (typeof PROXIES)[number];

export interface ReverseProxyOptions {
  /** What stands in the place of the guide's names and files. */
  readonly port: number;
  /** `host:port` of the origin behind it. */
  readonly origin: string;
  readonly certificate: Certificate;
}

/** A real reverse proxy with TLS at `https://localhost:<port>`, and for the names of apps. */
export interface ReverseProxy {
  /** kill -9 */
  down(): Promise<void>;
  up(): Promise<void>;
}

/** The configuration that the guide gives, which is what a test runs. */
export function guidesProxy(name: ProxyName): string {
  const guide = readFileSync(new URL('../../docs/guide/reverse-proxy.md', import.meta.url), 'utf8');
  const block = new RegExp(`\`\`\`${name}\n(.*?)\`\`\``, 's').exec(guide)?.[1];
  if (block === undefined) throw new Error(`The guide has no block of ${name}.`);
  return block;
}

export async function startReverseProxy(
  name: ProxyName,
  config: string,
  options: ReverseProxyOptions,
): Promise<ReverseProxy> {
  const folder = freshFolder(name);
  const file = join(folder, 'config');
  writeFileSync(file, WHOLE[name](placed(config, folder, options), folder));
  let child: Child | undefined;
  const proxy: ReverseProxy = {
    async down() {
      await child?.kill();
      child = undefined;
    },
    async up() {
      const started = untilEnd(await startChild(PROGRAMS[name], ARGS[name](file), { cwd: folder, env: ENV(folder) }));
      child = started;
      const look = async () => started.isRunning() && (await fetch(`https://localhost:${options.port}/readyz`)).ok;
      await eventually(look, Boolean, { timeout: 60_000, what: `${name} to answer` }).catch((error: unknown) => {
        throw new Error(`${String(error)}\nIt printed:\n${started.output()}`);
      });
    },
  };
  await proxy.up();
  return proxy;
}

/** The guide's text with this machine's names, ports and files. */
function placed(config: string, folder: string, { port, origin, certificate }: ReverseProxyOptions): string {
  const pem = join(folder, 'knot.pem');
  writeFileSync(pem, [certificate.certFile, certificate.keyFile].map((file) => readFileSync(file, 'utf8')).join(''));
  return config
    .replaceAll('127.0.0.1:3000', origin)
    .replace('listen 443', `listen 127.0.0.1:${port}`)
    .replace('bind :443', `bind 127.0.0.1:${port}`)
    .replaceAll(/https:\/\/([*a-z.]+)/g, `https://$1:${port}`)
    .replaceAll('knot.example.com', 'localhost')
    .replaceAll('apps.example.net', 'knot-apps.test')
    .replaceAll('/etc/ssl/knot.crt', certificate.certFile)
    .replaceAll('/etc/ssl/knot.key', certificate.keyFile)
    .replaceAll('/etc/ssl/knot.pem', pem);
}

const PROGRAMS: Readonly<Record<ProxyName, string>> = {
  nginx: '/usr/sbin/nginx',
  haproxy: '/usr/sbin/haproxy',
  caddy: '/usr/bin/caddy',
};

const ARGS: Readonly<Record<ProxyName, (file: string) => string[]>> = {
  nginx: (file) => ['-c', file],
  haproxy: (file) => ['-db', '-f', file],
  caddy: (file) => ['run', '--adapter', 'caddyfile', '--config', file],
};

const ENV = (home: string) => ({ PATH: process.env['PATH'], HOME: home });

/** What the guide leaves out as it stands in every such file already; here it says where all is. */
const WHOLE: Readonly<Record<ProxyName, (config: string, folder: string) => string>> = {
  nginx: (config, folder) =>
    `daemon off;
    master_process off;
    pid ${folder}/pid;
    error_log stderr;
    events {}
    http {
      access_log off;
      client_body_temp_path ${folder}/body;
      proxy_temp_path ${folder}/proxy;
      fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi;
      scgi_temp_path ${folder}/scgi;
      ${config}
    }`,
  haproxy: (config) => config,
  caddy: (config) => `{\n  admin off\n  auto_https off\n}\n${config}`,
};
