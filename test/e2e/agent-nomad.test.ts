import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { AGENT } from '../tools/agent.js';
import type { Space } from '../tools/api-client.js';
import { locationReady, startLeaf, startOrigin, type Origin } from '../tools/cluster.js';
import { eventually } from '../tools/eventually.js';
import type { NomadClient } from '../tools/nomad-client.js';
import { freePort } from '../tools/ports.js';
import { freshFolder, runKnot, startCommand } from '../tools/processes.js';
import { sharedNomad } from '../tools/shared-nomad.js';
import { Desk, sha256Of } from '../tools/ssh.js';
import { TerminalWindow } from '../tools/terminal-window.js';

const SOON = { timeout: 60_000, interval: 200 };

const shared = await sharedNomad();
let nomad: NomadClient;
let origin: Origin;
let space: string;
let [syslogPort, apiPort] = [0, 0];
const image = freshFolder('image');
const TUNNEL = 'https://vscode.dev/tunnel/knot-work/home/ann';

beforeAll(async () => {
  nomad = await shared.freshNamespace();
  origin = await startOrigin();
  const config = { 'server.listen_agent': `127.0.0.1:${await freePort()}` };
  await startLeaf(origin, { location: 'lon', nomad: nomad.access, config });
  await locationReady(origin, 'lon', 'nomad');
  syslogPort = await freePort();
  apiPort = await freePort();
  fillImage();
  const job = agentJob();
  const exceptions = ['driver:raw_exec'];
  const template = await origin.api.createTemplate({ name: 'agent', platform: 'nomad', job, exceptions });
  ({ id: space } = await origin.api.createSpace('work', template.id, 'lon'));
  await origin.api.wish(space, 'start');
  await origin.api.phase(space, 'Running', { timeout: 60_000 });
});

