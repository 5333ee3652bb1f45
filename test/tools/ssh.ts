import { execFile, spawn } from 'node:child_process';
import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import ssh2, { type Client } from 'ssh2';
import type { Space } from './api-client.js';
import { AGENT } from './agent.js';
import { ADMINISTRATOR, type Origin } from './cluster.js';
import { eventually } from './eventually.js';
import { freshFolder, KNOT } from './processes.js';

const SOON = { timeout: 60_000, interval: 200 };
/** More than anything here takes on a busy machine, ms. */
const DEADLINE = 120_000;

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A space that runs nothing but the agent, which has joined. */
export async function spaceWithAgent(
  origin: Pick<Origin, 'api'>,
  name: string,
  location: string,
  ports: readonly { readonly port: number; readonly label: string; readonly protocol: 'tcp' }[] = [],
): Promise<Space> {
  const { api } = origin;
  const job = `command: ["${process.execPath}", "${AGENT}", "agent"]`;
  const template = await api.createTemplate({ name, platform: 'local', job, ports: [...ports] });
  const { id } = await api.createSpace(name, template.id, location);
  await api.wish(id, 'start');
  await api.phase(id, 'Running');
  return agentJoined(origin, id);
}

export function agentJoined(origin: Pick<Origin, 'api'>, id: string): Promise<Space> {
  return eventually(
    () => origin.api.space(id),
    ({ conditions }) => conditions.some(({ reason }) => reason === 'AgentJoined'),
    { ...SOON, what: 'the agent to have joined' },
  );
}

/** Somebody at a machine with a home of their own, with the stock clients of OpenSSH and `knot`. */
export class Desk {
  readonly home = freshFolder('desk');
  readonly config = join(this.home, '.ssh', 'config');
  /** The key that `knot connect` made. */
  readonly identity = join(this.home, '.config', 'knot', 'knot_id_ed25519');
  private readonly env: NodeJS.ProcessEnv;

  /** `env`: more of its environment. */
  constructor(env: Readonly<Record<string, string>> = {}) {
    this.env = { PATH: process.env['PATH'], HOME: this.home, LANG: 'C.UTF-8', ...env };
    mkdirSync(join(this.home, '.ssh'), { mode: 0o700 });
  }

  /** Signs in with `knot connect`, and writes the configuration of ssh. */
  async connect(origin: Pick<Origin, 'url'>, { username, password } = ADMINISTRATOR): Promise<void> {
    await this.must(this.knot(['connect', origin.url, '--username', username], `${password}\n`));
    await this.must(this.knot(['ssh-config', 'update']));
  }

  knot(args: readonly string[], input: string | Buffer = ''): Promise<Ran> {
    return this.run(process.execPath, [KNOT, ...args], input);
  }

  ssh(args: readonly string[], input: string | Buffer = ''): Promise<Ran> {
    return this.run('ssh', ['-F', this.config, '-o', 'BatchMode=yes', ...args], input);
  }

  async run(program: string, args: readonly string[], input: string | Buffer = '', timeout = DEADLINE): Promise<Ran> {
    return new Promise((resolve) => {
      const options = { env: this.env, cwd: this.home, timeout, maxBuffer: 256 * 1024 * 1024 };
      const child = execFile(program, [...args], options, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, stdout, stderr });
      });
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(input);
    });
  }

  async must(ran: Promise<Ran>): Promise<string> {
    const { code, stdout, stderr } = await ran;
    if (code !== 0) throw new Error(`It ended with ${code}: ${stderr}\n${stdout}`);
    return stdout;
  }

  /** A client of SSH that is not OpenSSH, along `knot forward ssh`, which knows the space as OpenSSH does. */
  async sshClient(space: string): Promise<Client> {
    const way = this.start(process.execPath, [KNOT, 'forward', 'ssh', space]);
    const known = readFileSync(join(this.home, '.ssh', 'knot_known_hosts'), 'utf8');
    const client = new ssh2.Client();
    const ready = once(client, 'ready');
    client.connect({
      sock: Duplex.from({ readable: way.stdout, writable: way.stdin }),
      username: 'ann',
      privateKey: readFileSync(this.identity),
      hostVerifier: (key: Buffer) => known.includes(` ${key.toString('base64')}\n`),
      readyTimeout: DEADLINE,
      keepaliveInterval: 500,
      keepaliveCountMax: 20,
    });
    client.once('close', () => way.kill());
    await ready;
    return client;
  }

  /** Something that goes on in the background. */
  start(program: string, args: readonly string[]) {
    return spawn(program, [...args], { env: this.env, cwd: this.home });
  }

  file(name: string, text: string | Buffer): string {
    const path = join(this.home, name);
    writeFileSync(path, text);
    return path;
  }

  read(name: string): string {
    return readFileSync(join(this.home, name), 'utf8');
  }
}

export async function sha256Of(path: string): Promise<string> {
  const hash: Hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