/** What an image has: two start scripts, and what stands for the vendor's `code`, whose service cannot be reached here. */
function fillImage(): void {
  const program = (path: string, text: string) => writeFileSync(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  mkdirSync(join(image, 'start.d'));
  program(join(image, 'start.d', '10-fetch'), 'echo fetched-$((40+2)); exit 3');
  program(join(image, 'start.d', '20-serve'), 'echo serving; exec sleep 3600');
  program(join(image, 'code'), `echo "Open this link in your browser ${TUNNEL}"; exec sleep 3600`);
}

/** As a person writes it: it says nothing of what the agent joins with. */
function agentJob(): string {
  return `
job "work" {
  datacenters = ["dc1"]
  type        = "service"
  group "main" {
    update {
      min_healthy_time = "0s"
    }
    restart {
      attempts = 3
      delay    = "1s"
    }
    task "main" {
      driver = "raw_exec"
      config {
        command = "${process.execPath}"
        args    = ["${AGENT}", "agent", "--code-server-port", "0"]
      }
      env {
        KNOT_SYSLOG_PORT = "${syslogPort}"
        KNOT_LOGS_PORT   = "${apiPort}"
        KNOT_TCP_PORT    = "${apiPort}=Posts"

        KNOT_START_SCRIPT  = "${join(image, 'start.d')}"
        KNOT_VSCODE_TUNNEL = "on"
        PATH               = "${image}:/usr/local/bin:/usr/bin:/bin"
      }
      logs {
        disabled = true
      }
      resources {
        cpu    = 20
        memory = 64
      }
    }
  }
}
`;
}

function joined(): Promise<Space> {
  return eventually(
    () => origin.api.space(space),
    ({ conditions, ports }) => ports.length > 0 && conditions.some(({ reason }) => reason === 'AgentJoined'),
    { ...SOON, what: 'the agent to join and to tell of its port' },
  );
}

const env = () => ({ KNOT_SERVER: origin.url, KNOT_TOKEN: origin.api.token });

function post(path: string, body: object): Promise<Response> {
  return fetch(`http://127.0.0.1:${apiPort}${path}`, { method: 'POST', body: JSON.stringify(body) });
}

describe('an agent in an allocation of Nomad', () => {
  it('joins by what knot gives to the task, and is back in the allocation that replaces its own', async () => {
    const { ports } = await joined();
    expect(ports).toMatchObject([{ port: apiPort, label: 'Posts', protocol: 'tcp', kind: '', address: '' }]);
    const [allocation] = await nomad.allocations(`knot-${space}`);
    await nomad.request('POST', `/v1/allocation/${allocation?.ID}/stop`, {});
    await eventually(
      () => origin.api.space(space),
      ({ phase, instance }) => phase === 'Running' && instance !== '' && instance !== allocation?.ID,
      { ...SOON, what: 'another allocation to run' },
    );
    await joined();
  });

  it('carries a terminal and SSH into the task, and files without a byte changed', async () => {
    const window = await new TerminalWindow(origin.url, origin.api, space).open();
    window.type('echo "of $NOMAD_JOB_ID"\n');
    await window.hears(`of knot-${space}`);
    window.leave();
    const desk = new Desk();
    await desk.connect(origin);
    const ran = await desk.ssh(['knot.work', 'cat; echo " $NOMAD_JOB_ID"; exit 9'], 'typed');
    expect(ran).toMatchObject({ code: 9, stdout: `typed knot-${space}\n` });
    const [file, there] = [desk.file('copied', randomBytes(4 * 1024 * 1024)), join(desk.home, 'there')];
    await desk.must(desk.run('scp', ['-F', desk.config, file, `knot.work:${there}`]));
    expect(await sha256Of(there)).toBe(await sha256Of(file));
  });

  it('runs the start scripts and the tunnel of its image, prints them into the logs and tells how they stand', async () => {
    const seen = await eventually(
      () => origin.api.space(space),
      ({ scripts, tunnel }) => scripts.length === 2 && tunnel !== '',
      { ...SOON, what: 'scripts and tunnel to be told of' },
    );
    expect(seen).toMatchObject({
      tunnel: TUNNEL,
      scripts: [
        { name: '10-fetch', code: 3 },
        { name: '20-serve', code: null },
      ],
    });
    const { output } = await runKnot(['logs', 'work'], { env: env(), timeout: 60_000 });
    for (const line of [
      /info +10-fetch fetched-42/,
      /error +10-fetch It ended with code 3\./,
      /info +20-serve serving/,
    ]) {
      expect(output).toMatch(line);
    }
    const shown = await runKnot(['spaces', 'show', 'work'], { env: env(), timeout: 60_000 });
    expect(shown.output).toContain(TUNNEL);
    expect(shown.output).toContain('10-fetch ended with code 3, 20-serve runs');
  });

  it('opens the shell that its space asks for where the image has it, and another where it has not', async () => {
    const shellOf = async (shell: string) => {
      const changed = await runKnot(['spaces', 'change', 'work', '--shell', shell], { env: env(), timeout: 60_000 });
      expect(changed.code).toBe(0);
      return eventually(
        async () => {
          const window = await new TerminalWindow(origin.url, origin.api, space).open();
          window.type('echo "by $0"; id -un; exit\n');
          const said = await window.hears(/by \S*sh\s[\s\S]*\w/);
          return /by (\S*sh)\s/.exec(said)?.[1]?.split('/').at(-1) ?? '';
        },
        (name) => name === (shell === 'fish' ? 'bash' : shell),
        { ...SOON, interval: 500, what: `a terminal of ${shell}` },
      );
    };
    expect(await shellOf('sh')).toBe('sh');
    // this machine has no fish
    expect(await shellOf('fish')).toBe('bash');
  });

  it('hears syslog, GELF, Loki and posts, and `knot logs` prints them, with a search', async () => {
    const datagram = createSocket('udp4');
    datagram.send('<11>1 2026-11-29T18:00:00Z host billing 7 - - by datagram', syslogPort, '127.0.0.1', () =>
      datagram.close(),
    );
    connect(syslogPort, '127.0.0.1').end('<14>Nov 29 18:00:00 host cron[9]: by connection\n');
    expect((await post('/logs', { service: 'web', level: 'debug', message: 'by post' })).status).toBe(202);
    expect((await post('/gelf', { short_message: 'by gelf', level: 3 })).status).toBe(202);
    const streams = [{ stream: { label: 'api' }, values: [['1', 'by loki']] }];
    expect((await post('/loki/api/v1/push', { streams })).status).toBe(204);
    expect((await post('/logs', { message: 7 })).status).toBe(400);
    const output = await eventually(
      async () => (await runKnot(['logs', 'work'], { env: env(), timeout: 60_000 })).output,
      (text) => ['datagram', 'connection', 'post', 'gelf', 'loki'].every((word) => text.includes(`by ${word}`)),
      { ...SOON, what: 'all that was said' },
    );
    expect(output).toMatch(/error billing by datagram/);
    expect(output).toMatch(/debug web by post/);
    const found = await runKnot(['logs', 'work', '--search', 'BY GELF'], { env: env(), timeout: 60_000 });
    expect(found.output.trim().split('\n')).toHaveLength(1);
  });

  it('has its logs followed as they come, until the space is stopped', async () => {
    const follower = await startCommand(['logs', '-f', 'work'], env());
    await follower.waitForLine(/by loki/, { timeout: 60_000 });
    await post('/logs', { message: 'said-later' });
    await follower.waitForLine(/said-later/, { timeout: 60_000 });
    await origin.api.wish(space, 'stop');
    await origin.api.phase(space, 'Stopped', { timeout: 60_000 });
    await follower.exited;
    const refused = await runKnot(['logs', 'work'], { env: env(), timeout: 60_000 });
    expect(refused.output).toContain('does not run');
    expect(refused.code).toBe(5);
  });
});
